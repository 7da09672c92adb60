// What happened, the newest first.

const KEPT = 100;

/** Adds a line. `kind` is a state's name, "fault", "good", "error" or "hint", and colours it. */
export function log(kind, text) {
  const list = document.querySelector("#log");
  const line = document.createElement("li");
  line.dataset.kind = kind;
  const time = document.createElement("time");
  time.textContent = clock(new Date());
  const words = document.createElement("span");
  words.textContent = text;
  line.append(time, words);
  list.prepend(line);
  while (list.children.length > KEPT) list.lastElementChild.remove();
}

function clock(date) {
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
