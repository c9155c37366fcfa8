// One event stream that comes back by itself. The browser's own retry has no
// jitter and does not notice a dead link, so both are done here.

/** The server beats every 5 s; after three missed beats the link is dead. */
const SILENCE_MS = 15_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 15_000;

/**
 * Follows `url`: calls `on[name](data)` for each event and `state(up)` when the
 * link comes up or goes down. A hidden page lets go of its stream: nobody
 * looks, and a browser has only six connections for all our pages.
 */
export function follow(url, on, state) {
  let source = null;
  let watchdog = 0;
  let retry = 0;
  let attempt = 0;

  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(lost, SILENCE_MS);
  };

  const close = () => {
    clearTimeout(watchdog);
    clearTimeout(retry);
    source?.close();
    source = null;
  };

  const lost = () => {
    close();
    state(false);
    const longest = Math.min(RETRY_FIRST_MS * 2 ** attempt, RETRY_MAX_MS);
    attempt = Math.min(attempt + 1, 10);
    retry = setTimeout(open, longest * (0.5 + Math.random() / 2));
  };

  const open = () => {
    close();
    source = new EventSource(url);
    alive();
    source.onopen = () => {
      attempt = 0;
      alive();
      state(true);
    };
    source.onerror = lost;
    source.addEventListener("beat", alive);
    for (const [name, handle] of Object.entries(on)) {
      source.addEventListener(name, (event) => {
        alive();
        handle(event.data === "-" ? null : JSON.parse(event.data));
      });
    }
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
      state(false);
    } else {
      attempt = 0;
      open();
    }
  });
  if (!document.hidden) open();
}
