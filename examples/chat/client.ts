// A chat client for the terminal:
//   npx node examples/chat/client.ts NAME [ws://127.0.0.1:8000/chat]
import { createInterface } from "node:readline";
import { createClient } from "holdfast";
import { joinRoom, type Message } from "./room.js";

const [name, url = "ws://127.0.0.1:8000/chat"] = process.argv.slice(2);
if (name === undefined) {
  console.error("npx node examples/chat/client.ts NAME [URL]");
  process.exit(2);
}

const room = joinRoom(createClient, url, name, {
  message: (message) => {
    print(`${time(message)} ${message.from}: ${message.text}`);
  },
  people: (names) => {
    print(`* here: ${names.join(", ")}`);
  },
  hole: () => {
    print("* the server cannot tell whether you have missed something");
  },
  state: (state) => {
    if (state.name === "connecting" && state.phase !== "resolve") return; // one line for each attempt
    const cause = "cause" in state ? `: ${state.cause.code} ${state.cause.reason}`.trimEnd() : "";
    print(`* ${state.name}${cause}`);
    if (state.name === "closed") lines.close();
  },
});

const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: process.stdin.isTTY });
lines.setPrompt("> ");
lines.on("line", (line) => {
  const text = line.trim();
  if (text !== "") room.say(text);
  if (process.stdin.isTTY) lines.prompt();
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    lines.close();
  });
}
// Ctrl-C, Ctrl-D, or the end of a pipe. What is queued gets a moment to leave.
lines.on("close", () => {
  const patience = setTimeout(() => void room.leave(), 2_000);
  void room.client.queue.drain().then(() => {
    clearTimeout(patience);
    return room.leave();
  });
});

/** Writes a line above the one that is being typed. */
function print(line: string): void {
  if (process.stdin.isTTY) process.stdout.write("\r\u001b[K");
  console.log(line);
  if (process.stdin.isTTY) lines.prompt(true);
}

function time(message: Message): string {
  return new Date(message.time).toTimeString().slice(0, 8);
}
