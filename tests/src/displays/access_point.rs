//! An access point of `OpenEPaperLink` with its tags, as in
//! `ESP32_AP-Flasher/src/{web,contentmanager,newproto,tag_db}.cpp` (2026).
//! Its clock stands until a test moves it.

use super::server::{Reply, Request, Server};
use serde_json::json;
use std::{
    collections::{BTreeMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What `nextupdate` is set to once an upload was drawn.
const DRAWN: u64 = 3_216_153_600;

/// How it answers a request for an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// As it should.
    #[default]
    Well,
    /// 409, before the file is read.
    Busy,
    /// 200 and a text that is an error.
    Lying,
    /// 200 and nothing, although it was taken.
    Terse,
    /// Not at all; the connection stays open.
    Hanging,
    /// Not at all; the connection is closed.
    Broken,
}

/// A tag as its access point knows it.
#[derive(Debug, Clone, Default)]
struct Tag {
    hash: String,
    lastseen: u64,
    nextupdate: u64,
    updatecount: u64,
    modecfg: String,
    uploaded: Option<Vec<u8>>,
    queue: VecDeque<Vec<u8>>,
    glass: Option<Vec<u8>>,
}

#[derive(Debug, Default)]
struct State {
    mood: Mood,
    tags: BTreeMap<String, Tag>,
    seconds: u64,
    uploads: u64,
    cancels: u64,
}

/// An access point.
#[derive(Debug)]
pub struct AccessPoint {
    state: Arc<Mutex<State>>,
    server: Server,
}

impl AccessPoint {
    /// Starts one that knows this tag.
    pub fn start(mac: &str) -> Self {
        let mut state = State {
            seconds: 1_763_700_000,
            ..State::default()
        };
        let tag = Tag {
            hash: "0".repeat(32),
            nextupdate: DRAWN,
            modecfg: "{}".to_owned(),
            ..Tag::default()
        };
        state.tags.insert(mac.to_owned(), tag);
        let state = Arc::new(Mutex::new(state));
        let known = state.clone();
        let server = Server::start(move |request| locked(&known).answer(&request));
        Self { state, server }
    }

    /// `http://127.0.0.1:port`.
    pub fn address(&self) -> String {
        self.server.address()
    }

    /// From now on it answers uploads like this.
    pub fn is(&self, mood: Mood) {
        locked(&self.state).mood = mood;
    }

    /// Uploads taken so far.
    pub fn uploads(&self) -> u64 {
        locked(&self.state).uploads
    }

    /// Times it was told to forget what waits.
    pub fn cancels(&self) -> u64 {
        locked(&self.state).cancels
    }

    /// Makes what was uploaded into files for the tags, as its loop does.
    pub fn draw(&self) {
        for tag in locked(&self.state).tags.values_mut() {
            tag.draw();
        }
    }

    /// The tag asks for news: it fetches what is oldest in its queue.
    pub fn tag_asks(&self, mac: &str) {
        let mut state = locked(&self.state);
        state.seconds += 60;
        let now = state.seconds;
        let tag = state.tag(mac);
        tag.lastseen = now;
        if let Some(picture) = tag.queue.pop_front() {
            tag.hash = hash_of(&picture);
            tag.updatecount += 1;
            tag.glass = Some(picture);
        }
    }

    /// The tag gives up fetching: everything that waits for it is dropped.
    pub fn tag_times_out(&self, mac: &str) {
        locked(&self.state).tag(mac).queue.clear();
    }

    /// The tag restarts: the access point knows no more what it shows.
    pub fn tag_restarts(&self, mac: &str) {
        locked(&self.state).tag(mac).hash = "0".repeat(32);
    }

    /// The access point restarts: what waits is lost, and the counts since it
    /// last saved them.
    pub fn restart(&self) {
        for tag in locked(&self.state).tags.values_mut() {
            tag.queue.clear();
            tag.uploaded = None;
            tag.updatecount = tag.updatecount.saturating_sub(1);
        }
    }

    /// Somebody else uploads a picture, and the tag fetches it.
    pub fn stranger_uploads(&self, mac: &str, picture: &[u8]) {
        let mut state = locked(&self.state);
        state.uploads += 1;
        let name = state.uploads;
        state.tag(mac).take(picture.to_vec(), name);
        state.tag(mac).draw();
        drop(state);
        self.tag_asks(mac);
    }

    /// It forgets the tag.
    pub fn forget(&self, mac: &str) {
        locked(&self.state).tags.remove(mac);
    }

    /// The JPEG that is on the tag's glass.
    pub fn glass(&self, mac: &str) -> Option<Vec<u8>> {
        locked(&self.state).tag(mac).glass.clone()
    }

    /// Pictures waiting for the tag.
    pub fn waiting(&self, mac: &str) -> usize {
        locked(&self.state).tag(mac).queue.len()
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Of its own file; whoever uploaded cannot work it out.
fn hash_of(picture: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    picture.hash(&mut hasher);
    format!("{:016x}{}", hasher.finish(), "0".repeat(16))
}

impl Tag {
    fn take(&mut self, picture: Vec<u8>, name: u64) {
        self.modecfg = format!("{{\"filename\":\"/temp/x_{name}.jpg\",\"timetolive\":\"5\"}}");
        self.nextupdate = 0;
        self.uploaded = Some(picture);
    }

    fn draw(&mut self) {
        let Some(picture) = self.uploaded.take() else {
            return;
        };
        self.nextupdate = DRAWN;
        // It reads baseline JPEG only; anything else is an error in its own log.
        let is_baseline =
            picture.starts_with(&[0xff, 0xd8]) && picture.windows(2).any(|w| w == [0xff, 0xc0]);
        // "new image is the same as current image. not updating tag."
        if is_baseline && hash_of(&picture) != self.hash {
            self.queue.push_back(picture);
        }
    }

    fn json(&self, mac: &str) -> serde_json::Value {
        json!({
            "mac": mac, "hash": self.hash, "lastseen": self.lastseen,
            "nextupdate": self.nextupdate, "nextcheckin": self.lastseen + 60,
            "pending": self.queue.len(), "alias": "", "contentMode": 24, "LQI": 190, "RSSI": -60,
            "batteryMv": 2900, "hwType": 1, "modecfgjson": self.modecfg,
            "updatecount": self.updatecount, "updatelast": self.lastseen,
        })
    }
}

impl State {
    fn tag(&mut self, mac: &str) -> &mut Tag {
        self.tags.get_mut(mac).expect("the test knows its tags")
    }

    fn answer(&mut self, request: &Request) -> Reply {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        match (request.method.as_str(), path) {
            (_, "/imgupload" | "/tag_cmd") if self.mood == Mood::Hanging => Reply::Hang,
            (_, _) if self.mood == Mood::Broken => Reply::HangUp,
            ("GET", "/get_db") => {
                let mac = query.strip_prefix("mac=").unwrap_or_default();
                let tags: Vec<_> = self.tags.get(mac).iter().map(|t| t.json(mac)).collect();
                Reply::json(200, &json!({ "tags": tags }))
            }
            ("POST", "/tag_cmd") => self.command(&String::from_utf8_lossy(&request.body)),
            ("POST", "/imgupload") => self.upload(request),
            _ => Reply::text(404, ""),
        }
    }

    fn command(&mut self, form: &str) -> Reply {
        let value = |name: &str| form.split('&').find_map(|p| p.strip_prefix(name));
        let (Some(mac), Some(command)) = (value("mac="), value("cmd=")) else {
            return Reply::text(500, "param error");
        };
        let Some(tag) = self.tags.get_mut(mac) else {
            return Reply::text(400, "Error: mac not found");
        };
        if command == "clear" {
            tag.queue.clear();
            self.cancels += 1;
        }
        Reply::text(200, "Ok, done")
    }

    fn upload(&mut self, request: &Request) -> Reply {
        if self.mood == Mood::Busy {
            return Reply::text(409, "Come back later");
        }
        let Some((mac, picture)) = parts(request) else {
            return Reply::text(400, "parameters incomplete");
        };
        if self.mood == Mood::Lying {
            return Reply::text(200, "Error while saving: mac not found");
        }
        if !self.tags.contains_key(&mac) {
            return Reply::text(400, "mac not found");
        }
        self.uploads += 1;
        let name = self.uploads;
        self.tag(&mac).take(picture, name);
        Reply::text(
            200,
            if self.mood == Mood::Terse {
                ""
            } else {
                "Ok, saved"
            },
        )
    }
}

/// The tag and the file, if the tag came before the file.
fn parts(request: &Request) -> Option<(String, Vec<u8>)> {
    let boundary = request.header("content-type")?.split_once("boundary=")?.1;
    let marker = format!("--{boundary}").into_bytes();
    let mut mac = None;
    for part in split(&request.body, &marker) {
        let Some(end) = part.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&part[..end]).into_owned();
        let body = part[end + 4..].strip_suffix(b"\r\n")?.to_vec();
        if head.contains("name=\"mac\"") {
            mac = String::from_utf8(body).ok();
        } else if head.contains("filename=") {
            return Some((mac?, body));
        }
    }
    None
}

fn split<'b>(mut bytes: &'b [u8], marker: &[u8]) -> Vec<&'b [u8]> {
    let mut found = Vec::new();
    while let Some(at) = bytes.windows(marker.len()).position(|w| w == marker) {
        found.push(&bytes[..at]);
        bytes = &bytes[at + marker.len()..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http;

    fn upload(access_point: &AccessPoint, parts: &[&str]) -> (u16, String) {
        let body = format!("--b\r\n{}\r\n--b--\r\n", parts.join("\r\n--b\r\n"));
        let head = format!(
            "POST /imgupload HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = http::ask_raw(access_point.server.port, head.as_bytes()).unwrap();
        (answer.status, answer.text())
    }

    /// `B1421` of the published vectors: what it answers when.
    #[test]
    fn uploads_are_answered_as_the_firmware_does() {
        let mac = "0000021F12345678";
        let access_point = AccessPoint::start(mac);
        let of = |mac: &str| format!("Content-Disposition: form-data; name=\"mac\"\r\n\r\n{mac}");
        let file = "Content-Disposition: form-data; name=\"f\"; filename=\"i.jpg\"\r\n\r\nx";
        let known = of(mac);
        assert_eq!(
            upload(&access_point, &[&known, file]),
            (200, "Ok, saved".to_owned())
        );
        let late = upload(&access_point, &[file, &known]);
        assert_eq!(late, (400, "parameters incomplete".to_owned()));
        let stranger = upload(&access_point, &[&of("0000021F00000000"), file]);
        assert_eq!(stranger, (400, "mac not found".to_owned()));
        access_point.is(Mood::Busy);
        let busy = upload(&access_point, &[&known, file]);
        assert_eq!(busy, (409, "Come back later".to_owned()));
        assert_eq!(access_point.uploads(), 1);
    }
}
