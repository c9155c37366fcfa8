// The page on the shopper's own phone. The claim comes behind the # of the link,
// which browsers send nowhere, and is taken out of the address at once; what
// follows from it stays in this tab and ends with it.

import { make, say } from "/assets/dom.js";

const KEPT = "aislecast-tail";
const told = document.getElementById("told");
const list = document.getElementById("offers");

const WORDS = {
  ask: "To see offers that are meant for you alone, ask for a code at the service desk or open this page from the shop's app.",
  over: "This code was used before or is over. Ask for a new one at the desk or in the app.",
  none: "There is nothing for you here just now. Offers appear near the shelves they are for.",
  some: "Only you can see this. Show the price to nobody but the till.",
  failed: "The shop does not answer. Please try again in a moment.",
};

function proof() {
  const claim = location.hash.slice(1);
  if (claim) {
    history.replaceState(null, "", location.pathname);
    return { claim };
  }
  const session = sessionStorage.getItem(KEPT);
  return session ? { session } : null;
}

function card({ creative }) {
  const language = navigator.language.slice(0, 2);
  const text = creative.texts.find((t) => t.language === language) ?? creative.texts[0];
  const parts = [make("h2", { lang: text.language }, text.headline)];
  if (text.body) parts.push(make("p", { lang: text.language }, text.body));
  if (creative.price) parts.push(make("strong", {}, creative.price));
  return make("li", {}, ...parts);
}

async function load() {
  const shown = proof();
  if (!shown) return say(told, WORDS.ask);
  const response = await fetch(`${location.pathname}/offers`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(shown),
  });
  if (response.status === 401) {
    sessionStorage.removeItem(KEPT);
    return say(told, WORDS.over);
  }
  if (!response.ok) return say(told, WORDS.failed);
  const { session, offers } = await response.json();
  if (session) sessionStorage.setItem(KEPT, session);
  list.replaceChildren(...offers.map(card));
  say(told, offers.length > 0 ? WORDS.some : WORDS.none);
}

load().catch(() => say(told, WORDS.failed));
