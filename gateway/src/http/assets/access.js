// People, programs, and who did what: for operators.

import { keep, make, say } from "/assets/dom.js";
import { showMe } from "/assets/me.js";
import { sure } from "/assets/sure.js";

const EVERY_MS = 5_000;
const ROLES = ["door", "viewer", "staff", "marketer", "operator"];
/** What people do, in words; anything else stands as the API spells it. */
const DEEDS = {
  "POST /api/withdraw": "took a consent back",
  "POST /api/forget": "forgot a customer",
  "POST /api/visits/{visit}/withdraw": "took a consent back",
  "POST /api/profiles": "brought profiles in",
  "POST /api/v1/tail-claims": "handed private offers out",
  "POST /api/v1/offers/plan": "looked at new offers",
  "POST /api/v1/offers/apply": "applied new offers",
  "POST /api/v1/offers/rollback": "rolled offers back",
  "POST /api/v1/offers/pause": "paused offers",
  "POST /api/v1/offers/resume": "resumed offers",
  "POST /api/v1/offers/safe-now": "switched the house loop on or off",
  "POST /api/calibration": "went a step of a calibration",
  "POST /api/calibration/survey": "saved a calibration",
  "POST /api/v1/access/accounts": "let somebody in",
  "POST /api/v1/access/accounts/code": "gave somebody a new password",
  "POST /api/v1/access/accounts/role": "changed a role",
  "POST /api/v1/access/accounts/remove": "removed somebody",
  "POST /api/v1/access/tokens": "made a token",
  "POST /api/v1/access/tokens/remove": "revoked a token",
  "POST /api/v1/access/screens": "paired a display",
  "POST /api/v1/access/screens/revoke": "took the key of a screen back",
  "sign in": "signed in",
};
const OUTCOMES = { refused: "refused", wrong: "wrong name or password", 200: "done", 204: "done", in: "done", done: "done" };
const at = (id) => document.getElementById(id);

function tell(text, bad = false) {
  say(at("outcome"), text);
  at("outcome").toggleAttribute("data-bad", bad);
}

/** Asks the gateway; nothing when it refused, and then the page says why. */
async function ask(path, body) {
  try {
    const options = body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    const answer = await fetch(`/api/v1/access${path}`, options);
    if (answer.status === 401) location.assign("/login");
    if (answer.status === 204) return {};
    const found = await answer.json();
    if (answer.ok) return found;
    tell(found.error ?? "The gateway refused.", true);
  } catch {
    tell("The gateway could not be reached. Nothing was changed; please try again.", true);
  }
  return null;
}

async function change(path, body, done) {
  const answer = await ask(path, body);
  if (answer) tell(done);
  await refresh();
  return answer;
}

/** Shows a secret this once. */
function once(title, hint, text) {
  say(at("once-title"), title);
  say(at("once-hint"), hint);
  say(at("once-text"), text);
  at("once").hidden = false;
  at("once").scrollIntoView({ block: "nearest" });
}

function link(name, code) {
  once(`A link for ${name}`, "Send it or show it to them; it works once, within a day. They choose a password of their own with it.",
    `${location.origin}/enter#${code}`);
}

function createAccount({ name }) {
  const role = make("select", { "aria-label": `Role of ${name}` }, ...ROLES.map((r) => make("option", { value: r }, r)));
  role.addEventListener("change", () => change("/accounts/role", { name, role: role.value }, `${name} is ${role.value} now, and must sign in again.`));
  const fresh = make("button", { type: "button" }, "New password");
  fresh.addEventListener("click", async () => {
    const answer = await change("/accounts/code", { name }, "");
    if (answer) link(name, answer.code);
  });
  const remove = make("button", { type: "button", class: "grave" }, "Remove");
  remove.addEventListener("click", async () => {
    const agreed = await sure(`Remove ${name}?`, "They are signed out at once and cannot sign in any more.", "Remove");
    if (agreed) change("/accounts/remove", { name }, `${name} was removed.`);
  });
  return make("li", {}, make("strong", {}, name), make("span"), role, fresh, remove);
}

function updateAccount(item, { role, since }) {
  const select = item.querySelector("select");
  if (document.activeElement !== select) select.value = role;
  say(item.querySelector("span"), `since ${since}`);
}

function createToken({ name }) {
  const remove = make("button", { type: "button", class: "grave" }, "Revoke");
  remove.addEventListener("click", async () => {
    const agreed = await sure(`Revoke the token of ${name}?`, "Whatever uses it is shut out at once.", "Revoke");
    if (agreed) change("/tokens/remove", { name }, `The token of ${name} opens nothing any more.`);
  });
  return make("li", {}, make("strong", {}, name), make("span"), remove);
}

function updateToken(item, { scopes, since, last_used: used }) {
  say(item.querySelector("span"), `${scopes.join(", ")}; since ${since}; ${used ? `last used ${used}` : "never used"}`);
}

function createScreen({ screen, label }) {
  const revoke = make("button", { type: "button", class: "grave" }, "Take the key back");
  revoke.addEventListener("click", async () => {
    const agreed = await sure(`Take the key of ${label} back?`, "Its display shows a code then, until it is paired again.", "Take it back");
    if (agreed) change("/screens/revoke", { screen }, `The display of ${label} is shut out.`);
  });
  return make("li", {}, make("strong", {}, label), make("span"), revoke);
}

function updateScreen(item, { paired }) {
  say(item.querySelector("span"), paired ? `paired ${paired}` : "no display paired");
}

function choices(screens) {
  const known = [...at("screen-id").options].map((option) => option.value).join();
  if (known === screens.map((s) => s.screen).join()) return;
  at("screen-id").replaceChildren(...screens.map((s) => make("option", { value: s.screen }, s.label)));
}

function deed({ at: when, who, from, what, how }) {
  return make("li", {}, make("time", { datetime: when }, new Date(when).toLocaleString()),
    ` ${who}: ${DEEDS[what] ?? what}, ${OUTCOMES[how] ?? how}`, make("span", {}, from ? ` from ${from}` : " on the gateway itself"));
}

async function refresh() {
  if (document.hidden) return;
  const found = await ask("");
  if (!found) return;
  keep(at("accounts"), found.accounts, (a) => a.name, createAccount, updateAccount);
  keep(at("tokens"), found.tokens, (t) => t.name, createToken, updateToken);
  keep(at("screens"), found.screens, (s) => s.screen, createScreen, updateScreen);
  choices(found.screens);
  at("no-tokens").hidden = found.tokens.length > 0;
  at("deeds").replaceChildren(...found.deeds.map(deed));
  say(at("figures"), `${found.signed_in} signed in now; ${found.slowed_down} attempts came too fast since the start.`);
}

at("new-account").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name, role } = event.target.elements;
  const answer = await change("/accounts", { name: name.value, role: role.value }, "");
  if (!answer) return;
  link(name.value, answer.code);
  event.target.reset();
});
at("new-token").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name, scope } = event.target.elements;
  const answer = await change("/tokens", { name: name.value, scopes: [scope.value] }, "");
  if (!answer) return;
  once(`The token of ${name.value}`, "Copy it into the program now: it is shown this once.", answer.token);
  event.target.reset();
});
at("new-screen").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { code, screen } = event.target.elements;
  const label = screen.selectedOptions[0].textContent;
  const answer = await change("/screens", { code: code.value, screen: screen.value }, `The display becomes ${label} in a moment.`);
  if (answer) event.target.reset();
});
say(at("screen-address"), `${location.origin}/screen`);
at("once-copy").addEventListener("click", () => navigator.clipboard?.writeText(at("once-text").textContent));
at("once-done").addEventListener("click", () => {
  at("once").hidden = true;
  say(at("once-text"), "");
});
setInterval(refresh, EVERY_MS);
refresh();
showMe(at("me")).catch(() => {});
