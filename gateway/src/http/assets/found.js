// How well people are found, zone by zone, in words.

import { keep, make, mark, number, say } from "/assets/dom.js";

/** Right this often or less, an offer for the zone is a gamble. */
const GAMBLE = 0.5;

/** "about 7 times in 10" */
export function times(share) {
  const of10 = Math.round(share * 10);
  if (of10 >= 10) return "nearly always";
  if (of10 <= 0) return "hardly ever";
  return `about ${of10} times in 10`;
}

/** What the test says about one zone. */
export function sentence(label, { error_m: errorM, zone_right: right }) {
  if (errorM == null || right == null) return [label, "nothing is known yet: walk through it with a tag."];
  return [label, `an offer for this zone meets its people ${times(right)}; they are found to ${number(errorM)} m.`];
}

/** Fetches the test and shows it; `plan` knows what zones are called. */
export async function showFound(list, hint, plan) {
  const answer = await fetch("/api/selftest").catch(() => null);
  if (!answer?.ok) return;
  const { zones, scanners } = await answer.json();
  const labels = new Map(plan.zones.map((zone) => [zone.id, zone.label]));
  const create = () => make("li", {}, make("strong"), " ", make("span"));
  keep(list, zones, (zone) => zone.zone, create, (item, zone) => {
    const [label, words] = sentence(labels.get(zone.zone) ?? zone.zone, zone);
    say(item.querySelector("strong"), label);
    say(item.querySelector("span"), words);
    mark(item, "data-doubt", zone.zone_right != null && zone.zone_right <= GAMBLE);
    mark(item, "data-unknown", zone.zone_right == null);
  });
  say(hint, about(scanners));
}

function about(scanners) {
  if (scanners.length === 0) return "No scanner sends, so only a survey can tell. Say what scanners send by `beacon` in store.toml, or tape a tag to some.";
  const doubtful = scanners.filter((scanner) => scanner.is_suspect).map((scanner) => scanner.scanner);
  if (doubtful.length > 0) return `Does ${doubtful.join(", ")} hang where store.toml says? The others hear it elsewhere.`;
  return "Worked out by the gateway itself, from surveyed places or from scanners that hear each other.";
}
