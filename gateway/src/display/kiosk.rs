//! A kiosk with `TouchKio` (leukipp/touchkio 1.4.2, `js/integration.js`): a
//! browser that opens our page, and an MQTT client that tells about its glass.
//!
//! ```text
//! <topic>/kiosk/state               Framed, Fullscreen, Maximized, Minimized, Terminated (its will)
//! <topic>/display/power/state       ON, OFF, where the hardware can tell
//! <topic>/display/brightness/state  0 to 100, where the hardware can tell
//! <topic>/page_url/state            the address that is open
//! <topic>/heartbeat/state           every 30 s
//! <topic>/page_url/set              opens an address
//! <topic>/refresh/execute           loads the page again, and switches the display on
//! ```
//!
//! All states are retained: a retained one says what was, not that the kiosk
//! lives. What is on the glass only our page can say; the kiosk can say that
//! the glass is dark. Power and window are left as the operator set them.

/// Three of its heartbeats.
const SILENT_AFTER_MS: u64 = 95_000;
/// A page that was just opened or loaded again gets this long to report itself.
const PAGE_DUE_MS: u64 = 45_000;
/// A clear that the page does not confirm within this is helped along.
const CLEAR_DUE_MS: u64 = 4_000;
/// Between two attempts at the same thing; doubles up to the second.
const RETRY_MS: (u64, u64) = (60_000, 600_000);

/// Opens an address.
const OPEN: &str = "page_url/set";
/// Loads the page again, and switches the display on.
const REFRESH: &str = "refresh/execute";
/// Everything that a kiosk is told, by the tail of the topic.
pub(super) const COMMANDS: [&str; 2] = [OPEN, REFRESH];

/// What our page is known to do.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageSays {
    /// Since it last reported, ms; `None` for never.
    pub(super) silent_ms: Option<u64>,
    /// A clear it has not confirmed, by revision.
    pub(super) open_clear: Option<u64>,
}

/// Something to publish below the kiosk's topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) tail: &'static str,
    pub(super) payload: String,
}

/// Attempts at one thing.
#[derive(Debug, Clone, Copy, Default)]
struct Attempts {
    next: u64,
    wait_ms: u64,
}

impl Attempts {
    fn due(&mut self, now: u64) -> bool {
        if now < self.next {
            return false;
        }
        self.wait_ms = (self.wait_ms * 2).clamp(RETRY_MS.0, RETRY_MS.1);
        self.next = now + self.wait_ms;
        true
    }
}

/// What is known about one kiosk.
#[derive(Debug)]
pub(super) struct Kiosk {
    /// The page it is to show.
    page: String,
    heard: Option<u64>,
    window: Option<String>,
    is_on: Option<bool>,
    brightness: Option<u8>,
    url: Option<String>,
    opening: Attempts,
    loading: Attempts,
    /// A clear seen open, and since when.
    clear: Option<(u64, u64)>,
    /// The newest clear that was helped along.
    helped: u64,
}

impl Kiosk {
    /// Is to show this address.
    pub(super) fn new(page: String) -> Self {
        Self {
            page,
            heard: None,
            window: None,
            is_on: None,
            brightness: None,
            url: None,
            opening: Attempts::default(),
            loading: Attempts::default(),
            clear: None,
            helped: 0,
        }
    }

    /// Is to show this address from now on.
    pub(super) fn show(&mut self, page: String) {
        self.page = page;
    }

    /// A message below its topic.
    pub(super) fn hear(&mut self, now: u64, tail: &str, payload: &[u8], retained: bool) {
        let Ok(text) = std::str::from_utf8(payload) else {
            return;
        };
        match tail {
            "kiosk/state" => {
                self.window = Some(text.chars().take(16).collect());
                if text == "Terminated" {
                    // Published by the broker, not by the kiosk.
                    self.heard = None;
                    return;
                }
            }
            "display/power/state" => self.is_on = power(text),
            "display/brightness/state" => self.brightness = text.trim().parse().ok(),
            "page_url/state" => {
                let url: String = text.chars().take(255).collect();
                if self.url.as_deref() != Some(&url) {
                    self.url = Some(url);
                    self.loading = Attempts {
                        next: now + PAGE_DUE_MS,
                        wait_ms: 0,
                    };
                }
            }
            "heartbeat/state" => {}
            _ => return,
        }
        if !retained {
            self.heard = Some(now);
        }
    }

    /// Why its glass shows nothing, if it says so.
    pub(super) fn dark(&self) -> Option<&'static str> {
        match self.window.as_deref() {
            Some("Terminated") => return Some("the kiosk has ended or lost its broker"),
            Some("Minimized") => return Some("the kiosk's window is minimised"),
            _ => {}
        }
        if self.is_on == Some(false) {
            Some("the display is switched off")
        } else if self.brightness == Some(0) {
            Some("the display's brightness is 0")
        } else {
            None
        }
    }

    /// What is wrong with it, if something is.
    pub(super) fn trouble(&self, now: u64, page: PageSays) -> Option<&'static str> {
        let is_live = self.is_live(now);
        if self.heard.is_none() && self.window.is_none() {
            Some("nothing was heard from the kiosk over MQTT: is its topic right?")
        } else if !is_live {
            Some("the kiosk is silent")
        } else if !self.is_ours() {
            Some("the kiosk shows another page")
        } else if page.silent_ms.is_none_or(|ms| ms > PAGE_DUE_MS) {
            Some("the kiosk shows our page, but the page does not report")
        } else {
            None
        }
    }

    /// What to tell it now.
    pub(super) fn commands(&mut self, now: u64, page: PageSays) -> Option<Command> {
        self.clear = match (page.open_clear, self.clear) {
            (Some(open), Some((known, since))) if open == known => Some((known, since)),
            (Some(open), _) => Some((open, now)),
            (None, _) => None,
        };
        // What it is told switches a dark display on: that is the operator's.
        if !self.is_live(now) || self.dark().is_some() {
            return None;
        }
        if !self.is_ours() {
            let command = Command {
                tail: OPEN,
                payload: self.page.clone(),
            };
            return self.opening.due(now).then_some(command);
        }
        self.opening = Attempts::default();
        let refresh = Command {
            tail: REFRESH,
            payload: String::new(),
        };
        if let Some((clear, since)) = self.clear
            && self.helped < clear
            && now - since >= CLEAR_DUE_MS
        {
            self.helped = clear;
            return Some(refresh);
        }
        if page.silent_ms.is_none_or(|ms| ms > PAGE_DUE_MS) {
            return self.loading.due(now).then_some(refresh);
        }
        self.loading = Attempts::default();
        None
    }

    fn is_live(&self, now: u64) -> bool {
        self.heard.is_some_and(|at| now - at < SILENT_AFTER_MS)
    }

    /// Whether our page is open, as far as it is known.
    fn is_ours(&self) -> bool {
        self.url.as_deref().is_none_or(|url| {
            let rest = url.strip_prefix(&self.page);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#']))
        })
    }
}

fn power(text: &str) -> Option<bool> {
    match text {
        "ON" => Some(true),
        "OFF" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "http://10.0.0.2:8080/screen/till";

    fn hears(messages: &[(u64, &str, &str)]) -> Kiosk {
        let mut kiosk = Kiosk::new(PAGE.to_owned());
        for (at, tail, payload) in messages {
            kiosk.hear(*at, tail, payload.as_bytes(), false);
        }
        kiosk
    }

    fn reporting() -> PageSays {
        PageSays {
            silent_ms: Some(2_000),
            open_clear: None,
        }
    }

    #[test]
    fn the_glass_is_dark_when_the_kiosk_says_so() {
        for (tail, payload, is_dark) in [
            ("kiosk/state", "Fullscreen", false),
            ("kiosk/state", "Framed", false),
            ("kiosk/state", "Minimized", true),
            ("kiosk/state", "Terminated", true),
            ("display/power/state", "ON", false),
            ("display/power/state", "OFF", true),
            ("display/power/state", "off", false),
            ("display/brightness/state", "100", false),
            ("display/brightness/state", "0", true),
            ("display/brightness/state", "null", false),
            ("volume/state", "0", false),
        ] {
            let kiosk = hears(&[(0, tail, payload)]);
            assert_eq!(kiosk.dark().is_some(), is_dark, "{tail} {payload}");
        }
        let back = hears(&[
            (0, "kiosk/state", "Terminated"),
            (9, "kiosk/state", "Fullscreen"),
        ]);
        assert_eq!(back.dark(), None);
    }

    #[test]
    fn retained_states_are_no_sign_of_life_but_darkness_is_believed() {
        let mut kiosk = Kiosk::new(PAGE.to_owned());
        kiosk.hear(0, "page_url/state", b"http://other/", true);
        kiosk.hear(0, "display/power/state", b"OFF", true);
        assert!(kiosk.dark().is_some());
        kiosk.hear(0, "display/power/state", b"ON", true);
        assert_eq!(kiosk.commands(1, reporting()), None);
        kiosk.hear(2, "heartbeat/state", b"2026-11-22T08:00:00", false);
        assert_eq!(kiosk.commands(3, reporting()).unwrap().tail, "page_url/set");
    }

    #[test]
    fn a_page_whose_key_was_taken_back_is_replaced_by_one_with_the_new_key() {
        let mut kiosk = hears(&[(0, "page_url/state", PAGE), (0, "heartbeat/state", "x")]);
        assert_eq!(kiosk.commands(1, reporting()), None);
        let renewed = format!("{PAGE}?key=new");
        kiosk.show(renewed.clone());
        let command = kiosk.commands(2, reporting()).unwrap();
        assert_eq!((command.tail, command.payload), (OPEN, renewed.clone()));
        kiosk.hear(3, "page_url/state", renewed.as_bytes(), false);
        assert_eq!(kiosk.commands(4, reporting()), None);
    }

    #[test]
    fn another_page_is_replaced_by_ours_with_growing_patience() {
        let mut kiosk = hears(&[(0, "page_url/state", "http://ha.local/dashboard")]);
        let mut sent = Vec::new();
        for now in (0..900_000).step_by(1_000) {
            kiosk.hear(now, "heartbeat/state", b"x", false);
            if let Some(command) = kiosk.commands(now, reporting()) {
                assert_eq!((command.tail, &*command.payload), ("page_url/set", PAGE));
                sent.push(now / 1_000);
            }
        }
        assert_eq!(sent, [0, 60, 180, 420]);
        kiosk.hear(
            900_000,
            "page_url/state",
            format!("{PAGE}?x").as_bytes(),
            false,
        );
        assert_eq!(kiosk.commands(900_001, reporting()), None);
    }

    #[test]
    fn a_page_that_hangs_is_loaded_again_and_a_dark_kiosk_is_left_alone() {
        let silent = PageSays {
            silent_ms: Some(50_000),
            open_clear: None,
        };
        let mut kiosk = hears(&[(0, "page_url/state", PAGE)]);
        assert_eq!(kiosk.commands(1_000, silent), None);
        assert_eq!(
            kiosk.commands(46_000, silent).unwrap().tail,
            "refresh/execute"
        );
        assert_eq!(kiosk.commands(47_000, silent), None);
        kiosk.hear(110_000, "display/power/state", b"OFF", false);
        assert_eq!(kiosk.commands(130_000, silent), None);
    }

    #[test]
    fn a_clear_that_is_not_confirmed_is_helped_along_once() {
        let open = PageSays {
            silent_ms: Some(3_000),
            open_clear: Some(9),
        };
        let mut kiosk = hears(&[(0, "page_url/state", PAGE)]);
        assert_eq!(kiosk.commands(1_000, open), None);
        assert_eq!(kiosk.commands(4_000, open), None);
        assert_eq!(kiosk.commands(5_000, open).unwrap().tail, "refresh/execute");
        assert_eq!(kiosk.commands(6_000, open), None);
    }

    #[test]
    fn trouble_is_named() {
        let kiosk = hears(&[]);
        assert!(kiosk.trouble(0, reporting()).unwrap().contains("topic"));
        let kiosk = hears(&[(0, "page_url/state", PAGE)]);
        assert_eq!(kiosk.trouble(10_000, reporting()), None);
        assert!(
            kiosk
                .trouble(96_000, reporting())
                .unwrap()
                .contains("silent")
        );
        let never = PageSays::default();
        assert!(
            kiosk
                .trouble(50_000, never)
                .unwrap()
                .contains("does not report")
        );
    }
}
