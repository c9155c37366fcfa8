// The floor plan, live. North is up; areas are drawn in metres, marks are
// scaled back so that they have the same size on a phone and on a wall.

import { draw, keep, make, mark, reading, say, span } from "/assets/dom.js";

/** Room around the floor for marks on its edge, metres. */
const EDGE_M = 0.9;
/** As problems.rs: a scanner that is silent for so long is taken to be broken. */
const SCANNER_SILENT_MS = 60_000;
/** Sensors that speak for a shelf are dots: there are too many of them for words. */
const OF_SHELVES = ["stock", "shelf-weight"];
/** So many people make a zone as dark as it gets. */
const FULL_ZONE = 6;
/** Below so many pixels per metre sensors go without their words. */
const ROOMY_PX = 17;
/** Marks on a crowded phone are this much smaller, and not less. */
const SHRINK_MIN = 0.66;

export class FloorMap {
  #host;
  #svg;
  #parts = {};
  #north = 0;
  /** Metres per CSS pixel, and how much smaller than drawn marks are. */
  #unit = 0.05;
  #shrink = 1;
  #zones = new Map();
  #live = null;
  showTruth = true;
  /** The storey that is drawn. */
  level = 0;
  #plan = null;
  #onPick;

  /** `onPick` is told the number of a visit whose mark is pointed at, or null. */
  constructor(host, onPick) {
    this.#host = host;
    this.#onPick = onPick;
    new ResizeObserver(() => this.#measure()).observe(host);
  }

  /** Draws what does not move. */
  setPlan(plan) {
    this.#plan = plan;
    this.#zones.clear();
    const corners = plan.levels.flatMap((level) => level.outline);
    const xs = corners.map((p) => p.x);
    const ys = corners.map((p) => p.y);
    const [west, east] = [Math.min(...xs) - EDGE_M, Math.max(...xs) + EDGE_M];
    const [south, north] = [Math.min(...ys) - EDGE_M, Math.max(...ys) + EDGE_M];
    this.#north = north;
    this.#svg = draw("svg", {
      viewBox: `${west} 0 ${east - west} ${north - south}`,
      role: "img",
      "aria-label": `Floor plan of ${plan.name}`,
    });
    for (const name of ["ground", "heat", "labels", "sensors", "scanners", "errors", "truth", "screens", "visits", "walk"]) {
      this.#parts[name] = this.#svg.appendChild(draw("g", { class: `layer-${name}` }));
    }
    this.#drawGround(plan);
    this.#placeMarks(plan);
    this.#host.replaceChildren(this.#svg);
    this.#measure();
  }

  #drawGround(plan) {
    const { ground, labels } = this.#parts;
    const { outline, obstacles } = plan.levels[this.level];
    ground.append(draw("polygon", { class: "floor-outline", points: this.#points(outline) }));
    for (const zone of this.#here(plan.zones)) {
      const area = draw("polygon", {
        class: zone.entrance ? "zone entrance" : "zone",
        points: this.#points(zone.area),
      });
      const name = draw("text", {}, zone.label);
      const people = draw("text", { class: "people", y: 14 });
      const label = labels.appendChild(draw("g", { class: "zone-label mark" }, name, people));
      ground.append(area);
      this.#zones.set(zone.id, { zone, area, label, name, people });
    }
    for (const shelf of obstacles) {
      ground.append(draw("polygon", { class: "shelf", points: this.#points(shelf) }));
    }
  }

  #placeMarks(plan) {
    const { sensors, scanners, screens } = this.#parts;
    for (const sensor of this.#here(plan.sensors)) sensors.append(this.#still(sensorMark(sensor), sensor));
    for (const scanner of this.#here(plan.scanners)) scanners.append(this.#still(scannerMark(scanner), scanner));
    for (const screen of this.#here(plan.screens)) screens.append(this.#still(screenMark(screen), screen));
  }

  /** Those on the storey that is drawn. */
  #here(things) {
    return things.filter((thing) => thing.level === this.level);
  }

  /** Draws another storey. */
  showLevel(level) {
    this.level = level;
    if (this.#plan) this.setPlan(this.#plan);
  }

  /** Metres under a pointer. */
  under(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#svg.getScreenCTM().inverse());
    return { x, y: this.#north - y };
  }

  /** Puts marks of a walk on top, as pairs of a mark and its place, and lines between places. */
  setWalk(marks, lines) {
    const { walk } = this.#parts;
    const between = ([node, from, to]) => {
      const ends = { x1: from.x, y1: this.#north - from.y, x2: to.x, y2: this.#north - to.y };
      for (const [name, value] of Object.entries(ends)) node.setAttribute(name, value);
      return node;
    };
    const placed = ([node, at]) => {
      this.#put(this.#still(node, { id: "", at }));
      return node;
    };
    walk.replaceChildren(...lines.map(between), ...marks.map(placed));
  }

  #still(node, { id, at }) {
    node.dataset.id = id;
    node.place = [at.x, this.#north - at.y];
    return node;
  }

  #points(polygon) {
    return polygon.map((p) => `${p.x},${this.#north - p.y}`).join(" ");
  }

  #measure() {
    if (!this.#svg) return;
    const matrix = this.#svg.getScreenCTM();
    if (!matrix?.a) return;
    this.#unit = 1 / matrix.a;
    this.#shrink = Math.min(1, Math.max(SHRINK_MIN, matrix.a / ROOMY_PX));
    for (const node of this.#svg.querySelectorAll(".mark")) this.#put(node);
    const roomy = matrix.a >= ROOMY_PX;
    for (const node of this.#svg.querySelectorAll(".spacious")) node.style.display = roomy ? "" : "none";
    for (const zone of this.#zones.values()) this.#labelZone(zone);
    if (this.#live) this.setLive(this.#live);
  }

  #put(node) {
    if (!node.place) return;
    const [x, y] = node.place;
    node.style.transform = `translate(${x}px, ${y}px) scale(${this.#unit * this.#shrink})`;
  }

  /** In the north-west corner of the zone; upright when it is too narrow. */
  #labelZone({ zone, label, name, people }) {
    const xs = zone.area.map((p) => p.x);
    const ys = zone.area.map((p) => this.#north - p.y);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const width = (Math.max(...xs) - left) / this.#unit;
    const height = (Math.max(...ys) - top) / this.#unit;
    const needed = name.getComputedTextLength() + 12;
    const upright = needed > width && needed <= height;
    label.style.display = upright || needed <= width ? "" : "none";
    people.style.display = (upright ? width : height) > 38 ? "" : "none";
    const [x, y] = upright ? [left, Math.max(...ys)] : [left, top];
    const turn = upright ? " rotate(-90deg)" : "";
    label.style.transform = `translate(${x}px, ${y}px) scale(${this.#unit})${turn} translate(7px, 15px)`;
  }

  /** Moves what moves. */
  setLive(live) {
    this.#live = live;
    if (!this.#svg) return;
    const { status } = live;
    for (const zone of status.zones) this.#shade(zone);
    const marks = (part) => new Map([...this.#parts[part].children].map((n) => [n.dataset.id, n]));
    const scanners = marks("scanners");
    const times = new Map(live.nodes.map((node) => [node.id, node.health?.time]));
    for (const scanner of status.scanners) updateScanner(scanners.get(scanner.id), scanner, times.get(scanner.id));
    const sensors = marks("sensors");
    for (const sensor of status.sensors) updateSensor(sensors.get(sensor.id), sensor);
    const screens = marks("screens");
    for (const screen of status.screens) updateScreen(screens.get(screen.id), screen);
    const visits = this.#here(status.visits);
    this.#moveVisits(visits);
    this.#moveTruth(this.showTruth ? this.#here(live.truth?.people ?? []) : [], visits);
  }

  /** Where people are believed to be: the warmest square of the picture is full. */
  setHeat({ square_m: side, squares }) {
    if (!this.#svg) return;
    const here = this.#here(squares);
    const most = Math.max(...here.map((square) => square.people), 0.05);
    const key = (s) => `${s.x_m} ${s.y_m}`;
    const place = (s) =>
      draw("rect", { x: s.x_m, y: this.#north - s.y_m - side, width: side, height: side });
    keep(this.#parts.heat, here, key, place, (node, square) => {
      node.style.fillOpacity = 0.75 * Math.sqrt(square.people / most);
    });
  }

  #shade({ id, people }) {
    const drawn = this.#zones.get(id);
    if (!drawn) return;
    drawn.area.style.fillOpacity = 0.05 + 0.4 * Math.min(people / FULL_ZONE, 1);
    const rounded = Math.round(people);
    say(drawn.people, rounded === 1 ? "1 person" : `${rounded} people`);
  }

  #moveVisits(visits) {
    const create = (visit) => {
      const node = visitMark(visit);
      node.addEventListener("pointerenter", () => this.#onPick(visit.visit));
      node.addEventListener("pointerleave", () => this.#onPick(null));
      return node;
    };
    keep(this.#parts.visits, visits, (v) => v.visit, create, (node, visit) => {
      node.place = [visit.x_m, this.#north - visit.y_m];
      this.#put(node);
      const percent = Math.round(visit.probability * 100);
      node.querySelector(".ring").setAttribute("stroke-dasharray", `${percent} 100`);
      const { major_m: long, minor_m: short, bearing_rad: bearing } = visit.ellipse;
      const spread = node.querySelector(".spread");
      const scale = this.#unit * this.#shrink;
      spread.setAttribute("rx", Math.max(long / scale, 7));
      spread.setAttribute("ry", Math.max(short / scale, 7));
      spread.setAttribute("transform", `rotate(${(-bearing * 180) / Math.PI})`);
      const where = visit.zone ?? "no zone for sure";
      say(node.querySelector("title"), `Shopper ${visit.visit}: ${where}, ${percent} % sure, give or take ${long.toFixed(1)} m`);
    });
  }

  #moveTruth(people, visits) {
    const numbered = people.map((person, index) => ({ ...person, index }));
    const key = (p) => `${p.opted_in}${p.index}`;
    keep(this.#parts.truth, numbered, key, truthMark, (node, person) => {
      node.place = [person.x_m, this.#north - person.y_m];
      this.#put(node);
    });
    const believed = new Map(visits.map((visit) => [visit.visit, visit]));
    const pairs = numbered.filter((person) => believed.has(person.visit));
    const line = () => draw("line", { class: "error" });
    keep(this.#parts.errors, pairs, (p) => p.visit, line, (node, person) => {
      const visit = believed.get(person.visit);
      node.setAttribute("x1", person.x_m);
      node.setAttribute("y1", this.#north - person.y_m);
      node.setAttribute("x2", visit.x_m);
      node.setAttribute("y2", this.#north - visit.y_m);
    });
  }
}

/* ---- marks, in pixels around their place ---- */

function scannerMark({ id }) {
  return draw(
    "g",
    { class: "scanner mark" },
    draw("title", {}, `Scanner ${id}`),
    draw("path", { d: "M0 7V-1M-3.5 7h7M-4 -4a5.6 5.6 0 0 1 8 0M-7 -7a10 10 0 0 1 14 0" }),
    draw("path", { class: "cross", d: "M-8 -9L8 9M8 -9L-8 9" }),
  );
}

function updateScanner(node, { id, silent_ms: silentMs }, time) {
  if (!node) return;
  const silent = silentMs == null || silentMs > SCANNER_SILENT_MS;
  mark(node, "data-silent", silent);
  const since = silentMs == null ? "never heard" : `heard ${span(silentMs)} ago`;
  say(node.querySelector("title"), `Scanner ${id}: ${since}${clock(time)}`);
}

/** What a node of ours knows of the time. */
function clock(time) {
  if (!time) return "";
  return time.trust === "none" ? "; does not know the time" : `; knows the time to ${time.within_ms} ms`;
}

function sensorMark({ id, kind }) {
  const title = draw("title", {}, `Sensor ${id}`);
  if (OF_SHELVES.includes(kind)) {
    return draw("g", { class: "sensor mark spacious" }, title, draw("circle", { r: 3.5 }));
  }
  const pill = draw("rect", { y: -9, height: 18, rx: 9, x: -20, width: 40 });
  return draw("g", { class: "sensor mark spacious" }, title, pill, draw("text", { y: 4 }));
}

function updateSensor(node, sensor) {
  if (!node) return;
  const text = reading(sensor);
  mark(node, "data-unknown", sensor.value == null);
  say(node.querySelector("title"), `Sensor ${sensor.id}: ${text}`);
  const label = node.querySelector("text");
  if (!label || label.textContent === text) return;
  label.textContent = text;
  const width = text.length * 6.2 + 14;
  const pill = node.querySelector("rect");
  pill.setAttribute("x", -width / 2);
  pill.setAttribute("width", width);
}

function screenMark({ label }) {
  return draw(
    "g",
    { class: "screen mark" },
    draw("title", {}, `Screen ${label}`),
    draw("path", { class: "stand", d: "M0 8V12M-5 12H5" }),
    draw("rect", { x: -14, y: -9, width: 28, height: 17, rx: 3 }),
    draw("path", { class: "showing", d: "M-3.5 -5.5V4.5L5 -.5Z" }),
    draw("path", { class: "cross", d: "M-9 -5L9 4M9 -5L-9 4" }),
  );
}

function updateScreen(node, screen) {
  if (!node) return;
  const colour = screen.creative?.colour;
  node.querySelector("rect").style.fill = /^#[0-9a-f]{6}$/i.test(colour ?? "") ? colour : "";
  node.querySelector(".showing").style.display = screen.offer ? "" : "none";
  mark(node, "data-silent", screen.phase === "silent" || screen.silent_ms == null);
}

function visitMark({ visit }) {
  return draw(
    "g",
    { class: "visit mark" },
    draw("title"),
    draw("ellipse", { class: "spread", rx: 12, ry: 12 }),
    draw("circle", { class: "ring-ground", r: 8.5 }),
    draw("circle", { class: "ring", r: 8.5, pathLength: 100, transform: "rotate(-90)" }),
    draw("text", { y: 3.4 }, String(visit % 1000)),
  );
}

function truthMark({ opted_in: optedIn }) {
  const shape = optedIn
    ? draw("circle", { r: 6 })
    : draw("rect", { x: -4, y: -4, width: 8, height: 8 });
  const title = optedIn ? "Somebody who opted in, truly" : "A stranger, truly";
  return draw("g", { class: "truth mark" }, draw("title", {}, title), shape);
}

/** What the marks mean; with truth only in a simulated shop. */
export function legend(list, demo) {
  const sample = (node) => draw("svg", { viewBox: "-14 -13 28 26", "aria-hidden": "true" }, node);
  const visit = visitMark({ visit: 7 });
  visit.querySelector(".ring").setAttribute("stroke-dasharray", "70 100");
  const silent = scannerMark({ id: "" });
  mark(silent, "data-silent", true);
  const items = [
    [visit, "Shopper who opted in: somewhere in the ellipse; the ring is how sure the zone is"],
    [scannerMark({ id: "" }), "Scanner"],
    [silent, "Scanner that is silent"],
    [screenMark({ label: "" }), "Screen, with a play mark while it shows an offer"],
  ];
  if (demo) {
    items.push([truthMark({ opted_in: true }), "Where they truly are"]);
    items.push([truthMark({ opted_in: false }), "A stranger, whom the gateway does not follow"]);
  }
  list.replaceChildren(...items.map(([node, text]) => make("li", {}, sample(node), text)));
}
