//! The one table of routes, and what is asked of and said with each of them.

use super::{
    App,
    access::{self, Role},
    calibration, code, codes, creatives, desk, floor, health, heat, lift, live, metrics, offers,
    pages, privacy,
    reply::Refusal,
    screen, tail, till,
};
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
/// What a page may do unless it says otherwise: nothing that is not ours.
const CONTENT_POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; \
                              form-action 'self'; frame-ancestors 'none'";

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Whoever reaches the port: screens, health checks, the login page.
    Everybody,
    /// Whoever may look.
    Viewer,
    /// Whoever may change offers, too.
    Marketer,
    /// Whoever has the shop's token, if there is one.
    Staff,
}

impl Door {
    /// The least role that it opens to.
    pub(super) const fn role(self) -> Option<Role> {
        match self {
            Self::Everybody => None,
            Self::Viewer => Some(Role::Viewer),
            Self::Marketer => Some(Role::Marketer),
            Self::Staff => Some(Role::Operator),
        }
    }
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
    let mut routes = shop_routes();
    routes.extend(offer_routes());
    routes.extend(private_routes());
    routes.extend(privacy_routes());
    routes
}

fn shop_routes() -> Vec<Route> {
    use Door::{Everybody, Staff, Viewer};
    vec![
        get(Everybody, "/healthz", health::alive),
        get(Everybody, "/readyz", health::ready),
        get(Viewer, "/metrics", metrics::scrape),
        get(Viewer, "/", pages::console),
        get(Staff, "/calibrate", pages::calibrate),
        get(Everybody, "/login", pages::login),
        post(Everybody, "/login", access::login),
        get(Everybody, "/assets/{name}", pages::asset),
        get(Viewer, "/api/openapi.json", pages::openapi),
        get(Viewer, "/api/asyncapi.json", pages::asyncapi),
        get(Viewer, "/api/plan", floor::plan),
        get(Viewer, "/api/live", live::now),
        get(Viewer, "/api/live/events", live::events),
        get(Viewer, "/api/heat", heat::heat),
        get(Staff, "/api/calibration", calibration::progress),
        post(Staff, "/api/calibration", calibration::step),
        get(Staff, "/api/calibration/survey", calibration::survey),
        post(Staff, "/api/calibration/survey", calibration::save),
        get(Staff, "/api/selftest", calibration::self_test),
        get(Viewer, "/api/problems", live::problems),
        long_post(Staff, "/api/profiles", desk::profiles),
        post(Staff, "/api/withdraw", desk::withdraw),
        post(Staff, "/api/forget", desk::forget),
        post(Staff, "/api/visits/{visit}/withdraw", desk::withdraw_visit),
        post(Staff, "/api/baskets", desk::basket),
        post(Staff, "/api/readings", desk::reading),
        post(Staff, "/api/complaints", desk::complaint),
        // Asks for the till's own token itself.
        post(Everybody, "/api/v1/till/{id}", till::receipt),
        post(
            Everybody,
            "/api/v1/till/{id}/codes/{code}/{action}",
            codes::ask,
        ),
        get(Everybody, "/screen/{id}", screen::page),
        get(Everybody, "/screen/worker.js", pages::worker),
        get(Everybody, "/screen/{id}/house", screen::house),
        get(Everybody, "/screen/{id}/events", screen::events),
        post(Everybody, "/screen/{id}/report", screen::report),
        get(Everybody, "/creatives/{name}", creatives::picture),
        get(Everybody, "/code/{number}/{serial}", code::picture),
        get(Everybody, "/voucher/{code}", code::voucher),
    ]
}

/// The marketer's desk.
fn offer_routes() -> Vec<Route> {
    use Door::{Marketer, Staff, Viewer};
    vec![
        get(Viewer, "/offers", pages::offers),
        get(Viewer, "/api/v1/offers", offers::list),
        get(Viewer, "/api/v1/offers/explain", offers::explain),
        get(Viewer, "/api/v1/offers/{offer}/why", offers::why_not),
        get(Viewer, "/api/v1/offers/history", offers::history),
        get(Viewer, "/api/v1/offers/results", lift::results),
        post(
            Marketer,
            "/api/v1/offers/{offer}/let-loose",
            lift::let_loose,
        ),
        bundle_post("/api/v1/offers/plan", offers::plan),
        bundle_post("/api/v1/offers/apply", offers::apply),
        post(Staff, "/api/v1/offers/rollback", offers::roll_back),
        post(Marketer, "/api/v1/offers/pause", offers::pause),
        post(Marketer, "/api/v1/offers/resume", offers::resume),
        post(Marketer, "/api/v1/offers/safe-now", offers::safe_now),
    ]
}

/// What the guard keeps off public screens.
fn private_routes() -> Vec<Route> {
    use Door::{Everybody, Staff};
    vec![
        get(Everybody, "/tail/{id}", tail::page),
        get(Everybody, "/tail/{id}/code.svg", tail::picture),
        post(Everybody, "/tail/{id}/offers", tail::offers),
        post(Staff, "/api/v1/tail-claims", tail::hand_over),
        get(Staff, "/api/v1/staff-card", tail::staff_card),
    ]
}

/// What is kept of people.
fn privacy_routes() -> Vec<Route> {
    vec![get(Door::Staff, "/api/v1/privacy/report", privacy::report)]
}

fn get<H: Handler<T, Arc<App>>, T: 'static>(door: Door, path: &'static str, handler: H) -> Route {
    let service = routing::get(handler).layer(middleware::from_fn(in_time));
    Route::new("get", path, door, service)
}

fn post<H: Handler<T, Arc<App>>, T: 'static>(door: Door, path: &'static str, handler: H) -> Route {
    let service = routing::post(handler).layer(middleware::from_fn(in_time));
    Route::new("post", path, door, service)
}

/// With a body as large as a bundle, and the time that checking one takes.
fn bundle_post<H: Handler<T, Arc<App>>, T: 'static>(path: &'static str, handler: H) -> Route {
    // One byte more than there may be, so that too many are told as that.
    let limit = DefaultBodyLimit::max(BUNDLE_BYTES_MAX + 1);
    Route::new(
        "post",
        path,
        Door::Marketer,
        routing::post(handler).layer(limit),
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
        let service = match route.door.role() {
            None => route.service,
            Some(least) => route.service.route_layer(middleware::from_fn_with_state(
                (app.clone(), least),
                access::staff_only,
            )),
        };
        all = all.route(route.path, service);
    }
    all.fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            access::same_house,
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
    match timeout(PATIENCE, next.run(request)).await {
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
        (header::REFERRER_POLICY, "no-referrer"),
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
