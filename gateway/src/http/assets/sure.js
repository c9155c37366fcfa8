// Asks once more before something that cannot be taken back.

import { make, say } from "/assets/dom.js";

const title = make("h2", { id: "ask-title" });
const text = make("p");
const yes = make("button", { value: "yes", class: "grave", id: "ask-yes" });
const no = make("button", { value: "no" }, "Cancel");
const form = make("form", { method: "dialog" }, title, text, make("div", { class: "buttons" }, no, yes));
const dialog = make("dialog", { id: "ask", "aria-labelledby": "ask-title" }, form);
document.body.append(dialog);

/** Whether somebody who was asked says yes. */
export function sure(question, explanation, answer) {
  say(title, question);
  say(text, explanation);
  say(yes, answer);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
