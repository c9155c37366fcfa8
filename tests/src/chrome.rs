//! Headless Chromium over its debugging protocol.

use crate::{child::Process, house, http, wait};
use serde_json::{Value, json};
use std::{
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// What it says when a page is left before it has answered.
const LEFT: &str = "Inspected target navigated or closed";

/// A browser. It ends with its owner.
#[derive(Debug)]
pub struct Chrome {
    _process: Process,
    _profile: TempDir,
    port: u16,
}

/// One page of a browser.
#[derive(Debug)]
pub struct Page {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    complaints: Vec<String>,
}

impl Chrome {
    /// Starts one; `None` where Chromium may be missing and is.
    pub fn start(dir: &Path) -> Option<Self> {
        let program = house::tool("chromium")?;
        let profile = tempfile::tempdir().expect("the temporary folder can be written");
        let mut command = Command::new(program);
        command
            .args(["--headless=new", "--disable-gpu", "--no-first-run"])
            // Tests run as root in containers, where the sandbox and /dev/shm are not to be had.
            .args(["--no-sandbox", "--disable-dev-shm-usage"])
            .args(["--log-level=3", "--disable-extensions", "--disable-component-update"])
            .args(["--disable-background-networking", "--hide-scrollbars"])
            .args(["--remote-debugging-port=0", "--window-size=1280,800"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank");
        let process = Process::start(command, dir);
        let file = profile.path().join("DevToolsActivePort");
        let port = wait::until("Chromium says where to reach it", || {
            let text = fs::read_to_string(&file).ok()?;
            text.lines().next()?.parse().ok()
        });
        Some(Self {
            _process: process,
            _profile: profile,
            port,
        })
    }

    /// Opens `url` of a test shop's gateway in a window of this size, signed in as
    /// its operator.
    pub fn open(&self, url: &str, width: u32, height: u32) -> Page {
        let mut page = self.blank(width, height);
        let authority = url.split('/').nth(2).and_then(|host| host.rsplit_once(':'));
        let port = authority.and_then(|(_, port)| port.parse().ok());
        let form = format!("token={}", http::TOKEN.trim());
        let form_type = "Content-Type: application/x-www-form-urlencoded\r\n";
        let answer = port
            .and_then(|port| http::ask_by(port, ("POST", "/login"), form_type, form.as_bytes()));
        let cookie = answer.and_then(|answer| answer.cookie);
        let cookie = cookie.expect("the test shop knows its token");
        let (name, value) = cookie.split_once('=').expect("a cookie has a name");
        let cookie = json!({ "name": name, "value": value, "url": url, "httpOnly": true });
        page.call("Network.setCookie", cookie);
        page.visit(url);
        page
    }

    /// Opens `url` in a window of this size, as somebody who shows nothing.
    pub fn open_by_nobody(&self, url: &str, width: u32, height: u32) -> Page {
        let mut page = self.blank(width, height);
        page.visit(url);
        page
    }

    /// The same, with a script that runs before those of the page.
    pub fn open_prepared(&self, url: &str, script: &str) -> Page {
        let mut page = self.blank(1280, 720);
        let source = json!({ "source": script });
        page.call("Page.addScriptToEvaluateOnNewDocument", source);
        page.visit(url);
        page
    }

    fn blank(&self, width: u32, height: u32) -> Page {
        let made = wait::until("Chromium opens a page", || {
            let answer = http::ask(self.port, "PUT", "/json/new?about:blank", b"")?;
            (answer.status == 200).then(|| answer.json())
        });
        let address = made["webSocketDebuggerUrl"]
            .as_str()
            .expect("a page has a debugger");
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("Chromium listens");
        // A page that is heavy to draw, on a machine that builds beside it.
        stream
            .set_read_timeout(Some(4 * wait::PATIENCE))
            .expect("a socket takes a time limit");
        let (socket, _) = tungstenite::client(address, stream).expect("Chromium shakes hands");
        let mut page = Page {
            socket,
            last_id: 0,
            complaints: Vec::new(),
        };
        for domain in ["Page", "Runtime", "Log"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        page.resize(width, height);
        // Every page is in front, as on a display of its own: a browser does not
        // paint what nobody can see.
        page.call(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        );
        page
    }
}

impl Page {
    /// Goes to another address.
    pub fn visit(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
    }

    /// Changes the size of the window.
    pub fn resize(&mut self, width: u32, height: u32) {
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
    }

    /// The value of a JavaScript expression, or what it threw, or that the page was
    /// left meanwhile.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value, String> {
        let params =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = match self.ask("Runtime.evaluate", params) {
            Err(error) if error["message"] == LEFT => return Err(LEFT.to_owned()),
            answer => answer.expect("Chromium takes any expression"),
        };
        match answer.get("exceptionDetails") {
            Some(thrown) => Err(thrown.to_string()),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    /// Waits until a JavaScript expression is true.
    pub fn until(&mut self, what: &str, expression: &str) {
        let mut last = Ok(Value::Null);
        let held = wait::within(wait::PATIENCE, || {
            last = self.evaluate(expression);
            (last == Ok(Value::Bool(true))).then_some(())
        });
        if held.is_none() {
            let text = self.evaluate("document.body.innerText");
            panic!(
                "waited in vain until {what}: {expression} is {last:?}; {:?}; text: {text:?}",
                self.complaints
            );
        }
    }

    /// Clicks the middle of the first element that a selector finds, as a hand would.
    pub fn click(&mut self, selector: &str) {
        let quoted = Value::from(selector).to_string();
        let found = self.evaluate(&format!(
            "(() => {{ const e = document.querySelector({quoted}); \
             e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect(); \
             return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        let place = found.unwrap_or_else(|why| panic!("nothing to click at {selector}: {why}"));
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1
            });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Takes a picture into `target/screenshots/<name>.png` and says where.
    pub fn screenshot(&mut self, name: &str) -> PathBuf {
        // A page behind others has no picture to take.
        self.call("Page.bringToFront", json!({}));
        let answer = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        let text = answer["data"].as_str().expect("a screenshot is text");
        let dir = house::root().join("target/screenshots");
        fs::create_dir_all(&dir).expect("target can be written");
        let path = dir.join(format!("{name}.png"));
        fs::write(&path, base64(text)).expect("target can be written");
        path
    }

    /// Errors on the console and exceptions nobody caught, since the page was opened.
    pub fn complaints(&mut self) -> &[String] {
        // Events wait in the socket until something is asked.
        self.evaluate("0").expect("a number is no mistake");
        &self.complaints
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        let answer = self.ask(method, params);
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// What Chromium answers, or its error.
    fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.last_id += 1;
        let id = self.last_id;
        let request = json!({ "id": id, "method": method, "params": params });
        self.socket
            .send(Message::text(request.to_string()))
            .expect("Chromium listens");
        loop {
            let answer = self.next();
            if answer["id"] == id {
                return match answer.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(answer["result"].clone()),
                };
            }
            self.note(&answer);
        }
    }

    fn next(&mut self) -> Value {
        loop {
            let message = self.socket.read().expect("Chromium answers");
            if let Message::Text(text) = message {
                return serde_json::from_str(&text).expect("Chromium speaks JSON");
            }
        }
    }

    fn note(&mut self, event: &Value) {
        let params = &event["params"];
        let bad = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Runtime.consoleAPICalled") => params["type"] == "error",
            Some("Log.entryAdded") => params["entry"]["level"] == "error",
            _ => false,
        };
        if bad {
            self.complaints.push(params.to_string());
        }
    }
}

/// Decodes base64 as Chromium writes it: standard alphabet, padded.
fn base64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("not base64: {c}"),
    };
    let digits: Vec<u8> = text.bytes().filter(|c| *c != b'=').map(value).collect();
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for four in digits.chunks(4) {
        let bits = four
            .iter()
            .fold(0_u32, |bits, digit| bits << 6 | u32::from(*digit));
        let bits = bits << (6 * (4 - four.len()));
        bytes.extend(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_reads_the_examples_of_rfc_4648() {
        for (text, expected) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(base64(text), expected.as_bytes());
        }
    }
}
