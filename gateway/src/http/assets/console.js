// The console: fetches the plan once, follows the shop, and says so when it
// cannot.

import { Desk } from "/assets/desk.js";
import { keep, make, mark, say, span } from "/assets/dom.js";
import { showFound } from "/assets/found.js";
import { follow } from "/assets/link.js";
import { FloorMap, legend } from "/assets/map.js";
import { showMe } from "/assets/me.js";
import { health, money, offers, recent, screens, sensors, tiles } from "/assets/panels.js";
import { state } from "/assets/state.js";

const at = (id) => document.getElementById(id);
const map = new FloorMap(at("map"), (visit) => {
  picked = visit;
  fetchHeat();
});
const desk = new Desk();

/** Whose belief the map shows; everybody's if null. */
let picked = null;
let plan = null;
let live = null;
/** When the last picture came, by this machine's own clock. */
let heardAt = 0;
let up = false;
let problems = [];

async function fetchPlan() {
  const answer = await fetch("/api/plan");
  if (answer.status === 401) {
    location.assign("/login");
    return;
  }
  plan = await answer.json();
  document.title = `${plan.name} · Aislecast`;
  say(at("shop-name"), plan.name);
  at("demo").hidden = !plan.demo;
  at("truth-switch").hidden = !plan.demo;
  map.setPlan(plan);
  drawLevels();
  legend(at("legend"), plan.demo);
  fetchFound();
  desk.setPlan(plan);
  if (live) render();
}

/** One button for each storey, when there is more than one. */
function drawLevels() {
  const host = at("levels");
  host.hidden = plan.levels.length < 2;
  const buttons = plan.levels.map((_, level) => {
    const button = make("button", { type: "button" }, level === 0 ? "Ground floor" : `Storey ${level}`);
    button.setAttribute("aria-pressed", level === map.level);
    button.addEventListener("click", () => {
      map.showLevel(level);
      drawLevels();
      if (live) render();
      fetchHeat();
    });
    return button;
  });
  host.replaceChildren(...buttons);
}

/** So is how well people are found, and that takes the gateway a second. */
function fetchFound() {
  if (!document.hidden && up && plan) showFound(at("found"), at("found-hint"), plan);
}

/** The belief is worked out only for a page that is looked at. */
async function fetchHeat() {
  if (document.hidden || !up || !plan) return;
  const whose = picked;
  const answer = await fetch(whose === null ? "/api/heat" : `/api/heat?visit=${whose}`).catch(() => null);
  if (answer?.ok && whose === picked) map.setHeat(await answer.json());
}

function render() {
  if (!plan || !live) return;
  const { status } = live;
  map.setLive(live);
  tiles(at("tiles"), live);
  screens(at("screens"), plan, status, live.displays);
  offers(at("offers"), plan, status);
  at("money-card").hidden = money(at("money"), plan, status) === 0;
  sensors(at("sensors"), plan, status);
  recent(at("recent"), live);
  desk.setVisits(status.visits);
  renderState();
}

/** What is wrong in the shop, or that nothing is. */
function renderState() {
  const [mark, words] = state(up, live, problems);
  at("state").dataset.state = mark;
  at("health").hidden = !up;
  if (live) health(at("health"), live, problems);
  say(at("state-title"), words);
  const create = () => make("li", {}, make("p", {}, make("strong"), " ", make("span")));
  keep(at("problems"), up ? problems : [], (p) => p.key, create, (item, problem) => {
    item.dataset.severity = problem.severity;
    say(item.querySelector("strong"), problem.what);
    say(item.querySelector("span"), problem.remedy);
  });
}

/** Says it aloud when something new is wrong, and not every second. */
function announce(before) {
  const known = new Set(before.map((problem) => problem.key));
  const news = problems.filter((problem) => !known.has(problem.key));
  if (news.length > 0) say(at("state-news"), news.map((p) => `${p.what} ${p.remedy}`).join(" "));
  else if (before.length > 0 && problems.length === 0) say(at("state-news"), "All well again.");
}

function renderLink() {
  const age = Date.now() - heardAt;
  const fresh = up && age < 5_000;
  at("link").dataset.state = fresh ? "up" : heardAt || !up ? "down" : "waiting";
  say(at("link-text"), fresh ? "Live" : heardAt ? `No news for ${span(age)}` : "Connecting …");
  mark(document.body, "data-stale", heardAt > 0 && !fresh);
}

const on = {
  live(data) {
    live = data;
    heardAt = Date.now();
    if (!plan) fetchPlan().catch(() => {});
    render();
    renderLink();
  },
  problems(data) {
    const before = problems;
    problems = data;
    renderState();
    announce(before);
  },
  plan() {
    fetchPlan().catch(() => {});
  },
};

function linkIs(isUp) {
  up = isUp;
  // Another process may have another plan, and may ask to sign in again.
  fetchPlan().catch(() => {});
  if (live) renderState();
  renderLink();
}

at("truth").addEventListener("change", (event) => {
  map.showTruth = event.target.checked;
  if (live) map.setLive(live);
});
setInterval(renderLink, 1_000);
setInterval(fetchHeat, 1_000);
setInterval(fetchFound, 120_000);
// Scanners have heard each other for a while by then.
setTimeout(fetchFound, 20_000);
showMe(at("me")).catch(() => {});
follow("/api/live/events", on, linkIs);
