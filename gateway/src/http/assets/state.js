// How the shop is: one line above, and a mark for each of its parts. Both are made
// of the same facts, so that one never says well while the other shows a cross.

/** As problems.rs: a scanner that is silent for so long is taken to be broken. */
const SCANNER_SILENT_MS = 60_000;
/** As problems.rs: after a start everything gets so long to say its first word. */
const WARM_UP_MS = 45_000;

const LOST = "This page has lost its connection to the gateway. The picture below is old; it comes back by itself.";

/** The parts of the gateway, each with a word and a mark: well, waiting or bad. */
export function parts(live, problems) {
  const { broker, store, room, clock } = live.health;
  const { scanners, screens } = live.status;
  const plain = (key, well, yes, no) => [key, well ? "well" : "bad", well ? yes : no];
  return [
    plain("broker", broker, "Broker connected", "Broker not connected"),
    plain("store", store && room, "Disk keeps what matters", store ? "Disk is full" : "Disk does not keep anything"),
    plain("clock", clock, "Clock is right", "Date not known"),
    counted("scanners", scanners.map((s) => heard(s, live)), "scanners heard"),
    counted("screens", screens.map((s) => answers(s, live, problems)), "screens answer"),
  ];
}

/** The line above: its colour and its words. */
export function state(up, live, problems) {
  if (!up) return ["bad", LOST];
  const act = problems.filter((problem) => problem.severity === "bad").length;
  if (act > 0) return ["bad", act === 1 ? "One thing needs you now" : `${act} things need you now`];
  const marks = live ? parts(live, problems).map(([, mark]) => mark) : [];
  if (problems[0]?.severity === "warn" || marks.includes("bad")) {
    return ["warn", "The shop runs, but something should be looked at"];
  }
  if (marks.includes("waiting")) {
    return ["waiting", "The shop has just started, and not everything has spoken yet"];
  }
  const count = live?.status.screens.length ?? 0;
  return ["well", count === 1 ? "All well. The screen shows what it should." : `All well. All ${count} screens show what they should.`];
}

function heard({ silent_ms: silentMs }, live) {
  if (silentMs == null) return unheard(live);
  return silentMs <= SCANNER_SILENT_MS ? "well" : "bad";
}

function answers({ id, phase, silent_ms: silentMs }, live, problems) {
  if (phase === "silent" || problems.some((p) => p.key === `screen:${id}`)) return "bad";
  return silentMs == null ? unheard(live) : "well";
}

const unheard = (live) => (live.health.uptime_ms < WARM_UP_MS ? "waiting" : "bad");

/** How many of them are well; the worst of their marks is everybody's. */
function counted(key, marks, words) {
  const well = marks.filter((mark) => mark === "well").length;
  const worst = ["bad", "waiting"].find((mark) => marks.includes(mark)) ?? "well";
  return [key, worst, `${well} of ${marks.length} ${words}`];
}
