// The little that every part of the console needs to keep the page in step
// with data: elements are made once and then only change, so that focus and
// selection stay where they are.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element with attributes and children; text stays text. */
export function make(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function draw(tag, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), attributes, children);
}

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Writes text only when it is another one. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets or removes a marker attribute. */
export function mark(node, name, value) {
  if (value === false || value == null) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

/**
 * Keeps the children of `parent` in step with `items`: one child per key, made
 * by `create(item)` and brought up to date by `update(child, item)`.
 */
export function keep(parent, items, keyOf, create, update) {
  const known = (parent.kept ??= new Map());
  const wanted = new Set();
  let before = null;
  for (const item of items) {
    const key = keyOf(item);
    wanted.add(key);
    let child = known.get(key);
    if (!child) {
      child = create(item);
      known.set(key, child);
    }
    const place = before ? before.nextSibling : parent.firstChild;
    if (place !== child) parent.insertBefore(child, place);
    update(child, item);
    before = child;
  }
  for (const [key, child] of known) {
    if (!wanted.has(key)) {
      child.remove();
      known.delete(key);
    }
  }
}

/** A time span as people say it. */
export function span(ms) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

/** A number with separators; one decimal when it is small. */
export function number(value) {
  return Math.abs(value) < 10 ? short.format(value) : whole.format(value);
}

/** What a sensor says, in words. */
export function reading({ value, unit }) {
  if (value == null) return "no value";
  if (unit === "people" && value === 1) return "1 person";
  if (unit === "occupied") return value > 0 ? "occupied" : "empty";
  return `${number(value)} ${unit}`;
}
