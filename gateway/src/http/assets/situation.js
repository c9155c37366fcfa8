// Who stands before a screen and when, in a form; and why every offer would be
// shown to them or not.

import { make, say } from "/assets/dom.js";

const at = (id) => document.getElementById(id);
let shop = null;

const options = (list) => list.map(({ id, label }) => make("option", { value: id }, label ?? id));
const select = (list) => make("select", {}, ...options(list));
const field = (words, input) => make("label", {}, words, " ", input);
const count = (least, most, value) => make("input", { type: "number", min: least, max: most, value, required: true });

/** One line of the form; `read` makes of it what is sent. */
function line(kind, words, parts, read) {
  const away = make("button", { type: "button", class: "away", "aria-label": `Take out: ${words}` }, "Take out");
  const item = make("li", { "data-kind": kind }, make("b", {}, words), ...parts, away);
  item.read = read;
  away.addEventListener("click", () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    (next?.querySelector("select") ?? at("add-person")).focus();
  });
  at("described").append(item);
  item.querySelector("select").focus();
}

function addPerson() {
  const zone = select(shop.zones);
  const dwell = count(0, 86_400, 60);
  const visits = count(0, 100_000, 1);
  const boxes = shop.segments.map((name) => make("input", { type: "checkbox", value: name }));
  const chips = make("fieldset", { class: "chips" }, make("legend", {}, "In segments"),
    ...boxes.map((box) => make("label", {}, box, " ", box.value)));
  const parts = [field("Where", zone), field("For, seconds", dwell), field("Visits so far", visits)];
  if (boxes.length > 0) parts.push(chips);
  line("person", "Somebody who opted in", parts, (situation) => situation.audience.push({
    zone: zone.value,
    dwell: `${dwell.value}s`,
    visits: Number(visits.value),
    segments: boxes.filter((box) => box.checked).map((box) => box.value),
  }));
}

function addCrowd() {
  const zone = select(shop.zones);
  const people = count(1, 1_000, 3);
  line("crowd", "People nobody knows", [field("Where", zone), field("How many", people)], (situation) => {
    situation.crowd[zone.value] = (situation.crowd[zone.value] ?? 0) + Number(people.value);
  });
}

function addSensor() {
  const sensor = select(shop.sensors);
  const value = make("input", { type: "text", placeholder: "28 °C, 12 pieces, 3 people", required: true, autocomplete: "off" });
  line("sensor", "What a sensor says", [field("Which", sensor), field("It says", value)], (situation) => {
    situation.sensors[sensor.value] = value.value.trim();
  });
}

function situation() {
  const asked = { screen: at("ask-screen").value, audience: [], crowd: {}, sensors: {} };
  if (at("ask-at").value) asked.at = at("ask-at").value.replace("T", " ").slice(0, 16);
  for (const item of at("described").children) item.read(asked);
  return asked;
}

async function ask(event) {
  event.preventDefault();
  tell("One moment …");
  at("answers").hidden = true;
  say(at("assumed"), "");
  at("ask-problems").replaceChildren();
  try {
    const answer = await fetch("/api/v1/offers/explain", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(situation()),
    });
    if (answer.status === 401) location.assign("/login");
    const body = await answer.json();
    if (answer.ok) show(body);
    else refuse(body);
  } catch {
    tell("The gateway could not be reached; please try again.", true);
  }
}

function tell(text, bad = false) {
  say(at("ask-outcome"), text);
  at("ask-outcome").toggleAttribute("data-bad", bad);
}

function refuse({ error, problems = [] }) {
  tell(error ?? "The gateway refused.", true);
  at("ask-problems").replaceChildren(...problems.map(({ key, what, did_you_mean: meant, remedy }) => {
    const text = `${key}: ${what}. ${meant ? `Did you mean ${meant}? ` : ""}${remedy}`;
    return make("li", { "data-bad": true }, text);
  }));
}

/** First what is chosen, then what could be, then what is stopped. */
const rank = ({ chosen, score }) => (chosen ? Infinity : score?.total ?? -1);

function show({ why, assumed, offers }) {
  tell(why);
  say(at("assumed"), `Taken to be so: ${assumed}.`);
  const sorted = offers.toSorted((one, other) => rank(other) - rank(one));
  at("answers").replaceChildren(...sorted.map((offer) => {
    const score = offer.score && !offer.chosen ? `, score ${Math.round(offer.score.total)}` : "";
    const needed = offer.needed ? `; needed: ${offer.needed.words}` : "";
    return make("li", { "data-chosen": offer.chosen }, make("b", {}, offer.title), " ", `${offer.words}${score}${needed}`);
  }));
  at("answers").hidden = false;
}

async function begin() {
  try {
    shop = await (await fetch("/api/plan")).json();
  } catch {
    return tell("The shop could not be read; load the page again.", true);
  }
  at("ask-screen").replaceChildren(...options(shop.screens));
  at("add-sensor").hidden = shop.sensors.length === 0;
  for (const [id, add] of [["add-person", addPerson], ["add-crowd", addCrowd], ["add-sensor", addSensor]]) {
    at(id).addEventListener("click", add);
  }
  at("ask").addEventListener("submit", ask);
}

begin();
