// The page of the room: what room.js tells, made visible.
import { createClient } from "/holdfast.js";
import { joinRoom } from "/room.js";

const NAMES = {
  idle: "Idle",
  connecting: "Connecting",
  open: "Connected",
  waiting: "Reconnecting",
  offline: "Offline",
  closing: "Leaving",
  closed: "Left",
};
const KEPT = 500;

const $ = (id) => document.getElementById(id);
const rows = new Map();
let room;

$("name").value = localStorage.getItem("name") ?? "";
$("name").focus();
$("door").addEventListener("submit", (event) => {
  event.preventDefault();
  join($("name").value.trim());
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text !== "") room.say(text);
  $("text").value = "";
});

function join(name) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  localStorage.setItem("name", name);
  $("refusal").textContent = "";
  rows.clear();
  $("messages").replaceChildren();
  room = joinRoom(createClient, `${scheme}://${location.host}/chat`, name, {
    state: showState,
    message: (message) => {
      showMessage(message);
    },
    sending: ({ id, text }) => {
      showMessage({ id, text, from: name, own: true });
    },
    people: (names) => {
      $("people").textContent = names.join(", ");
    },
    hole: () => {
      append(element("li", "The server cannot tell whether you have missed something.", "note"));
    },
  });
  $("door").hidden = true;
  $("room").hidden = false;
  $("text").focus();
}

function showState(state) {
  $("state").dataset.state = state.name;
  $("state-name").textContent = NAMES[state.name];
  $("hint").textContent = state.name === "open" ? "" : "What you write now is sent as soon as the connection is back.";
  if (state.name !== "closed") return;
  // The server does not want us: a name that is too long, for example.
  $("refusal").textContent = state.cause ? `Not let in: ${state.cause.reason || state.cause.message}` : "";
  $("room").hidden = true;
  $("door").hidden = false;
}

/** Shows a message, or completes the one that was on its way: the echo of our own has the server's time. */
function showMessage({ id, from, text, time, own }) {
  let row = rows.get(id);
  if (!row) {
    row = element("li", "", own ? "own" : "");
    row.append(element("span", from, "from"), element("span", text, "text"), element("time", ""));
    rows.set(id, row);
    append(row);
  }
  row.dataset.id = id;
  row.dataset.status = time === undefined ? "sending" : "sent";
  row.querySelector("time").textContent = time === undefined ? "sending…" : new Date(time).toTimeString().slice(0, 5);
  if (time !== undefined && own) append(row); // where the room has it, not where we wrote it
}

/** Keeps the end in sight, unless the reader has scrolled up. */
function append(row) {
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  list.append(row);
  while (list.children.length > KEPT) {
    rows.delete(list.firstElementChild.dataset.id);
    list.firstElementChild.remove();
  }
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function element(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}
