// The client of a network scenario, in a process of its own, in a namespace of its own. It sends numbered messages and
// requests all along, and tells its parent all that happens to them.
import { createClient, type RequestError } from "holdfast";
import { systemClock } from "../../src/core/clock.ts";
import type { ClientEvent, ClientPlan, Command, Parcel } from "./messages.ts";

type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

function tell(event: Untimed<ClientEvent>): void {
  process.send?.({ ...event, at: systemClock.now() });
}

const { url, every, options } = JSON.parse(process.argv[2] ?? "") as ClientPlan; // the parent wrote it
const client = createClient({ ...options, url });
client.on("state", (state) => {
  const cause = "cause" in state ? state.cause.code : undefined;
  tell({ what: "state", name: state.name, ...(cause && { cause }) });
});
client.on("message", (n) => {
  if (typeof n === "number") tell({ what: "confirmed", n });
});
client.on("rtt", () => {
  tell({ what: "pong" });
});
client.on("unconfirmed", ({ count }) => {
  tell({ what: "unconfirmed", count });
});

function send(n: number, message: number | Parcel): void {
  const settled = (outcome: Extract<ClientEvent, { what: "settled" }>["outcome"]): void => {
    tell({ what: "settled", n, outcome });
  };
  tell({ what: "sent", n, answer: client.send(message, { settled }) });
}

function ask(id: number): void {
  tell({ what: "asked", id });
  client.request("book", id).then(
    () => {
      tell({ what: "answered", id });
    },
    (error: unknown) => {
      const { code, sent } = error as RequestError; // a request fails with nothing else
      tell({ what: "answered", id, error: code, sent });
    },
  );
}

/** So late, in ms, a timer makes the heartbeat doubt its own side; its own bound is a little higher. */
const LATE = 400;
let cancel = (): void => undefined;
let count = 0;
let due = Infinity;
function sendNext(): void {
  if (systemClock.now() - due > LATE) tell({ what: "late" });
  due = systemClock.now() + every;
  const n = ++count;
  send(n, n);
  if (n % 5 === 0) ask(n);
  cancel = systemClock.after(every, sendNext);
}

process.on("message", (command: Command) => {
  if (command === "stop") cancel();
  else send(++count, { n: count, filling: "x".repeat(command.parcel) });
});
process.on("disconnect", () => process.exit());
await client.connect();
sendNext();
