// The client of a network scenario, in a process of its own, in a namespace of its own. It sends numbered messages all
// along, and tells its parent all that happens to them.
import { createClient } from "holdfast";
import { systemClock } from "../../src/core/clock.ts";
import type { ClientEvent, ClientPlan, Command } from "./messages.ts";

type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

function tell(event: Untimed<ClientEvent>): void {
  process.send?.({ ...event, at: systemClock.now() });
}

const { url, every, options } = JSON.parse(process.argv[2] ?? "") as ClientPlan; // the parent wrote it
const client = createClient({ ...options, url, dialect: "none" });
client.on("state", (state) => {
  const cause = "cause" in state ? state.cause.code : undefined;
  tell({ what: "state", name: state.name, ...(cause && { cause }) });
});
client.on("message", (n) => {
  tell({ what: "confirmed", n: Number(n) });
});
client.on("unconfirmed", ({ count }) => {
  tell({ what: "unconfirmed", count });
});

let cancel = (): void => undefined;
function sendNext(n: number): void {
  const answer = client.send(n, {
    settled: (outcome) => {
      tell({ what: "settled", n, outcome });
    },
  });
  tell({ what: "sent", n, answer });
  cancel = systemClock.after(every, () => {
    sendNext(n + 1);
  });
}

process.on("message", (command: Command) => {
  cancel();
  if (command === "close") void client.close().then(() => process.exit());
});
process.on("disconnect", () => process.exit());
await client.connect();
sendNext(1);
