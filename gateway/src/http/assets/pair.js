// A display that has no key: shows a code until an operator says which screen it
// is, keeps the key, and becomes that screen.

import { say } from "/assets/dom.js";

const ASK_EVERY_MS = 2_000;
const RETRY_MS = 5_000;
const at = (id) => document.getElementById(id);
/** The screen in the address, else the one that this display was last. */
const wanted = location.pathname.split("/")[2] || localStorage.getItem("screen");
const shown = new URLSearchParams(location.search).get("key");

function become(screen, key) {
  location.replace(`/screen/${screen}?key=${key}`);
}

/** The key that this display kept for the screen it was told to show. */
function kept() {
  const key = wanted && localStorage.getItem(`key:${wanted}`);
  // What was shown and refused was taken back.
  if (key && key === shown) localStorage.removeItem(`key:${wanted}`);
  return key && key !== shown ? key : null;
}

function post(path, body) {
  return fetch(`/api/v1/pair${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function pair() {
  const answer = await post("", {});
  if (!answer.ok) throw new Error("busy");
  const { code, secret } = await answer.json();
  say(at("told"), "This display is not paired yet. Its code is");
  say(at("code"), `${code.slice(0, 3)} ${code.slice(3)}`);
  for (;;) {
    await pause(ASK_EVERY_MS);
    // The code stands as long as it is not said to be over.
    const asked = await post("/ask", { secret }).catch(() => null);
    if (asked?.status === 410) return;
    if (asked?.status !== 200) continue;
    const { screen, key } = await asked.json();
    localStorage.setItem(`key:${screen}`, key);
    localStorage.setItem("screen", screen);
    become(screen, key);
    return;
  }
}

async function begin() {
  const key = kept();
  if (key) return become(wanted, key);
  for (;;) {
    // A code that is over gives way to the next one.
    await pair().catch(() => {
      say(at("told"), "The gateway does not answer. Trying again …");
      say(at("code"), "");
      return pause(RETRY_MS);
    });
  }
}

begin();
