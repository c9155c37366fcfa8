// Who is signed in: shows only what they may use, and lets them sign out.

import { make } from "/assets/dom.js";

/** Fills the corner of a page; elements with `data-right` show for those who have it. */
export async function showMe(host) {
  const answer = await fetch("/api/v1/me");
  if (!answer.ok) return;
  const { name, may } = await answer.json();
  for (const node of document.querySelectorAll("[data-right]")) {
    node.hidden = !may.includes(node.dataset.right);
  }
  const out = make("form", { method: "post", action: "/logout", class: "sign-out" },
    make("span", {}, name), make("button", { type: "submit" }, "Sign out"));
  host.replaceChildren(out);
}
