// Lists beside the floor: numbers, screens, offers, sensors, happenings.

import { fit, loaded, paint, withoutPicture } from "/assets/creative.js";
import { keep, make, mark, number, reading, say, span } from "/assets/dom.js";
import { parts } from "/assets/state.js";

const PHASES = {
  house: "House loop",
  reserving: "Getting ready",
  sent: "Sent, waiting for it",
  showing: "Confirmed",
  clearing: "Clearing",
  silent: "Does not confirm",
};

/** The parts of the gateway, each with a word and a mark. */
export function health(host, live, problems) {
  keep(host, parts(live, problems), ([key]) => key, () => make("li"), (item, [, shown, text]) => {
    item.dataset.mark = shown;
    say(item, text);
  });
}

export function tiles(host, live) {
  const { status, counts } = live;
  const items = [
    ["here", "Shoppers here who opted in", number(status.visits.length)],
    ["people", "People in the shop", status.people == null ? "–" : number(status.people)],
    ["readings", "Readings per second", number(live.sightings_per_s)],
    ["strangers", "Strangers dropped per second", number(live.strangers_per_s)],
    ["painted", "Pictures confirmed", number(counts.painted)],
    ["enrolled", "Customers enrolled", number(status.enrolled)],
  ];
  const create = ([, label]) => make("div", {}, make("dt", {}, label), make("dd"));
  keep(host, items, ([key]) => key, create, (tile, [, , value]) => say(tile.lastChild, value));
}

/* ---- screens ---- */

const EVIDENCE = { acked: "proven", sent: "sent, not proven", unknown: "nothing proven" };

export function screens(host, plan, status, displays) {
  const proofs = new Map(displays.map((display) => [display.screen, display]));
  const planned = new Map(plan.screens.map((screen) => [screen.id, screen]));
  const titles = new Map(plan.offers.map((offer) => [offer.id, offer.title]));
  const create = ({ id }) => {
    const label = planned.get(id)?.label ?? id;
    const address = make("a", { href: `/screen/${id}`, target: "_blank" }, label);
    const words = make(
      "div",
      {},
      make("h3", {}, address),
      make("p", { class: "shows" }),
      make("p", { class: "why" }),
      make("p", { class: "seen phase" }),
      make("p", { class: "seen proof" }),
    );
    return make("li", {}, make("div", { class: "glass" }), words);
  };
  keep(host, status.screens, (screen) => screen.id, create, (item, screen) => {
    const house = plan.house[0];
    glass(item.firstChild, screen.offer ? screen.creative : house, screen.phase === "silent");
    const shows = screen.offer ? (titles.get(screen.offer) ?? screen.offer) : "House loop";
    say(item.querySelector(".shows"), shows);
    say(item.querySelector(".why"), screen.why);
    const phase = item.querySelector(".phase");
    phase.dataset.phase = screen.phase;
    say(phase, `${PHASES[screen.phase]} · ${heard(screen.silent_ms)}`);
    say(item.querySelector(".proof"), proof(proofs.get(screen.id)));
  });
}

/** How it is driven, what is known about its newest order, and what is wrong. */
function proof(display) {
  if (!display) return "";
  const { pictures, proven } = display;
  // Before the first order there is nothing to prove.
  const known = pictures > 0 && [EVIDENCE[display.evidence], `${proven} of ${pictures} pictures proven`];
  const words = [display.display, ...(known || []), display.dark, display.trouble];
  return words.filter(Boolean).join(" · ");
}

function heard(silentMs) {
  return silentMs == null ? "never heard of" : `heard ${span(silentMs)} ago`;
}

/** The picture that is really there, painted by the same code as on the screen. */
function glass(host, creative, doubt) {
  mark(host, "data-doubt", doubt);
  const wanted = JSON.stringify(creative ?? null);
  if (host.painted === wanted) return;
  host.painted = wanted;
  if (!creative) {
    host.replaceChildren();
    return;
  }
  const root = paint(creative);
  root.setAttribute("aria-hidden", "true");
  host.replaceChildren(root);
  fit(root);
  loaded(root).catch(() => {
    withoutPicture(root);
    fit(root);
  });
}

/* ---- offers ---- */

export function offers(host, plan, status) {
  const titles = new Map(plan.offers.map((offer) => [offer.id, offer.title]));
  const create = ({ id }) => {
    const cells = Array.from({ length: 8 }, () => make("td"));
    const name = make("span", {}, titles.get(id) ?? id);
    const head = make("th", { scope: "row" }, name, make("p", { class: "why" }));
    return make("tr", {}, head, ...cells);
  };
  keep(host, status.offers, (offer) => offer.id, create, (row, offer) => {
    const [exposed, holdout, neither] = offer.baskets;
    const values = [
      number(offer.showings_today),
      number(offer.left),
      number(offer.painted),
      offer.seen_s < 1 ? "–" : span(offer.seen_s * 1000),
      number(exposed),
      number(holdout),
      number(neither),
      number(offer.codes),
    ];
    values.forEach((value, at) => say(row.children[at + 1], value));
    const told = [offer.ramp?.words, ...offer.told].filter(Boolean).join("; ");
    say(row.querySelector(".why"), told);
  });
}

/** What vouchers cost, by offer and by campaign. How many rows there are. */
export function money(host, plan, status) {
  const titles = new Map(plan.offers.map((offer) => [offer.id, offer.title]));
  const offers = status.offers
    .filter(({ vouchers }) => vouchers)
    .map(({ id, vouchers }) => ({ key: `offer ${id}`, name: titles.get(id) ?? id, why: beside(vouchers), ...vouchers }));
  const campaigns = status.campaigns.map(({ id, ...sums }) => ({
    key: `campaign ${id}`,
    name: `Campaign ${id}`,
    why: `${number(sums.showings)} showings`,
    ...sums,
  }));
  const create = ({ name }) => {
    const head = make("th", { scope: "row" }, make("span", {}, name), make("p", { class: "why" }));
    return make("tr", {}, head, ...Array.from({ length: 7 }, () => make("td")));
  };
  const rows = [...offers, ...campaigns];
  keep(host, rows, ({ key }) => key, create, (row, sums) => {
    const { reserved, committed, released, left } = sums;
    const values = [reserved, committed, released, left, sums.reserved_minor, sums.committed_minor, sums.left_minor];
    values.forEach((value, at) => say(row.children[at + 1], value == null ? "–" : number(value)));
    say(row.querySelector(".why"), sums.why);
  });
  return rows.length;
}

/** What came in that no budget was left for: it is counted, and nothing is issued for it. */
function beside({ late, again }) {
  const words = [late && `${number(late)} handed in too late`, again && `${number(again)} handed in twice`];
  return words.filter(Boolean).join("; ");
}

/* ---- sensors and happenings ---- */

export function sensors(host, plan, status) {
  const planned = new Map(plan.sensors.map((sensor) => [sensor.id, sensor]));
  const create = ({ id }) => {
    const sensor = planned.get(id);
    const kind = sensor ? sensor.kind.replaceAll("-", " ") : "";
    const where = [kind, sensor?.zone ?? "whole shop"].filter(Boolean).join(", ");
    return make("li", {}, make("span", {}, id, make("span", {}, where)), make("b"));
  };
  keep(host, status.sensors, (sensor) => sensor.id, create, (item, sensor) => {
    mark(item.lastChild, "data-unknown", sensor.value == null);
    say(item.lastChild, reading(sensor));
  });
}

export function recent(host, live) {
  const uptime = live.health.uptime_ms;
  const key = (entry) => `${entry.at_ms} ${entry.kind} ${entry.text}`;
  const create = (entry) => make("li", {}, make("time"), make("span", {}, entry.text));
  const unique = [...new Map(live.recent.map((entry) => [key(entry), entry])).values()];
  keep(host, unique, key, create, (item, entry) => {
    say(item.firstChild, `${span(Math.max(uptime - entry.at_ms, 0))} ago`);
  });
}
