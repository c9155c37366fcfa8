// The marketer's desk: what offers do and why, stopping them, changing them.

import { keep, make, number, say } from "/assets/dom.js";
import { showMe } from "/assets/me.js";
import { sure } from "/assets/sure.js";

const STATES = {
  shown: "Shown",
  ready: "Ready",
  paused: "Paused",
  out_of_hours: "Not now",
  conditions: "Conditions",
  used_up: "Used up",
  waiting: "Waiting for people",
};
const EVERY_MS = 2_000;

const at = (id) => document.getElementById(id);
let state = null;
let bundle = null;
/** Offers whose reasons are open. */
const opened = new Set();

/** Asks the gateway; says what is wrong instead of throwing. */
async function ask(path, options) {
  try {
    const answer = await fetch(`/api/v1/offers${path}`, options);
    if (answer.status === 401) location.assign("/login");
    const body = await answer.json();
    return answer.ok ? { body } : { error: body.error ?? "The gateway refused.", problems: body.problems };
  } catch {
    return { error: "The gateway could not be reached. Nothing was changed; please try again." };
  }
}

function post(path, body) {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function tell(text, bad = false, where = "outcome") {
  say(at(where), text);
  at(where).toggleAttribute("data-bad", bad);
}

async function refresh() {
  if (document.hidden) return;
  const { body, error } = await ask("");
  if (error) return tell(error, true);
  if (at("outcome").hasAttribute("data-bad")) tell("");
  state = body;
  render();
  for (const offer of opened) fetchWhy(offer);
  if (opened.size > 0) fetchBrought();
}

function render() {
  const { safe_now: safe, all_paused: paused } = state;
  at("stop").dataset.state = safe || paused ? "stopped" : "runs";
  say(at("stop-title"), safe ? "House loop on every screen" : paused ? "All offers are paused" : "Offers run");
  say(at("stop-text"), safe || paused
    ? "It holds, also over a restart, until somebody lets offers go on."
    : "Screens show what is decided for them.");
  say(at("safe-now"), safe ? "Let offers go on" : "House loop now");
  say(at("pause-all"), paused ? "Resume all" : "Pause all");
  at("safe-now").classList.toggle("grave", !safe);
  const wanted = at("find").value.trim().toLowerCase();
  const shown = state.offers.filter((o) => `${o.id} ${o.title}`.toLowerCase().includes(wanted));
  at("none").hidden = state.offers.length > 0;
  keep(at("offers"), shown, (offer) => offer.id, createRow, updateRow);
}

function createRow({ id }) {
  const why = make("button", { type: "button", class: "why", "aria-expanded": "false" }, "Why?");
  const hold = make("button", { type: "button", class: "hold" });
  const loose = make("button", { type: "button", class: "loose", hidden: true }, "Let loose again");
  why.addEventListener("click", () => toggle(id));
  hold.addEventListener("click", () => holdOne(id));
  loose.addEventListener("click", () => letLoose(id));
  const head = make("div", { class: "row" },
    make("p", { class: "name" }, make("strong"), make("span", { class: "id" }, id)),
    make("p", { class: "verdict" }, make("b"), make("span")),
    make("p", { class: "counts" }),
    make("div", { class: "buttons" }, why, loose, hold));
  return make("li", {}, head, make("ul", { class: "reasons", hidden: true }), make("ul", { class: "reasons brought", hidden: true }));
}

function updateRow(row, offer) {
  row.dataset.state = offer.state;
  say(row.querySelector("strong"), offer.title);
  say(row.querySelector(".verdict b"), STATES[offer.state] ?? offer.state);
  say(row.querySelector(".verdict span"), offer.words);
  say(row.querySelector(".counts"), `${number(offer.showings_today)} shown today, ${number(offer.left)} left`);
  const why = row.querySelector(".why");
  why.setAttribute("aria-expanded", String(opened.has(offer.id)));
  why.setAttribute("aria-label", `Why ${offer.title}?`);
  const hold = row.querySelector(".hold");
  say(hold, offer.paused ? "Resume" : "Pause");
  hold.setAttribute("aria-label", `${offer.paused ? "Resume" : "Pause"} ${offer.title}`);
  const loose = row.querySelector(".loose");
  loose.hidden = !offer.halted;
  loose.setAttribute("aria-label", `Let ${offer.title} loose again`);
  for (const list of row.querySelectorAll(".reasons")) list.hidden = !opened.has(offer.id);
}

function toggle(id) {
  if (!opened.delete(id)) opened.add(id);
  render();
  if (!opened.has(id)) return;
  fetchWhy(id);
  fetchBrought();
}

async function fetchWhy(id) {
  const { body } = await ask(`/${encodeURIComponent(id)}/why`);
  const row = at("offers").kept?.get(id);
  if (!body || !row) return;
  const create = () => make("li", {}, make("b"), " ", make("span"));
  keep(row.querySelector(".reasons"), body.screens, (s) => s.screen, create, (item, screen) => {
    item.toggleAttribute("data-chosen", screen.chosen);
    say(item.querySelector("b"), screen.label);
    const needed = screen.needed ? `; needed: ${screen.needed.words}` : "";
    say(item.querySelector("span"), screen.words + needed);
  });
}

/** What an offer brought, as far as chance can tell: a sentence each. */
function sentences({ comparisons, switchback, ramp }) {
  const screens = switchback.map(({ screen, words }) => `${screen}: ${words}`);
  return [...comparisons.map(({ words }) => words), ...screens, ...(ramp ? [ramp.words] : [])];
}

async function fetchBrought() {
  const { body } = await ask("/results");
  if (!body) return;
  for (const offer of opened) {
    const lift = body.find((known) => known.offer === offer);
    const told = lift ? sentences(lift) : [];
    const lines = told.length > 0 ? told : ["nothing to tell yet: it has reached nobody, or it has no holdout, arms, switchback or ramp"];
    const create = () => make("li", {}, make("b", {}, "It brought"), " ", make("span"));
    keep(at("offers").kept.get(offer).querySelector(".brought"), [...lines.entries()], ([place]) => place, create,
      (item, [, words]) => say(item.querySelector("span"), words));
  }
}

async function holdOne(id) {
  const offer = state.offers.find((o) => o.id === id);
  await act(offer.paused ? "/resume" : "/pause", { offer: id }, offer.paused ? `“${offer.title}” goes on.` : `“${offer.title}” is paused on every screen.`);
}

async function letLoose(id) {
  const offer = state.offers.find((o) => o.id === id);
  await act(`/${encodeURIComponent(id)}/let-loose`, {}, `“${offer.title}” begins anew at its first step.`);
}

async function act(path, body, done) {
  tell("One moment …");
  const { error } = await post(path, body);
  await refresh();
  tell(error ?? done, Boolean(error));
}

async function safeNow() {
  if (state?.safe_now) return act("/safe-now", { end: true }, "Offers go on.");
  const text = "Every screen shows the house loop at once, and until somebody lets offers go on.";
  if (await sure("House loop on every screen?", text, "House loop now")) {
    await act("/safe-now", {}, "Every screen shows the house loop.");
  }
}

async function pauseAll() {
  if (state?.all_paused) return act("/resume", { all: true }, "Offers go on, but for those paused one by one.");
  const text = "No screen shows an offer until somebody resumes them.";
  if (await sure("Pause all offers?", text, "Pause all")) await act("/pause", { all: true }, "All offers are paused.");
}

async function choose() {
  at("plan").hidden = true;
  bundle = at("bundle").files[0] ?? null;
  if (!bundle) return;
  tell("Looking at it …", false, "change-outcome");
  const { body, error } = await ask("/plan", { method: "POST", body: bundle });
  tell(error ?? "", Boolean(error), "change-outcome");
  if (body) showPlan(body);
}

function showPlan(plan) {
  at("plan").hidden = false;
  const by = plan.is_taken ? plan.seal : `It would not be taken. ${plan.seal}`;
  say(at("seal"), plan.note ? `${by}: “${plan.note}”` : by);
  at("seal").toggleAttribute("data-bad", !plan.is_taken);
  say(at("diff"), plan.words.join("\n") || "Nothing changes.");
  const wrong = [...plan.problems, ...plan.failing].map((p) => ({ bad: true, text: `${p.file}, line ${p.line}: ${p.what}. ${p.remedy}` }));
  const odd = plan.warnings.map((p) => ({ text: `${p.file}, line ${p.line}: ${p.what}. ${p.remedy}` }));
  const notes = plan.findings.map((f) => ({ text: `${f.offer}: ${f.what}` }));
  const lines = [...wrong, ...odd, ...notes, { text: `${plan.tests} tests tried, ${plan.failing.length} failing.` }];
  at("found").replaceChildren(...lines.map(({ bad, text }) => make("li", { "data-bad": Boolean(bad) }, text)));
  at("apply").disabled = !plan.is_taken;
}

async function apply() {
  const { body, error } = await ask("/apply", { method: "POST", body: bundle });
  at("plan").hidden = Boolean(body);
  if (body) at("bundle").value = "";
  tell(error ?? `Version ${body.version} is in force.`, Boolean(error), "change-outcome");
  await Promise.all([refresh(), fetchVersions()]);
}

async function fetchVersions() {
  const { body } = await ask("/history");
  if (!body) {
    at("versions").replaceChildren(make("li", {}, "Offers cannot be changed here: the demo's are built in."));
    return;
  }
  const own = { version: 0, note: "the shop's own folder", author: null, applied: "" };
  const items = [...body.versions, own].map((version) => versionRow(version, body.version));
  at("versions").replaceChildren(...items);
}

function versionRow({ version, note, author, applied }, current) {
  const who = [author, applied && new Date(applied).toLocaleString()].filter(Boolean).join(", ");
  const row = make("li", {}, make("p", {}, make("strong", {}, `Version ${version}`), ` ${note}`, make("span", {}, who)));
  if (version === current) row.append(make("b", { class: "chip" }, "in force"));
  else {
    const back = make("button", { type: "button" }, "Go back to this");
    back.addEventListener("click", async () => {
      if (!(await sure(`Go back to version ${version}?`, "Its offers are in force at once, as a new version.", "Go back"))) return;
      const { body, error } = await post("/rollback", { to: version });
      tell(error ?? `Version ${body.version} is in force.`, Boolean(error), "change-outcome");
      await Promise.all([refresh(), fetchVersions()]);
    });
    row.append(back);
  }
  return row;
}

at("safe-now").addEventListener("click", safeNow);
at("pause-all").addEventListener("click", pauseAll);
at("find").addEventListener("input", () => state && render());
at("bundle").addEventListener("change", choose);
at("apply").addEventListener("click", apply);
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, EVERY_MS);
fetch("/api/plan").then((answer) => answer.json()).then(({ name }) => {
  say(at("shop-name"), name);
  document.title = `Offers · ${name}`;
}).catch(() => {});
refresh();
fetchVersions();
showMe(at("me")).catch(() => {});
