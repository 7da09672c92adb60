import { same } from "../support/contract-recorder.ts";
import { echoes, opened } from "./cases.ts";
import { eventually, passing } from "./service.ts";
import type { ServerCase } from "./world.ts";

/** After so much silence the proxies here cut a link on /idle, in ms. */
export const IDLE = 1_000;

/** For proxies that cut idle links. */
export const idleCases: Readonly<Record<string, ServerCase>> = {
  "a link that the proxy cuts because it is idle is noticed, and comes back": async (world) => {
    const subject = await world.open("/idle", { heartbeat: "off" });
    const { closeCode } = await subject.fails("CONNECTION_LOST");
    world.note("idle cut", String(closeCode));
    await subject.opens();
    await echoes(subject);
  },

  "a heartbeat keeps an idle link through the proxy's time-out": async (world) => {
    const subject = await world.open("/idle", { heartbeat: { interval: IDLE / 4, timeout: 5_000 } });
    await passing(3 * IDLE);
    same("links", opened(subject), 1);
    await echoes(subject);
  },
};

/** For proxies that hand their links on when their configuration is read again. */
export function reloadCases(signal: NodeJS.Signals): Readonly<Record<string, ServerCase>> {
  return {
    "a reload of the proxy keeps the link": async (world) => {
      const subject = await world.open("/echo");
      await echoes(subject);
      world.target.service.signal(signal);
      await passing(1_000);
      await echoes(subject);
      same("links", opened(subject), 1);
      world.note("reload", "keeps links");
      await echoes(await world.open("/echo"));
    },
  };
}

/** For proxies that cut the links of the old configuration half a second after a new one is read. */
export function drainCases(signal: NodeJS.Signals): Readonly<Record<string, ServerCase>> {
  return {
    "a reload that cuts the links is noticed, and they come back": async (world) => {
      const subject = await world.open("/echo");
      await echoes(subject);
      world.target.service.signal(signal);
      const { closeCode } = await subject.fails("CONNECTION_LOST");
      world.note("reload", `cuts after 0.5 s, as ${String(closeCode)}`);
      await subject.opens();
      await echoes(subject);
    },
  };
}

/** For proxies that answer with this status while nobody is behind them. */
export function awayCases(status: number): Readonly<Record<string, ServerCase>> {
  return {
    [`a server that is away behind the proxy is told as ${String(status)}, and found when it is back`]: async (
      world,
    ) => {
      const subject = await world.open("/echo");
      await world.target.inner.stop("SIGKILL");
      same("close code", (await subject.fails("CONNECTION_LOST")).closeCode, 1006);
      subject.client.send("meanwhile");
      const { httpStatus } = await subject.fails("DIAL_FAILED");
      world.note("upstream down", String(httpStatus));
      await world.target.inner.start();
      await subject.opens();
      await eventually("the echo", () => subject.messages.length > 0);
      same("messages", subject.messages, ["meanwhile"]);
      same("status", httpStatus, status);
    },
  };
}

/** For the proxy that lets one dial a second through on /limited. */
export const limitCases: Readonly<Record<string, ServerCase>> = {
  "too many dials are told as 429, and let in later": async (world) => {
    const first = await world.open("/limited");
    const second = world.subject("/limited");
    same("status", (await second.fails("DIAL_FAILED")).httpStatus, 429);
    await second.opens();
    await echoes(second);
    await echoes(first);
  },

  "a proxy that does not pass the upgrade on is told by its status": async (world) => {
    same("status", (await world.subject("/plain").fails("DIAL_FAILED")).httpStatus, 426);
  },
};
