// The consent desk: takes consent back, and asks once more before it does.

import { keep, make, say, span } from "/assets/dom.js";
import { sure } from "/assets/sure.js";

const OUTCOMES = {
  done: "Done, and on the disk.",
  stale: "Nothing changed: a newer version is known already.",
  unknown: "No such customer or visit is known here.",
  forgotten: "This customer was forgotten before.",
};

export class Desk {
  #outcome = document.getElementById("outcome");
  #visits = document.getElementById("visits");
  #labels = new Map();

  constructor() {
    const form = document.getElementById("desk-form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const customer = form.elements.customer.value.trim();
      if (customer) this.#byReference(event.submitter?.value ?? "withdraw", customer, form);
    });
  }

  setPlan(plan) {
    this.#labels = new Map(plan.zones.map((zone) => [zone.id, zone.label]));
  }

  setVisits(visits) {
    document.getElementById("no-visits").hidden = visits.length > 0;
    const create = ({ visit }) => {
      const button = make("button", { type: "button" }, "Withdraw consent");
      button.setAttribute("aria-label", `Withdraw consent of shopper ${visit}`);
      button.addEventListener("click", () => this.#visit(visit));
      const who = make("p", { class: "who" }, `Shopper ${visit}`, make("span"));
      return make("li", {}, who, button);
    };
    keep(this.#visits, visits, (visit) => visit.visit, create, (item, visit) => {
      const zone = visit.zone ? (this.#labels.get(visit.zone) ?? visit.zone) : "on the way";
      say(item.querySelector(".who span"), `${zone}, ${span(visit.dwell_ms)}`);
    });
  }

  async #visit(visit) {
    const agreed = await sure(
      `Withdraw the consent of shopper ${visit}?`,
      "All purposes end, the screen clears, and no offer follows. Only the shopper can give consent again.",
      "Withdraw consent",
    );
    if (agreed) await this.#send(`/api/visits/${visit}/withdraw`);
  }

  async #byReference(act, customer, form) {
    const forget = act === "forget";
    const agreed = await sure(
      forget ? "Forget this customer?" : "Withdraw this customer's consent?",
      forget
        ? "Profile, keys and history are erased for good. This cannot be undone."
        : "All purposes end, the screen clears, and no offer follows.",
      forget ? "Forget for good" : "Withdraw consent",
    );
    if (agreed && (await this.#send(`/api/${act}`, { customer }))) form.reset();
  }

  async #send(path, body = {}) {
    this.#tell("One moment …", false);
    try {
      const answer = await fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const { outcome, error, receipt } = await answer.json();
      const text = OUTCOMES[outcome] ?? error ?? "The gateway gave an answer this page does not know.";
      this.#tell(text, !answer.ok);
      if (receipt) this.#hand(receipt);
      return answer.ok;
    } catch {
      this.#tell("The gateway could not be reached. Nothing was changed; please try again.", true);
      return false;
    }
  }

  // For whoever was forgotten, to take along: it holds no name.
  #hand(receipt) {
    const file = new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" });
    const name = `erasure-${receipt.serial}.json`;
    const link = make("a", { href: URL.createObjectURL(file), download: name }, `Receipt no. ${receipt.serial}`);
    this.#outcome.append(" ", link);
  }

  #tell(text, bad) {
    say(this.#outcome, text);
    this.#outcome.toggleAttribute("data-bad", bad);
  }
}
