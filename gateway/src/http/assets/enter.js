// Comes in by a one-time code. A link brings it behind its #, which browsers send
// nowhere; it is taken out of the address at once.

import { say } from "/assets/dom.js";

const at = (id) => document.getElementById(id);
const form = at("form");
const { code, name, password } = form.elements;

function wrong(text) {
  at("wrong").hidden = !text;
  say(at("wrong"), text);
}

function choose(fields, known) {
  at("code-field").hidden = true;
  at("name-field").hidden = !fields.includes("name");
  at("password-field").hidden = false;
  name.required = fields.includes("name");
  password.required = true;
  say(at("title"), known ? `Welcome, ${known}` : "Welcome to your shop");
  say(at("told"), known ? "Choose a password of your own." : "You are its first operator: you may do everything, and let others in.");
  say(at("go"), "Sign in");
  (name.required ? name : password).focus();
}

async function send() {
  wrong("");
  const body = { code: code.value };
  if (name.required) body.name = name.value;
  if (password.required) body.password = password.value;
  const answer = await fetch("/enter", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { choose: fields, name: known, error } = await answer.json();
  if (!answer.ok) return wrong(error);
  if (fields.length === 0) return location.replace("/");
  choose(fields, known);
}

function go() {
  at("go").disabled = true;
  send()
    .catch(() => wrong("The gateway could not be reached. Please try again."))
    .finally(() => {
      at("go").disabled = false;
    });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go();
});
at("show").addEventListener("change", (event) => {
  password.type = event.target.checked ? "text" : "password";
});

const brought = location.hash.slice(1);
if (brought) {
  history.replaceState(null, "", location.pathname);
  code.value = brought;
  go();
} else {
  code.focus();
}
