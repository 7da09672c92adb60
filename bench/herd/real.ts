import { HerdProcess, ServerProcess } from "../processes.ts";
import type { Outcome } from "./outcome.ts";

function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** How often it is looked at whether all are back. */
const LOOK = 500;

/** Cuts the links of `clients` real clients at once by killing their server, and lets it listen again after `outage` ms. */
export async function stampede(name: string, clients: number, outage: number, patience: number): Promise<Outcome> {
  const first = await ServerProcess.start();
  const { port, url } = first;
  using herd = await HerdProcess.start(name, url, clients);
  await herd.dials(); // those of the beginning
  await elapse(6_000); // a link that has been open for a while counts as stable
  const cut = Date.now();
  await first.kill();
  await using second = await ServerProcess.start(port, cut + outage); // its process is up before
  let back: readonly number[] = [];
  while (back.length < clients && Date.now() - cut < outage + patience) {
    await elapse(LOOK);
    back = await second.upgrades();
  }
  const since = (times: readonly number[]): number[] => times.map((at) => at - cut).sort((a, b) => a - b);
  return { clients, dials: since(await herd.dials()), back: since(back) };
}

/** Clients per second that this machine lets in when they come all at once: what an ideal herd would use. */
export async function acceptRate(clients: number): Promise<number> {
  await using server = await ServerProcess.start();
  using herd = await HerdProcess.start("bare ws", server.url, clients);
  await herd.dials();
  const times = [...(await server.upgrades())].sort((a, b) => a - b);
  return (1_000 * (clients - 1)) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
}
