import type { InboundPayload } from "../../src/core/payload.ts";
import { type Api, type Frame, readFrame } from "./frames.ts";
import type { Member } from "./member.ts";
import type { Run } from "./run.ts";
import type { Wire, WireWatch } from "./wire.ts";

/** What must come of a frame: an event `message`, an error, or something that others check. */
type Due = "message" | "error" | "other";

/** What comes in at the sockets of one client, compared with what the client makes of it. */
export class Incoming implements WireWatch {
  readonly #run: Run;
  readonly #member: Member;
  #messages = 0;
  #errors = 0;
  #openedAt = -1;
  /** Frames that the client has got and not decoded yet, and what is looked at when it does; those that it never will go with the wire. */
  readonly #undecoded: { readonly data: InboundPayload; readonly decoded: () => void }[] = [];
  /** The last message that was pushed: by which link of the server, and its number. */
  #link = 0;
  #push = 0;

  constructor(run: Run, member: Member) {
    this.#run = run;
    this.#member = member;
  }

  dialled(wire: Wire): void {
    const { who } = this.#member;
    this.#run.log(who, "dials", wire.number);
    this.#run.count("dials");
    this.#member.wire = wire;
    this.#openedAt = -1;
    this.#undecoded.length = 0;
  }

  incoming(data: InboundPayload, wire: Wire): (() => void) | undefined {
    const { client, wire: newest, plan } = this.#member;
    const { state } = client;
    this.#run.count("frames in");
    if (state.name !== "open" || wire !== newest) return undefined;
    // In the step in which it opens, what comes in is kept until everybody knows.
    if (this.#openedAt === -1) this.#openedAt = this.#run.world.steps;
    let check: (() => void) | undefined;
    const decoded = (): void => {
      // A callback may have left the link before the frame came to those whom it was for: then it comes to nobody.
      check = client.state === state ? this.#expect(data, wire) : this.#expectNothing(data);
    };
    this.#undecoded.push({ data, decoded });
    if (plan.delivery === "sync" && this.#openedAt === this.#run.world.steps) return undefined;
    return () => check?.();
  }

  /** A frame is decoded; what the client makes of it comes next. */
  decoding(data: InboundPayload): void {
    const index = this.#undecoded.findIndex((one) => one.data === data);
    if (index >= 0) this.#undecoded.splice(index, 1)[0]?.decoded();
  }

  firstDeed(wire: Wire): void {
    const { topics, who } = this.#member;
    for (const topic of topics.wantedBefore(wire.number)) {
      this.#run.check(wire.asked.has(topic), () => `${who}: a message overtook the subscription of ${topic}`);
    }
  }

  deed(buffered: number): void {
    const { plan, who } = this.#member;
    const { highWater } = plan.outbox;
    this.#run.check(
      buffered === 0 || buffered < highWater,
      () => `${who}: wrote while the socket held ${buffered} bytes`,
    );
  }

  /** An event `message`. */
  message(message: Api["incoming"] | null): void {
    this.#messages++;
    const { who, wire } = this.#member;
    const { push, link } = message ?? {};
    if (push === undefined || link === undefined) return;
    this.#run.count("pushed");
    this.#run.check(
      link >= this.#link,
      () => `${who}: message ${push} of link ${link} came after one of ${this.#link}`,
    );
    const next = link === this.#link ? this.#push + 1 : 1;
    this.#run.check(push === next, () => `${who}: message ${push} came where ${next} was due, wire ${wire?.number}`);
    this.#link = link;
    this.#push = push;
  }

  /** An event `error`. */
  error(code: string): void {
    if (code === "BAD_FRAME") this.#errors++;
  }

  #expect(data: InboundPayload, wire: Wire): (() => void) | undefined {
    const frame = readFrame(data);
    const { topic, data: event } = frame?.method === "event" ? (frame.params ?? {}) : {};
    if (topic !== undefined && event !== undefined) return this.#member.topics.expect(topic, event, wire.number);
    if (frame?.method === "sync" && frame.id === undefined) return undefined; // with a handler, or as a message
    return this.#becomes(data, dueFor(data, frame, this.#member.plan.asks === "message"));
  }

  #expectNothing(data: InboundPayload): () => void {
    const { topics } = this.#member;
    const [messages, untouched] = [this.#messages, topics.expectNothing()];
    return () => {
      untouched();
      this.#run.check(
        this.#messages === messages,
        () => `${this.#member.who}: ${String(data)} came from a link that had been left`,
      );
    };
  }

  #becomes(data: InboundPayload, due: Due): () => void {
    const [messages, errors] = [this.#messages, this.#errors];
    return () => {
      const got = [this.#messages - messages, this.#errors - errors];
      const [wanted, bad] = [due === "message" ? 1 : 0, due === "error" ? 1 : 0];
      const right = got[0] === wanted && got[1] === bad;
      this.#run.check(right, () => `${this.#member.who}: ${String(data)} became ${got.join(" messages, ")} errors`);
    };
  }
}

function dueFor(data: InboundPayload, frame: Frame | undefined, pongs: boolean): Due {
  if (!frame) return isJson(data) ? "message" : "error"; // the one batch holds a notification that nobody handles
  const { jsonrpc, id, method, params, push, sign } = frame;
  if (push !== undefined) return "message";
  if (sign === "pong") return pongs ? "other" : "message";
  if (jsonrpc === undefined) return "message";
  if (method === "$/next") return params?.id === undefined ? "error" : "other";
  if (method !== undefined) return typeof method === "string" && typeof id !== "object" ? "other" : "error";
  return typeof id === "number" || typeof id === "string" ? "other" : "error";
}

function isJson(data: InboundPayload): boolean {
  if (typeof data !== "string") return false;
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}
