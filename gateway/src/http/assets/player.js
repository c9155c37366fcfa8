// The page a display shows: obeys commands, says what is really on the glass,
// and falls back to the house loop whenever it is left alone.

import { follow } from "/assets/link.js";
import { Stage } from "/assets/stage.js";

const ALIVE_EVERY_MS = 10_000;
/** Without the gateway nobody could take a consent back: then no offer stays. */
const ALONE_MAX_MS = 5_000;
/** A picture of the house loop that is not there by then goes without. */
const SPARE_PATIENCE_MS = 200;
/** Only for a screen that has never reached its gateway. */
const FIRST_HOUSE = {
  picture_ms: 12_000,
  creatives: [
    {
      texts: [
        { language: "vi", headline: "Xin chào quý khách", body: "" },
        { language: "en", headline: "Welcome", body: "" },
      ],
      colour: "#0b5d4e",
    },
  ],
};

const screen = location.pathname.split("/")[2];
// A page from the worker's keeping may have lost what it was opened with.
const kept = localStorage.getItem(`key:${screen}`);
if (kept && !location.search) history.replaceState(null, "", `?key=${kept}`);
/** What proves that this display is the screen; nothing in an operator's browser. */
const proof = location.search;
const player = crypto.getRandomValues(new Uint32Array(1))[0].toString(16);
const stage = new Stage(document.getElementById("stage"));
const storeKey = `house:${screen}`;

/** The newest revision taken up, what became of the last one, and the newest painted. */
let newest = 0;
let ended = { revision: 0, status: "painted" };
let painted = 0;
/** Whether an offer is on the glass or on its way there. */
let offer = false;
/** Counts changes of mind: what was prepared for an older one is thrown away. */
let intent = 0;
/** Which gateway process speaks to us. */
let server = "";
let linked = false;
let alone = 0;
let expiry = 0;

/* ---- the house loop ---- */

let house = remembered();
let housePosition = 0;
let houseTurn = 0;
/** The next picture of the loop, ready: a clear must not wait for anything. */
let spare = null;

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(storeKey));
    if (kept?.creatives?.length) return kept;
  } catch {
    // Nothing usable was kept.
  }
  return FIRST_HOUSE;
}

async function renewHouse() {
  try {
    const answer = await fetch(`/screen/${screen}/house${proof}`);
    const fresh = answer.ok ? await answer.json() : null;
    if (!fresh?.creatives?.length) return;
    if (JSON.stringify(fresh) === JSON.stringify(house)) return;
    house = fresh;
    housePosition = 0;
    localStorage.setItem(storeKey, JSON.stringify(fresh));
    if (spare) stage.discard(spare);
    spare = null;
    if (!offer) await showHouse();
  } catch {
    // The one we have will do.
  }
}

function nextHouse(patience) {
  const creative = house.creatives[housePosition % house.creatives.length];
  housePosition += 1;
  return stage.prepare(creative, { without: true, patience });
}

async function keepSpare() {
  if (spare) return;
  const layer = await nextHouse();
  if (spare) stage.discard(layer);
  else spare = layer;
}

function changeMind() {
  clearTimeout(houseTurn);
  clearTimeout(expiry);
  intent += 1;
  return intent;
}

/** Shows the next picture of the house loop; resolves like `Stage.show`. */
async function showHouse({ fade = true } = {}) {
  const mine = changeMind();
  offer = false;
  const layer = spare ?? (await nextHouse(SPARE_PATIENCE_MS));
  if (layer === spare) spare = null;
  if (mine !== intent) {
    stage.discard(layer);
    return false;
  }
  if (house.creatives.length > 1) houseTurn = setTimeout(showHouse, house.picture_ms);
  const shown = await stage.show(layer, { fade });
  keepSpare();
  return shown;
}

/* ---- commands ---- */

async function obey(command) {
  const { revision, action } = command;
  if (command.screen !== screen || revision < newest) return;
  if (revision === newest) {
    // Sent again because our report was lost.
    if (ended.revision === revision) report(ended.status, revision);
    return;
  }
  newest = revision;
  const status = action === "clear" ? await clear() : await show(action.show);
  if (revision !== newest || !status) return;
  if (status === "painted") painted = revision;
  ended = { revision, status };
  report(status, revision);
}

async function clear() {
  // At once: what is on the glass may have lost its consent.
  return (await showHouse({ fade: false })) && "painted";
}

async function show({ creative, code, shown_for_ms: shownForMs }) {
  const mine = changeMind();
  offer = true;
  let layer;
  try {
    layer = await stage.prepare(creative, { code });
  } catch {
    if (mine === intent) showHouse();
    return "rejected";
  }
  if (mine !== intent) {
    stage.discard(layer);
    return null;
  }
  expiry = setTimeout(showHouse, shownForMs);
  return (await stage.show(layer)) && "painted";
}

/* ---- reports ---- */

async function report(status, revision = painted) {
  try {
    await fetch(`/screen/${screen}/report${proof}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ screen, player, revision, status }),
    });
  } catch {
    // The gateway asks again, and `alive` says the same in ten seconds.
  }
}

setInterval(() => {
  if (linked) report("alive");
}, ALIVE_EVERY_MS);

/* ---- the link ---- */

async function hello(data) {
  // What is sent again after a hello is to be painted again. Revisions rise
  // over restarts, but not over a gateway that was replaced.
  newest = server === data.server ? Math.max(newest - 1, 0) : 0;
  server = data.server;
  // Whoever says hello shows the house loop: what was on the glass may have
  // been cleared while we could not hear it.
  if (offer) await showHouse();
  report("hello");
  renewHouse();
}

/** Whether the key was taken back: then the page that shows a code comes. */
async function checkKey() {
  const answer = await fetch(`/screen/${screen}/house${proof}`).catch(() => null);
  if (answer?.status === 401) location.reload();
}

function linkIs(up) {
  if (!up) checkKey();
  if (up) clearTimeout(alone);
  // Said again at every attempt that fails: the time runs from the first.
  else if (linked) alone = setTimeout(leftAlone, ALONE_MAX_MS);
  linked = up;
}

function leftAlone() {
  if (offer) showHouse();
}

/* ---- a kiosk ---- */

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Refused while hidden or on batteries; asked again when shown.
  }
}

document.addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("visibilitychange", () => document.hidden || stayAwake());
stayAwake();
// Only over HTTPS or on this machine do browsers allow it; elsewhere the page
// itself keeps the house loop as long as it is not reloaded.
navigator.serviceWorker?.register("/screen/worker.js").catch(() => {});

showHouse({ fade: false });
follow(`/screen/${screen}/events${proof}`, { hello, command: obey }, linkIs);
