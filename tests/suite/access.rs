//! Who comes in: the first start, people, programs and displays, in a real browser
//! and by the real commands.

use serde_json::json;
use std::fs;
use tests::{
    chrome::{Chrome, Page},
    gateway::{Gateway, aislecast, link},
    house, http,
    site::Site,
};

const PASSWORD: &str = "green tram rain";

/// A site whose store.toml names no token: nobody can operate it yet.
fn unclaimed() -> Site {
    let site = Site::embedded();
    let token = tests::site::token_file();
    site.edit(&format!("token_file = \"{}\"\n", token.display()), "");
    site
}

fn run(site: &Site, arguments: &[&str]) -> String {
    let data = site.data();
    let data = data.to_str().expect("a path of letters");
    let output = aislecast(&[arguments, &["--data", data]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn fill(page: &mut Page, field: &str, text: &str) {
    let text = json!(text);
    let set = format!("document.getElementById('{field}').value = {text}; true");
    page.until(
        "there is a field",
        &format!("document.getElementById('{field}') !== null"),
    );
    page.evaluate(&set).expect("a field takes text");
}

fn at(page: &mut Page, path: &str) {
    page.until(path, &format!("location.pathname === '{path}'"));
}

#[test]
fn a_shop_is_claimed_people_and_displays_come_in_and_are_put_out_again() {
    let Some(chrome) = Chrome::start(&house::keep_dir("browser-access")) else {
        return;
    };
    let site = unclaimed();
    let gateway = Gateway::start(&site);
    let root = format!("http://127.0.0.1:{}", site.http_port);
    let mut page = claim(&chrome, &gateway);
    let colleague = let_in(&mut page, &root);
    sign_in_again(&chrome, &mut page, &root, &colleague);
    pair(&chrome, &mut page, &root);
    assert!(run(&site, &["audit"]).contains("Mai"));
}

/// Becomes the first operator by the link that the gateway printed.
fn claim(chrome: &Chrome, gateway: &Gateway) -> Page {
    let mut page = chrome.open_by_nobody(&link(&gateway.said()), 390, 844);
    page.until(
        "a name is asked for",
        "!document.getElementById('name-field').hidden",
    );
    page.screenshot("first-start-phone");
    page.resize(1280, 800);
    page.screenshot("first-start");
    fill(&mut page, "name", "Mai");
    fill(&mut page, "password", "short");
    page.click("#go");
    page.until(
        "it is too short",
        "document.getElementById('wrong').innerText.includes('10 char')",
    );
    fill(&mut page, "password", PASSWORD);
    page.click("#go");
    at(&mut page, "/");
    page.until(
        "the console says who is in",
        "document.getElementById('me').innerText.includes('Mai')",
    );
    page
}

/// Lets a colleague in; gives the link for them.
fn let_in(page: &mut Page, root: &str) -> String {
    page.visit(&format!("{root}/access"));
    page.until(
        "there is one account",
        "document.querySelectorAll('#accounts li').length === 1",
    );
    fill(page, "account-name", "Lan");
    page.click("#new-account button");
    page.until(
        "there is a link",
        "document.getElementById('once-text').value.includes('/enter#')",
    );
    page.screenshot("access");
    let told = page.evaluate("document.getElementById('once-text').value");
    told.expect("it is there")
        .as_str()
        .expect("text")
        .to_owned()
}

/// Signs out and in by password; the colleague chooses one and sees no more than staff.
fn sign_in_again(chrome: &Chrome, page: &mut Page, root: &str, colleague: &str) {
    page.visit(root);
    page.until("who is in", "document.querySelector('#me button') !== null");
    page.click("#me button");
    at(page, "/login");
    page.screenshot("login");
    page.visit(colleague);
    page.until(
        "a password is asked for",
        "!document.getElementById('password-field').hidden",
    );
    fill(page, "password", PASSWORD);
    page.click("#go");
    at(page, "/");
    page.until(
        "Lan is in",
        "document.getElementById('me').innerText.includes('Lan')",
    );
    let refused = page.evaluate("fetch('/api/v1/access').then((answer) => answer.status)");
    assert_eq!(refused, Ok(json!(403)));
    let mut other = chrome.open_by_nobody(&format!("{root}/login"), 390, 844);
    at(&mut other, "/login");
    for (password, path) in [("wrong words here", "/login"), (PASSWORD, "/")] {
        fill(&mut other, "name", "mai");
        fill(&mut other, "password", password);
        other.click("main > form button");
        at(&mut other, path);
        if path == "/login" {
            other.until(
                "it says so",
                "document.body.innerText.includes('do not belong together')",
            );
            other.screenshot("login-phone");
        }
    }
}

/// A display shows a code and becomes a screen; its key is taken back, and it
/// shows a code again.
fn pair(chrome: &Chrome, page: &mut Page, root: &str) {
    // In the same browser, where Mai is signed in: so the display's own page asks.
    let mut display = chrome.open_by_nobody(&format!("{root}/screen"), 1280, 720);
    display.until(
        "it shows a code",
        "document.getElementById('code').innerText.length === 7",
    );
    display.screenshot("pairing");
    let code = display.evaluate("document.getElementById('code').innerText");
    let code = code
        .expect("it is there")
        .as_str()
        .expect("text")
        .to_owned();
    page.visit(&format!("{root}/access"));
    page.until(
        "screens can be chosen",
        "document.querySelectorAll('#screen-id option').length > 0",
    );
    fill(page, "screen-code", &code);
    page.evaluate("document.getElementById('screen-id').value = 'front'; true")
        .expect("it is a choice");
    page.click("#new-screen button");
    display.until(
        "it is the screen",
        "location.pathname === '/screen/front' && location.search.startsWith('?key=front.')",
    );
    display.until(
        "the house loop is on",
        "document.body.innerText.includes('The house loop')",
    );
    page.until(
        "the page says so",
        "document.querySelector('#screens').innerText.includes('paired 2')",
    );
    page.resize(390, 844);
    page.until(
        "on a phone nothing is wider than the page",
        "document.documentElement.scrollWidth <= innerWidth",
    );
    page.screenshot("access-phone");
}

#[test]
fn programs_come_in_by_their_tokens_and_commands_by_that_of_the_machine() {
    let site = unclaimed();
    let gateway = Gateway::start(&site);
    let code = run(&site, &["account", "code"]);
    assert_eq!(code.len(), 11, "{code}");
    assert!(
        !gateway.said().contains(&code),
        "it is printed to whoever asked for it"
    );
    let token = run(&site, &["token", "add", "prometheus", "--scope", "metrics"]);
    let ask = |token: &str, path| {
        let answer = http::ask_by(site.http_port, ("GET", path), &http::bearer(token), b"");
        answer.expect("it answers").status
    };
    assert_eq!(
        (ask(&token, "/metrics"), ask(&token, "/api/live")),
        (200, 403)
    );
    let file = site.data().join("access/local-token");
    let local = fs::read_to_string(&file).unwrap();
    assert_eq!(ask(&local, "/api/live"), 200);
    let url = format!("http://127.0.0.1:{}", site.http_port);
    let file = file.to_str().unwrap();
    let status = aislecast(&["status", "--url", &url, "--token-file", file]);
    assert_eq!(status.status.code(), Some(0));
    assert!(run(&site, &["token", "list"]).contains("prometheus"));
    run(&site, &["token", "remove", "prometheus"]);
    assert_eq!(ask(&token, "/metrics"), 401);
    assert_eq!(ask("", "/api/live"), 401, "nothing is open on the loopback");
    let kept = fs::read_to_string(site.data().join("access/register.json")).unwrap();
    assert!(!kept.contains(&code) && !kept.contains(&token));
}

#[test]
fn words_of_an_offer_are_words_on_a_screen_and_never_a_page() {
    let Some(chrome) = Chrome::start(&house::keep_dir("browser-hostile")) else {
        return;
    };
    let site = Site::embedded();
    let hostile = "<img src=x onerror=document.title='owned'>";
    site.edit(
        "headline = \"The house loop\"",
        &format!("headline = \"{hostile}\""),
    );
    let _gateway = Gateway::start(&site);
    let mut page = chrome.open_by_nobody(&site.screen("front"), 1280, 720);
    page.until(
        "the words are on",
        "document.body.innerText.includes('onerror')",
    );
    let made = page
        .evaluate("[document.title, document.querySelectorAll('img,script:not([src])').length]");
    assert_eq!(made, Ok(json!(["Aislecast screen", 0])));
}

/// Takes the place of the gateway's stream, and keeps every word that was ever on the
/// glass.
const STAGED: &str = "
    window.words = '';
    window.EventSource = class {
        constructor() { window.stream = this; this.on = {}; setTimeout(() => this.onopen?.()); }
        addEventListener(name, handle) { this.on[name] = handle; }
        close() {}
    };
    window.tell = (name, data) => { stream.on[name]({ data: JSON.stringify(data) }); return true; };
    window.order = (screen, revision, headline, ms) => tell('command', { screen, revision, action:
        { show: { offer: 'o', shown_for_ms: ms, creative:
            { texts: [{ language: 'en', headline, body: '' }], colour: '#0b5d4e' } } } });
    new MutationObserver(() => { words += document.body?.innerText ?? ''; })
        .observe(document, { subtree: true, childList: true });
";

#[test]
fn a_screen_refuses_orders_that_are_replayed_expired_or_anothers() {
    let Some(chrome) = Chrome::start(&house::keep_dir("browser-replay")) else {
        return;
    };
    let site = Site::embedded();
    let _gateway = Gateway::start(&site);
    let mut page = chrome.open_prepared(&site.screen("front"), STAGED);
    page.until("it listens", "window.stream?.on.command !== undefined");
    for said in [
        "tell('hello', { screen: 'front', server: 'one' })",
        "order('front', 5, 'First words', 600000)",
    ] {
        assert_eq!(page.evaluate(said), Ok(json!(true)), "{said}");
    }
    page.until(
        "the first is on",
        "document.body.innerText.includes('First words')",
    );
    let refused = [
        ("front", 4),
        ("front", 5),
        ("front", 0),
        ("front", -1),
        ("other", 9),
    ];
    let refuse = |page: &mut Page| {
        for (screen, revision) in refused {
            let order = format!("order('{screen}', {revision}, 'Replayed words', 600000)");
            assert_eq!(page.evaluate(&order), Ok(json!(true)));
        }
    };
    refuse(&mut page);
    let clear = "tell('command', { screen: 'front', revision: 6, action: 'clear' })";
    assert_eq!(page.evaluate(clear), Ok(json!(true)));
    let house = "document.body.innerText.includes('The house loop')";
    page.until("the house loop is on", house);
    refuse(&mut page);
    assert_eq!(
        page.evaluate("order('front', 7, 'Short words', 400)"),
        Ok(json!(true))
    );
    page.until("a later one is on", "words.includes('Short words')");
    page.until("it expires by itself", house);
    refuse(&mut page);
    assert_eq!(
        page.evaluate("order('front', 8, 'Last words', 600000)"),
        Ok(json!(true))
    );
    page.until(
        "the last is on",
        "document.body.innerText.includes('Last words')",
    );
    assert_eq!(
        page.evaluate("words.includes('Replayed')"),
        Ok(json!(false))
    );
}
