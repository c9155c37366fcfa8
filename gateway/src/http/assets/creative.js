// Paints one creative: on a screen, and small on the console. What comes from
// data becomes text, a checked colour or the name of a picture; never markup.

const WHITE = "#ffffff";
const INK = "#10201b";
const YELLOW = "#ffd84d";

/** The element of a creative; give it a place, then `fit` it. */
export function paint(creative, code = null) {
  const colour = /^#[0-9a-f]{6}$/i.test(creative.colour) ? creative.colour : "#0b5d4e";
  const root = element("article", "creative");
  root.style.setProperty("--colour", colour);
  const dark = isDark(colour);
  root.style.setProperty("--text", dark ? WHITE : INK);
  root.style.setProperty("--flag", dark ? YELLOW : INK);
  root.style.setProperty("--flag-text", dark ? INK : WHITE);
  const words = root.appendChild(element("div", "words"));
  const [first, ...others] = creative.texts;
  if (creative.badge) words.append(element("p", "badge", creative.badge));
  if (first) {
    words.append(spoken(element("p", "headline", first.headline), first));
    if (first.body) words.append(spoken(element("p", "body", first.body), first));
  }
  if (creative.price) words.append(prices(creative));
  for (const text of others.slice(0, 2)) words.append(second(text));
  if (creative.image) {
    const figure = root.appendChild(element("figure", "image"));
    const image = figure.appendChild(element("img"));
    image.alt = "";
    image.decoding = "sync";
    image.src = `/creatives/${encodeURIComponent(creative.image)}${location.search}`;
    root.classList.add("pictured");
  }
  const tile = code && codeTile(code);
  if (tile) {
    root.append(tile);
    root.classList.add("coded");
  }
  return root;
}

/** Resolves when the picture of a creative can be painted without a gap. */
export async function loaded(root) {
  const code = root.querySelector(".code");
  // A picture without its code is still a picture.
  await code?.decode().catch(() => code.remove());
  const image = root.querySelector(".image img");
  if (image) await image.decode();
}

/** Drops a picture that cannot be loaded and gives its place to the words. */
export function withoutPicture(root) {
  root.querySelector(".image")?.remove();
  root.classList.remove("pictured");
}

/** Chooses the largest type with which all words fit, by measuring. */
export function fit(root) {
  const { clientWidth: width, clientHeight: height } = root;
  if (!width || !height) return;
  const wide = width >= height;
  root.classList.toggle("wide", wide);
  root.classList.toggle("tall", !wide);
  const words = root.querySelector(".words");
  // A headline of one word would otherwise fill a wall: at most about a ninth
  // of the shorter side, or of half the longer one on strips.
  let high = Math.min(Math.min(width, height), Math.max(width, height) / 1.6) / 72;
  const fits = (k) => {
    root.style.setProperty("--k", `${k}px`);
    return words.scrollHeight <= words.clientHeight && words.scrollWidth <= words.clientWidth;
  };
  if (fits(high)) return;
  let low = 0.5;
  for (let step = 0; step < 9; step += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  fits(low);
}

/** A voucher is drawn as it is; a link ends in /255/, thirteen digits and the twelve of this showing. */
function codeTile(link) {
  const address = codeAddress(link);
  if (!address) return null;
  const image = element("img", "code");
  image.alt = "";
  image.decoding = "sync";
  image.src = address + location.search;
  return image;
}

function codeAddress(link) {
  if (/^AC1-[A-Z2-7]+$/.test(link)) return `/voucher/${link}`;
  const digits = /\/255\/([0-9]{13})([0-9]{12})$/.exec(link);
  return digits && `/code/${digits[1]}/${digits[2]}`;
}

function prices(creative) {
  const line = element("p", "prices");
  line.append(element("span", "price", creative.price));
  if (creative.price_before) {
    line.append(" ", element("s", "before", creative.price_before));
  }
  return line;
}

function second(text) {
  const line = spoken(element("p", "second"), text);
  line.append(element("b", "", text.headline));
  if (text.body) line.append(text.body);
  return line;
}

function spoken(node, text) {
  node.lang = text.language;
  return node;
}

function element(tag, name = "", text = "") {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

/** Whether white contrasts more than ink (WCAG 2.2, relative luminance). */
function isDark(colour) {
  const channel = (at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  const ofInk = 0.012;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / (ofInk + 0.05);
}
