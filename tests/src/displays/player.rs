//! A player with Anthias, as in `src/anthias_server/api` and
//! `src/anthias_viewer` (2026): assets, a rotation, and what is current.

use super::server::{Reply, Request, Server};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Longest duration it takes, s.
const DURATION_MAX: i64 = 31_536_000;

#[derive(Debug, Default)]
struct State {
    assets: Vec<Value>,
    current: Option<String>,
    made: u64,
    /// `user:password` in base64, when it asks for one.
    login: Option<String>,
    power: Value,
    is_hung: bool,
    is_failing: bool,
    log: Vec<String>,
}

/// A player.
#[derive(Debug)]
pub struct Player {
    state: Arc<Mutex<State>>,
    server: Server,
}

impl Player {
    /// Starts one with a shop's own picture in its rotation.
    pub fn start() -> Self {
        let mut state = State::default();
        state.assets.push(json!({
            "asset_id": "own", "name": "own", "uri": "http://10.0.0.9/own.png",
            "mimetype": "image", "duration": 10, "is_enabled": true,
        }));
        state.current = Some("own".to_owned());
        let state = Arc::new(Mutex::new(state));
        let known = state.clone();
        let server = Server::start(move |request| locked(&known).answer(&request));
        Self { state, server }
    }

    /// `http://127.0.0.1:port`.
    pub fn address(&self) -> String {
        self.server.address()
    }

    /// From now on it asks for this, `user:password` in base64.
    pub fn asks_for(&self, login: &str) {
        locked(&self.state).login = Some(login.to_owned());
    }

    /// What `display_power` says.
    pub fn power_is(&self, power: &Value) {
        locked(&self.state).power = power.clone();
    }

    /// Whether it answers nothing and keeps connections open.
    pub fn hangs(&self, is_hung: bool) {
        locked(&self.state).is_hung = is_hung;
    }

    /// Whether it answers 500.
    pub fn fails(&self, is_failing: bool) {
        locked(&self.state).is_failing = is_failing;
    }

    /// It loses all assets, as after a reinstall.
    pub fn loses_assets(&self) {
        let mut state = locked(&self.state);
        state.assets.clear();
        state.current = None;
    }

    /// Its rotation goes on, or somebody presses next.
    pub fn goes_on(&self) {
        locked(&self.state).skip();
    }

    /// An asset of this address is added once more, as by an earlier life.
    pub fn copies(&self, uri: &str) {
        let mut state = locked(&self.state);
        state.made += 1;
        let id = format!("copy-{}", state.made);
        state
            .assets
            .push(json!({ "asset_id": id, "uri": uri, "is_enabled": true, "name": id }));
    }

    /// Assets of this address.
    pub fn with_uri(&self, uri: &str) -> Vec<Value> {
        let state = locked(&self.state);
        let begins = |asset: &&Value| asset["uri"].as_str().is_some_and(|u| u.starts_with(uri));
        let found = state.assets.iter().filter(begins);
        found.cloned().collect()
    }

    /// The address that is current.
    pub fn current_uri(&self) -> Option<String> {
        let state = locked(&self.state);
        let current = state.current.as_deref()?;
        let found = state.assets.iter().find(|a| a["asset_id"] == current)?;
        Some(found["uri"].as_str()?.to_owned())
    }

    /// What it was asked so far: method and path.
    pub fn log(&self) -> Vec<String> {
        locked(&self.state).log.clone()
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn answer(&mut self, request: &Request) -> Reply {
        self.log
            .push(format!("{} {}", request.method, request.path));
        if self.is_hung {
            return Reply::Hang;
        }
        if self.is_failing {
            return Reply::text(500, "Server Error (500)");
        }
        if let Some(login) = &self.login {
            let expected = format!("Basic {login}");
            match request.header("authorization") {
                None => return Reply::text(302, ""),
                Some(given) if given != expected => {
                    return Reply::json(401, &json!({"detail": "Invalid username/password."}));
                }
                Some(_) => {}
            }
        }
        let body = || serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/api/v2/assets") => Reply::json(200, &json!(self.assets)),
            ("POST", "/api/v2/assets") => self.create(body()),
            ("GET", "/api/v2/info") => Reply::json(
                200,
                &json!({ "display_power": self.power, "up_to_date": true }),
            ),
            ("GET", "/api/v1/viewer_current_asset") => self.current(),
            ("GET", path) if path.starts_with("/api/v2/assets/control/") => {
                self.control(path.trim_start_matches("/api/v2/assets/control/"));
                Reply::json(200, &json!("Asset switched"))
            }
            (method, path) => match path.strip_prefix("/api/v2/assets/") {
                Some(id) => self.one(method, id, &body()),
                None => Reply::text(404, ""),
            },
        }
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.assets.iter().position(|a| a["asset_id"] == id)
    }

    fn create(&mut self, mut asset: Value) -> Reply {
        for key in [
            "name",
            "uri",
            "start_date",
            "end_date",
            "duration",
            "mimetype",
            "is_enabled",
        ] {
            if asset[key].is_null() {
                return Reply::json(400, &json!({ key: ["This field is required."] }));
            }
        }
        if let Some(wrong) = mistake(&asset) {
            return Reply::json(400, &wrong);
        }
        while self.assets.iter().any(|a| a["name"] == asset["name"]) {
            asset["name"] = json!(format!("{}-1", asset["name"].as_str().unwrap_or_default()));
        }
        self.made += 1;
        asset["asset_id"] = json!(format!("made-{}", self.made));
        self.assets.push(asset.clone());
        Reply::json(201, &asset)
    }

    fn one(&mut self, method: &str, id: &str, change: &Value) -> Reply {
        let Some(at) = self.position(id) else {
            return Reply::json(404, &json!({"detail": "No Asset matches the given query."}));
        };
        match method {
            "GET" => Reply::json(200, &self.assets[at]),
            "DELETE" => {
                self.assets.remove(at);
                self.leave(id);
                Reply::text(204, "")
            }
            "PATCH" => {
                if let Some(wrong) = mistake(change) {
                    return Reply::json(400, &wrong);
                }
                for (key, value) in change.as_object().into_iter().flatten() {
                    self.assets[at][key] = value.clone();
                }
                // A change makes the viewer leave what is no longer active.
                if self.assets[at]["is_enabled"] == false {
                    self.leave(id);
                }
                Reply::json(200, &self.assets[at])
            }
            _ => Reply::text(405, ""),
        }
    }

    fn leave(&mut self, id: &str) {
        if self.current.as_deref() == Some(id) {
            self.skip();
        }
    }

    fn skip(&mut self) {
        let enabled: Vec<_> = self
            .assets
            .iter()
            .filter(|a| a["is_enabled"] == true)
            .collect();
        let current = enabled.iter().position(|a| {
            Some(a["asset_id"].as_str().unwrap_or_default()) == self.current.as_deref()
        });
        let next = current.map_or(0, |at| at + 1) % enabled.len().max(1);
        let next = enabled.get(next).and_then(|a| a["asset_id"].as_str());
        self.current = next.map(str::to_owned);
    }

    fn control(&mut self, command: &str) {
        match command.split_once('&') {
            Some(("asset", id)) if self.position(id).is_some() => {
                self.current = Some(id.to_owned());
            }
            _ => self.skip(),
        }
    }

    fn current(&self) -> Reply {
        let at = self.current.as_deref().and_then(|id| self.position(id));
        Reply::json(200, &at.map_or(json!([]), |at| self.assets[at].clone()))
    }
}

/// What it refuses in a new asset or a change.
fn mistake(asset: &Value) -> Option<Value> {
    if asset["play_days"].as_array().is_some_and(Vec::is_empty) {
        return Some(json!({"play_days": ["play_days must contain at least one day."]}));
    }
    if asset["play_time_from"].is_null() != asset["play_time_to"].is_null() {
        return Some(
            json!({"play_time_to": ["play_time_from and play_time_to must be set together."]}),
        );
    }
    let duration = asset["duration"].as_i64();
    let fits = duration.is_none_or(|s| (0..=DURATION_MAX).contains(&s));
    (!fits).then(|| json!({"duration": ["Ensure this value is in range."]}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http;

    #[test]
    fn assets_are_checked_as_the_api_does() {
        let player = Player::start();
        let good = json!({
            "name": "own", "uri": "http://x/", "start_date": "2020-01-01T00:00:00Z",
            "end_date": "2030-01-01T00:00:00Z", "duration": 10, "mimetype": "webpage",
            "is_enabled": true,
        });
        let with = |key: &str, value: Value| {
            let mut asset = good.clone();
            asset[key] = value;
            asset.to_string()
        };
        for (body, status) in [
            (good.to_string(), 201),
            (with("name", Value::Null), 400),
            (with("play_days", json!([])), 400),
            (with("play_time_from", json!("08:00")), 400),
            (with("duration", json!(31_536_001)), 400),
        ] {
            let answer = http::ask(
                player.server.port,
                "POST",
                "/api/v2/assets",
                body.as_bytes(),
            );
            assert_eq!(answer.unwrap().status, status, "{body}");
        }
        // A name that is taken gets a number.
        assert_eq!(player.with_uri("http://x/")[0]["name"], "own-1");
    }
}
