// The state of the connection, in words and figures.

const NAMES = {
  idle: "Idle",
  connecting: "Connecting",
  open: "Open",
  waiting: "Waiting",
  offline: "Offline",
  closing: "Closing",
  closed: "Closed",
};

const $ = (id) => document.getElementById(id);

/** Shows the state itself: called when it changes. */
export function showState(state) {
  $("state").dataset.state = state.name;
  $("state-name").textContent = NAMES[state.name];
  document.title = `${NAMES[state.name]} · holdfast`;
  const wanted = state.name !== "idle" && state.name !== "closed" && state.name !== "closing";
  $("toggle").textContent = wanted ? "Close" : "Connect";
  $("toggle").dataset.action = wanted ? "close" : "connect";
  if (state.name !== "open") showRoundTrip(undefined);
  if (state.name === "open") $("cause").textContent = "All is well.";
  else if (state.name === "connecting") $("cause").textContent = phrase(state.phase);
  else if (state.cause) $("cause").textContent = explain(state.cause);
  else if (state.name === "closed") $("cause").textContent = "Closed by you.";
}

/** Shows what changes all the time: called several times a second. */
export function showFigures(client) {
  const { state } = client;
  const { size, bytes } = client.queue;
  set("outbox", size === 0 ? "0" : `${size} (${bytes} B)`);
  if ("attempt" in state) set("attempt", String(state.attempt));
  else if (state.name !== "closing") set("attempt", "0");
  const left = "retryAt" in state ? Math.max(0, state.retryAt - Date.now()) : undefined;
  set("retry", left === undefined ? "–" : `in ${(left / 1_000).toFixed(1)} s`);
  showCountdown(state, left);
}

/** `undefined` if it is not known. */
export function showRoundTrip(ms) {
  set("rtt", ms === undefined ? "–" : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`);
}

let wait = { retryAt: 0, whole: 1 };

function showCountdown(state, left) {
  if (left !== undefined && wait.retryAt !== state.retryAt) wait = { retryAt: state.retryAt, whole: Math.max(left, 1) };
  $("countdown").style.transform = `scaleX(${left === undefined ? 0 : left / wait.whole})`;
}

/** What a ConnectionError says, on one line. */
export function explain({ code, closeCode, reason, message }) {
  const details = [closeCode === undefined ? "" : `close code ${closeCode}`, reason].filter(Boolean).join(", ");
  return details === "" ? `${code}: ${message}` : `${code} (${details})`;
}

function phrase(phase) {
  return { resolve: "Looking up where to connect.", dial: "Dialling.", handshake: "Shaking hands." }[phase];
}

/** Text that has not changed is left alone, so that nothing is read out twice. */
function set(id, text) {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text;
}
