// A calibration walk with a phone: the operator says where they are, the
// gateway listens to the tag they carry.

import { draw, keep, make, mark, say } from "/assets/dom.js";
import { showFound, times } from "/assets/found.js";
import { FloorMap } from "/assets/map.js";

/** Standing at a place takes so long, ms: a tag is heard some forty times by each scanner near. */
const STAND_MS = 20_000;
/** How often the gateway is asked how the walk stands, ms. */
const ASK_MS = 500;
/** What a tag is suggested to send; nobody is enrolled with it. */
const SUGGESTED_TAG = "ibeacon:a15ec457-0000-4000-8000-0000000000ca-1-1";
const STEPS = { ArrowLeft: [-0.5, 0], ArrowRight: [0.5, 0], ArrowUp: [0, 0.5], ArrowDown: [0, -0.5] };

const at = (id) => document.getElementById(id);
const map = new FloorMap(at("map"), () => {});

let plan = null;
let walk = { is_walking: false, legs: [], open: null, scanners: [], packets: 0 };
/** The pin, and where a way began; `null` until they are shown. */
let pin = null;
let from = null;
let walks = false;
let reviewing = false;
let busy = false;

async function begin() {
  const answer = await fetch("/api/plan");
  if (answer.status === 401) return location.assign("/login");
  plan = await answer.json();
  say(at("shop-name"), plan.name);
  at("demo").hidden = !plan.demo;
  drawPlan();
  at("tag").value = remembered() ?? SUGGESTED_TAG;
  await ask();
  showFound(at("found"), at("found-hint"), plan);
  setInterval(ask, ASK_MS);
}

function drawPlan() {
  map.setPlan({ ...plan, sensors: [], screens: [] });
  const host = at("levels");
  host.hidden = plan.levels.length < 2;
  host.replaceChildren(...plan.levels.map((_, level) => {
    const button = make("button", { type: "button" }, level === 0 ? "Ground floor" : `Storey ${level}`);
    button.setAttribute("aria-pressed", level === map.level);
    button.addEventListener("click", () => {
      if (walk.open) return;
      map.level = level;
      [pin, from] = [null, null];
      drawPlan();
      render();
    });
    return button;
  }));
}

/** How the walk stands; a leg of standing ends by itself. */
async function ask() {
  if (document.hidden) return;
  const answer = await fetch("/api/calibration").catch(() => null);
  if (!answer?.ok) return tell("The gateway cannot be reached just now.", true);
  walk = await answer.json();
  render();
  if (walk.open && isStanding(walk.open) && walk.open.for_ms >= STAND_MS && !busy) await end();
}

/** Takes a step; whether the gateway took it. */
async function step(body, path = "/api/calibration") {
  if (busy) return null;
  busy = true;
  render();
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const told = await answer.json();
    tell(answer.ok ? "" : told.error, !answer.ok);
    if (answer.ok && path === "/api/calibration") walk = told;
    return answer.ok ? told : null;
  } catch {
    tell("The gateway cannot be reached. Nothing was changed; please try again.", true);
    return null;
  } finally {
    busy = false;
    render();
  }
}

async function go() {
  if (walk.open) return end();
  const [start, goal] = walks ? [from, pin] : [pin, pin];
  const place = ({ x, y }) => [x, y];
  await step({ do: "leg", from: place(start), to: place(goal), level: map.level });
}

async function end() {
  const ended = walk.open;
  const told = await step({ do: "end" });
  if (!told) return;
  navigator.vibrate?.(200);
  tell(`Good: heard ${told.legs.at(-1).packets} times. On to the next place.`);
  // The next way begins where this one ended.
  if (!isStanding(ended)) [from, pin] = [pin, null];
  render();
}

async function undo() {
  if (await step({ do: "undo" })) tell("The last place is taken back.");
  if (walks && walk.legs.length === 0) from = null;
  render();
}

async function finish() {
  reviewing = true;
  say(at("verdict"), "Working it out …");
  say(at("verdict-hint"), "");
  render();
  at("review-title").focus();
  const answer = await fetch("/api/calibration/survey").catch(() => null);
  const told = await answer?.json();
  if (!answer?.ok) return say(at("verdict"), told?.error ?? "The gateway cannot be reached; please try again.");
  say(at("verdict"), verdict(told.quality, told.now));
  say(at("verdict-hint"), `${walk.legs.length} places and ways, ${told.points} entries. Each was left out in turn and found by the others: that is what this says.`);
}

/** What the survey promises, beside what the shop does without it on the same walk. */
function verdict(quality, now) {
  if (!quality || !now) return "What it is worth cannot be told yet; walk on.";
  const found = `People will be found to ${quality.error_m.toFixed(1)} m on average, and the zone will be right ${times(quality.zone_right)}`;
  const before = `${now.error_m.toFixed(1)} m and ${times(now.zone_right)} as the shop is now.`;
  if (quality.error_m > now.error_m) return `Not enough yet. ${found}, but ${before} Walk on, with places closer to each other.`;
  return `${found}: it is ${before}`;
}

async function save() {
  const told = await step({ add: at("add").checked }, "/api/calibration/survey");
  if (!told) return;
  const former = told.former ? ` The former one is kept in ${told.former}.` : "";
  leave(`Saved to ${told.file}.${former} The gateway goes by it within seconds.`);
}

async function giveUp() {
  if (await step({ do: "stop" })) leave("Thrown away. Nothing was saved.");
}

function leave(words) {
  [reviewing, pin, from] = [false, null, null];
  tell(words);
  ask();
  setTimeout(() => showFound(at("found"), at("found-hint"), plan), 4_000);
}

/* ---- the pin ---- */

function point({ x, y }) {
  if (walk.open) return;
  const round = (metres) => Math.round(metres * 10) / 10;
  const place = { x: round(x), y: round(y) };
  if (!inside(place, plan.levels[map.level].outline)) return tell("That is outside the floor.", true);
  if (walks && !from) from = place;
  else pin = place;
  tell("");
  render();
}

function nudge([east, north]) {
  const { x, y } = pin ?? from ?? middle();
  const moved = { x: x + east, y: y + north };
  if (walks && from && !pin) from = null;
  point(moved);
}

/** Where arrows begin when nothing is shown yet: the way in. */
function middle() {
  return (plan.zones.find((zone) => zone.entrance && zone.level === map.level) ?? plan.zones[0]).middle;
}

/** Even-odd rule. */
function inside({ x, y }, outline) {
  return outline.reduce((odd, a, i) => {
    const b = outline.at(i - 1);
    const crosses = a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x;
    return crosses ? !odd : odd;
  }, false);
}

/* ---- what is seen ---- */

function render() {
  const walking = walk.is_walking;
  at("begin").hidden = walking;
  at("walk").hidden = !walking || reviewing;
  at("review").hidden = !walking || !reviewing;
  at("found-card").hidden = walking;
  at("bar").hidden = !walking || reviewing;
  at("standing").setAttribute("aria-pressed", !walks);
  at("walking").setAttribute("aria-pressed", walks);
  for (const id of ["standing", "walking"]) at(id).disabled = Boolean(walk.open);
  if (!walking || !plan) return;
  renderTask();
  renderHeard();
  renderWalk();
}

function renderTask() {
  const { open } = walk;
  const left = open && Math.max(0, Math.ceil((STAND_MS - open.for_ms) / 1000));
  const ready = walks ? from && pin : pin;
  say(at("task"), task(open));
  say(at("go"), doing(open, left));
  at("go").disabled = busy || !(open || ready);
  at("go").style.setProperty("--done", open && isStanding(open) ? Math.min(1, open.for_ms / STAND_MS) : 0);
  at("undo").disabled = busy || !(open || walk.legs.length > 0);
  at("finish").disabled = busy || Boolean(open) || walk.legs.length === 0;
  const shown = pin ?? from;
  say(at("place"), shown ? `${shown.x.toFixed(1)} m east, ${shown.y.toFixed(1)} m north${zoneOf(shown)}` : "No place is shown yet.");
  for (const button of document.querySelectorAll(".nudges button")) button.disabled = Boolean(open);
}

function task(open) {
  if (open && isStanding(open)) return "Stay there and turn round slowly.";
  if (open) return "Walk straight there at an even pace.";
  if (walks && !from) return "Tap where you set out.";
  if (walks && !pin) return "Tap where you walk to.";
  if (walks) return "Press the button and walk there.";
  return pin ? "Hold the tag as a shopper would." : "Tap where you are.";
}

function doing(open, left) {
  if (open && isStanding(open)) return `${left} s to go`;
  if (open) return "I have arrived";
  return walks ? "I set out now" : "I am standing here";
}

function zoneOf(place) {
  const here = plan.zones.find((zone) => zone.level === map.level && inside(place, zone.area));
  return here ? `: ${here.label}` : "";
}

function renderHeard() {
  const { scanners, packets, legs } = walk;
  const most = Math.max(1, ...scanners.map(([, count]) => count));
  const places = legs.length === 1 ? "1 place or way" : `${legs.length} places or ways`;
  const silent = packets === 0 ? "The tag was not heard yet: is it on?" : `${places} so far; ${packets} packets in all.`;
  say(at("heard-sum"), silent);
  const create = ([id]) => make("li", {}, make("span", { class: "who" }, id), make("span", { class: "bar-of" }), make("b"));
  keep(at("hearers"), scanners, ([id]) => id, create, (item, [, count]) => {
    item.children[1].style.setProperty("--share", count / most);
    say(item.lastChild, String(count));
  });
}

function renderWalk() {
  const here = walk.legs.filter((leg) => leg.level === map.level);
  const place = ([x, y]) => ({ x, y });
  const lines = here.filter((leg) => !isStanding(leg)).map((leg) => [draw("line", { class: "trodden" }), place(leg.from), place(leg.to)]);
  const marks = here.map((leg) => [draw("g", { class: "stood mark" }, draw("circle", { r: 6 })), place(leg.to)]);
  const [start, goal] = walk.open ? [place(walk.open.from), place(walk.open.to)] : [walks ? from : null, pin];
  if (start && goal) lines.push([draw("line", { class: "way" }), start, goal]);
  const setsOut = walk.open ? !isStanding(walk.open) : walks;
  if (start && setsOut) marks.push([draw("g", { class: "start mark" }, draw("circle", { r: 9 })), start]);
  if (goal) marks.push([pinMark(), goal]);
  map.setWalk(marks, lines);
}

function pinMark() {
  const drop = draw("path", { d: "M0 0C-4 -8 -11 -13 -11 -21A11 11 0 0 1 11 -21C11 -13 4 -8 0 0Z" });
  const pinned = draw("g", { class: "pin mark" }, drop, draw("circle", { cy: -21, r: 4 }));
  mark(pinned, "data-open", Boolean(walk.open));
  return pinned;
}

function isStanding({ from: [x, y], to: [toX, toY] }) {
  return x === toX && y === toY;
}

function tell(words, bad = false) {
  say(at("outcome"), words);
  at("outcome").toggleAttribute("data-bad", bad);
}

/* ---- memory: a convenience, and a browser may refuse it ---- */

function remembered() {
  try {
    return localStorage.getItem("tag");
  } catch {
    return null;
  }
}

function remember(tag) {
  try {
    localStorage.setItem("tag", tag);
  } catch {
    // Then it is typed in again next time.
  }
}

/* ---- hands ---- */

at("begin-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const tag = at("tag").value.trim();
  if (await step({ do: "begin", tag })) remember(tag);
});
for (const [id, isWay] of [["standing", false], ["walking", true]]) {
  at(id).addEventListener("click", () => {
    [walks, from, pin] = [isWay, null, null];
    render();
  });
}
at("map").addEventListener("click", (event) => point(map.under(event)));
at("map").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !at("go").disabled) go();
  if (!STEPS[event.key]) return;
  event.preventDefault();
  nudge(STEPS[event.key]);
});
for (const button of document.querySelectorAll(".nudges button")) {
  button.addEventListener("click", () => nudge([Number(button.dataset.east), Number(button.dataset.north)]));
}
for (const [id, act] of Object.entries({ go, undo, finish, save, "give-up": giveUp })) at(id).addEventListener("click", act);
at("walk-on").addEventListener("click", () => {
  reviewing = false;
  render();
});
begin().catch(() => tell("The gateway cannot be reached. Load this page again when it runs.", true));
