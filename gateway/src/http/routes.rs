//! The one table of routes, and what is asked of and said with each of them.

use super::{
    App, calibration, code, codes, creatives, desk, door, enter, floor, health, heat, keep, lift,
    live, metrics, offers, pages, pair, privacy, reply::Refusal, screen, tail, till,
};
use crate::access::Right;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    handler::Handler,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{self, MethodRouter},
};
use config::bundle::BUNDLE_BYTES_MAX;
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// Largest body of everything but an import, bytes: a basket of a few hundred lines.
pub(super) const BODY_MAX: usize = 64 * 1024;
/// Longest wait for an answer. A commit takes tens of milliseconds; after this
/// the disk or the loop is stuck, and whoever waits should hear of it.
const PATIENCE: Duration = Duration::from_secs(15);
/// The same for a bundle of offers, which may come over a slow line.
const BUNDLE_PATIENCE: Duration = Duration::from_mins(1);
/// What a page may do unless it says otherwise: nothing that is not ours.
const CONTENT_POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; \
                              form-action 'self'; frame-ancestors 'none'";

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Whoever reaches the port: screens, health checks, the way in.
    Everybody,
    /// Displays with a key: of the screen in the path, or of any.
    Screens,
    /// Whoever has this right.
    To(Right),
}

/// One route.
pub(super) struct Route {
    /// `get` or `post`.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "compared with the OpenAPI document")
    )]
    pub(super) method: &'static str,
    /// As `axum` and the API's document spell it.
    pub(super) path: &'static str,
    /// Who may use it.
    pub(super) door: Door,
    service: MethodRouter<Arc<App>>,
}

impl Route {
    fn new(
        method: &'static str,
        path: &'static str,
        door: Door,
        service: MethodRouter<Arc<App>>,
    ) -> Self {
        Self {
            method,
            path,
            door,
            service,
        }
    }
}

/// Every route there is.
pub(super) fn table() -> Vec<Route> {
    let mut routes = entrance_routes();
    routes.extend(shop_routes());
    routes.extend(desk_routes());
    routes.extend(screen_routes());
    routes.extend(offer_routes());
    routes.extend(keeping_routes());
    routes.extend(private_routes());
    routes.extend(privacy_routes());
    routes
}

/// The way in, and what is asked of a gateway before anybody is known.
fn entrance_routes() -> Vec<Route> {
    use Door::Everybody;
    vec![
        get(Everybody, "/healthz", health::alive),
        get(Everybody, "/readyz", health::ready),
        get(Everybody, "/login", pages::login),
        post(Everybody, "/login", enter::sign_in),
        post(Everybody, "/logout", enter::sign_out),
        get(Everybody, "/enter", pages::enter),
        post(Everybody, "/enter", enter::enter),
        get(Everybody, "/assets/{name}", pages::asset),
    ]
}

fn shop_routes() -> Vec<Route> {
    use Right::{Keep, Look, Scrape};
    vec![
        get(to(Scrape), "/metrics", metrics::scrape),
        get(to(Look), "/", pages::console),
        get(to(Look), "/api/v1/me", enter::me),
        get(to(Look), "/api/openapi.json", pages::openapi),
        get(to(Look), "/api/asyncapi.json", pages::asyncapi),
        get(to(Look), "/api/plan", floor::plan),
        get(to(Look), "/api/live", live::now),
        get(to(Look), "/api/live/events", live::events),
        get(to(Look), "/api/heat", heat::heat),
        get(to(Look), "/api/problems", live::problems),
        get(to(Keep), "/calibrate", pages::calibrate),
        get(to(Keep), "/api/calibration", calibration::progress),
        post(to(Keep), "/api/calibration", calibration::step),
        get(to(Keep), "/api/calibration/survey", calibration::survey),
        post(to(Keep), "/api/calibration/survey", calibration::save),
        get(to(Keep), "/api/selftest", calibration::self_test),
    ]
}

/// What staff and other systems hand in.
fn desk_routes() -> Vec<Route> {
    use Door::Everybody;
    use Right::{Import, Sell, Sense, Serve, Withdraw};
    let visit = "/api/visits/{visit}/withdraw";
    let code = "/api/v1/till/{id}/codes/{code}/{action}";
    vec![
        long_post(to(Import), "/api/profiles", desk::profiles),
        post(to(Withdraw), "/api/withdraw", desk::withdraw),
        post(to(Withdraw), "/api/forget", desk::forget),
        post(to(Withdraw), visit, desk::withdraw_visit),
        get(to(Withdraw), "/door", pages::at_door),
        post(to(Sell), "/api/baskets", desk::basket),
        post(to(Sense), "/api/readings", desk::reading),
        post(to(Serve), "/api/complaints", desk::complaint),
        // They ask for the till's own token themselves.
        post(Everybody, "/api/v1/till/{id}", till::receipt),
        post(Everybody, code, codes::ask),
    ]
}

/// What displays show, and say.
fn screen_routes() -> Vec<Route> {
    use Door::{Everybody, Screens};
    vec![
        get(Everybody, "/screen", pair::page),
        post(Everybody, "/api/v1/pair", pair::begin),
        post(Everybody, "/api/v1/pair/ask", pair::ask),
        get(Everybody, "/screen/{id}", screen::page),
        get(Everybody, "/screen/worker.js", pages::worker),
        get(Screens, "/screen/{id}/house", screen::house),
        get(Screens, "/screen/{id}/events", screen::events),
        post(Screens, "/screen/{id}/report", screen::report),
        get(Screens, "/creatives/{name}", creatives::picture),
        get(Screens, "/code/{number}/{serial}", code::picture),
        get(Screens, "/voucher/{code}", code::voucher),
    ]
}

/// The marketer's desk.
fn offer_routes() -> Vec<Route> {
    use Right::{Keep, Look, Offers};
    let loose = "/api/v1/offers/{offer}/let-loose";
    vec![
        get(to(Look), "/offers", pages::offers),
        get(to(Look), "/api/v1/offers", offers::list),
        get(to(Look), "/api/v1/offers/explain", offers::explain),
        post(
            to(Look),
            "/api/v1/offers/explain",
            offers::explain_described,
        ),
        get(to(Look), "/api/v1/offers/{offer}/why", offers::why_not),
        get(to(Look), "/api/v1/offers/history", offers::history),
        get(to(Look), "/api/v1/offers/results", lift::results),
        post(to(Offers), loose, lift::let_loose),
        bundle_post("/api/v1/offers/plan", offers::plan),
        bundle_post("/api/v1/offers/apply", offers::apply),
        post(to(Keep), "/api/v1/offers/rollback", offers::roll_back),
        post(to(Offers), "/api/v1/offers/pause", offers::pause),
        post(to(Offers), "/api/v1/offers/resume", offers::resume),
        post(to(Offers), "/api/v1/offers/safe-now", offers::safe_now),
    ]
}

/// Accounts, tokens, and who did what.
fn keeping_routes() -> Vec<Route> {
    let keep = to(Right::Keep);
    vec![
        get(keep, "/access", pages::access),
        get(keep, "/api/v1/access", keep::list),
        post(keep, "/api/v1/access/accounts", keep::add_account),
        post(keep, "/api/v1/access/accounts/code", keep::new_code),
        post(keep, "/api/v1/access/accounts/role", keep::set_role),
        post(keep, "/api/v1/access/accounts/remove", keep::remove_account),
        post(keep, "/api/v1/access/tokens", keep::add_token),
        post(keep, "/api/v1/access/tokens/remove", keep::remove_token),
        post(keep, "/api/v1/access/screens", pair::assign),
        post(keep, "/api/v1/access/screens/revoke", pair::revoke),
    ]
}

/// What the guard keeps off public screens. A shopper's phone shows a claim.
fn private_routes() -> Vec<Route> {
    use Door::Everybody;
    use Right::{Claim, Serve};
    vec![
        get(Everybody, "/tail/{id}", tail::page),
        get(Everybody, "/tail/{id}/code.svg", tail::picture),
        post(Everybody, "/tail/{id}/offers", tail::offers),
        post(to(Claim), "/api/v1/tail-claims", tail::hand_over),
        get(to(Serve), "/api/v1/staff-card", tail::staff_card),
    ]
}

/// What is kept of people.
fn privacy_routes() -> Vec<Route> {
    let keep = to(Right::Keep);
    vec![
        get(keep, "/api/v1/privacy/report", privacy::report),
        post(keep, "/api/v1/privacy/person", privacy::person),
        post(keep, "/api/v1/privacy/consents", privacy::consents),
        post(keep, "/api/v1/privacy/receipt", privacy::receipt),
        post(keep, "/api/v1/privacy/looks", privacy::looks),
    ]
}

const fn to(right: Right) -> Door {
    Door::To(right)
}

fn get<H: Handler<T, Arc<App>>, T: 'static>(door: Door, path: &'static str, handler: H) -> Route {
    let service = routing::get(handler).layer(middleware::from_fn(in_time));
    Route::new("get", path, door, service)
}

fn post<H: Handler<T, Arc<App>>, T: 'static>(door: Door, path: &'static str, handler: H) -> Route {
    let service = routing::post(handler).layer(middleware::from_fn(in_time));
    Route::new("post", path, door, service)
}

/// With a body as large as a bundle, and the time that sending and checking one takes.
fn bundle_post<H: Handler<T, Arc<App>>, T: 'static>(path: &'static str, handler: H) -> Route {
    // One byte more than there may be, so that too many are told as that.
    let limit = DefaultBodyLimit::max(BUNDLE_BYTES_MAX + 1);
    Route::new(
        "post",
        path,
        to(Right::Offers),
        routing::post(handler)
            .layer(limit)
            .layer(middleware::from_fn(in_bundle_time)),
    )
}

/// With a body of any length that watches its own size and pace.
fn long_post<H: Handler<T, Arc<App>>, T: 'static>(
    door: Door,
    path: &'static str,
    handler: H,
) -> Route {
    let service = routing::post(handler).layer(DefaultBodyLimit::disable());
    Route::new("post", path, door, service)
}

/// Everything that is served.
pub(super) fn router(app: Arc<App>) -> Router {
    let mut all = Router::new();
    for route in table() {
        let service = match route.door {
            Door::Everybody => route.service,
            Door::Screens => route.service.route_layer(middleware::from_fn_with_state(
                (app.clone(), route.path),
                door::screens_only,
            )),
            Door::To(right) => route.service.route_layer(middleware::from_fn_with_state(
                (app.clone(), right, route.path),
                door::guarded,
            )),
        };
        all = all.route(route.path, service);
    }
    all.fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            door::same_house,
        ))
        .layer(middleware::map_response(with_safe_headers))
        .with_state(app)
}

async fn nothing_here() -> Refusal {
    Refusal::missing("there is nothing here; see /api/openapi.json")
}

async fn wrong_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this address takes another method; see /api/openapi.json",
    )
}

async fn in_time(request: Request, next: Next) -> Response {
    within(PATIENCE, next.run(request)).await
}

async fn in_bundle_time(request: Request, next: Next) -> Response {
    within(BUNDLE_PATIENCE, next.run(request)).await
}

async fn within(patience: Duration, answer: impl Future<Output = Response>) -> Response {
    match timeout(patience, answer).await {
        Ok(response) => response,
        Err(_) => Refusal::new(
            StatusCode::GATEWAY_TIMEOUT,
            "the gateway did not get it done in time; it may still happen, ask again",
        )
        .into_response(),
    }
}

async fn with_safe_headers(mut response: Response) -> Response {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Nothing to others. To ourselves, or browsers hide the origin of a form.
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    for (name, value) in fixed {
        let headers = response.headers_mut();
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
