import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { OutboxOptions } from "../../../src/outbox/options.ts";
import { ListModel, type Message } from "./list-model.ts";
import { setup, type Setup } from "./setup.ts";

type Command =
  | ({ readonly type: "send" } & Omit<Message, "id">)
  | { readonly type: "abort"; readonly which: number }
  | { readonly type: "wait" | "sleep"; readonly ms: number }
  | { readonly type: "open" | "hold" | "lost" | "clear" };

const ms = fc.integer({ min: 0, max: 120 });
const send = fc.record({
  type: fc.constant("send" as const),
  bytes: fc.integer({ min: 0, max: 40 }),
  ttl: fc.oneof(fc.constant(Infinity), ms),
  key: fc.constantFrom(undefined, undefined, "k", "__proto__"),
  scope: fc.constantFrom("client" as const, "connection" as const),
});
const abort = fc.record({ type: fc.constant("abort" as const), which: fc.nat({ max: 60 }) });
const time = fc.record({ type: fc.constantFrom("wait" as const, "sleep" as const), ms });
const link = fc.record({ type: fc.constantFrom("open" as const, "hold" as const, "lost" as const, "clear" as const) });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: send },
  { weight: 1, arbitrary: abort },
  { weight: 2, arbitrary: time },
  { weight: 2, arbitrary: link },
);
const bounds = fc.record({
  maxCount: fc.integer({ min: 0, max: 8 }),
  maxBytes: fc.integer({ min: 0, max: 120 }),
  overflow: fc.constantFrom("reject" as const, "drop-oldest" as const, "drop-newest" as const),
});

/** A real outbox that obeys commands, its messages numbered. */
class Subject {
  readonly setup: Setup;
  /** By number: how it was taken. */
  readonly taken: ("written" | "queued" | "refused")[] = [];
  readonly #payloads: Uint8Array[] = [];
  readonly #controllers: AbortController[] = [];

  constructor(options: OutboxOptions) {
    this.setup = setup(options);
  }

  /** The numbers of the messages that were written, in order. */
  get written(): readonly number[] {
    // The cast: every payload of this file is one of its byte arrays.
    return this.setup.link.written.map((data) => this.#payloads.indexOf(data as Uint8Array));
  }

  outcomes(id: number): readonly Outcome[] {
    return this.setup.outcomes.get(String(id)) ?? [];
  }

  obey(command: Command): void {
    const { clock, outbox } = this.setup;
    switch (command.type) {
      case "send":
        this.taken.push(this.#send(command));
        return;
      case "abort":
        this.#controllers[command.which]?.abort();
        return;
      case "wait":
        clock.advance(command.ms);
        return;
      case "sleep":
        clock.jump(command.ms);
        return;
      case "open":
      case "hold":
      case "lost":
      case "clear":
        outbox[command.type]();
        return;
      default:
        command satisfies never;
    }
  }

  #send({ bytes, ttl, key, scope }: Omit<Message, "id">): "written" | "queued" | "refused" {
    const { outbox, outcomes } = this.setup;
    const id = String(this.#payloads.length);
    const payload = new Uint8Array(bytes);
    const controller = new AbortController();
    this.#payloads.push(payload);
    this.#controllers.push(controller);
    try {
      return outbox.send(payload, {
        ttl,
        scope,
        signal: controller.signal,
        ...(key !== undefined && { key }),
        settled: (outcome) => outcomes.set(id, [...(outcomes.get(id) ?? []), outcome]),
      });
    } catch {
      return "refused";
    }
  }
}

function tell(model: ListModel, command: Command, id: number): "written" | "queued" | "refused" | undefined {
  switch (command.type) {
    case "send":
      return model.send({ ...command, id });
    case "abort":
      model.abort(command.which);
      return undefined;
    case "wait":
    case "sleep":
      model[command.type](command.ms);
      return undefined;
    case "open":
    case "hold":
    case "lost":
    case "clear":
      model[command.type]();
      return undefined;
    default:
      return command satisfies never;
  }
}

describe("an outbox, whatever is done to it", () => {
  it("does what a plain list would do", () => {
    fc.assert(
      fc.property(bounds, fc.array(command, { maxLength: 60 }), (options, commands) => {
        const subject = new Subject(options);
        const model = new ListModel(options);
        const { outbox } = subject.setup;
        for (const command of commands) {
          const taken = tell(model, command, subject.taken.length);
          subject.obey(command);
          if (command.type === "send") expect(subject.taken.at(-1)).toBe(taken);
          expect([outbox.size, outbox.bytes]).toEqual([model.queue.length, model.bytes]);
          expect(outbox.size).toBeLessThanOrEqual(options.maxCount);
          expect(outbox.bytes).toBeLessThanOrEqual(options.maxBytes);
        }
        expect(subject.written).toEqual(model.written);
        for (const id of subject.taken.keys()) {
          const outcome = model.outcomes.get(id);
          expect(subject.outcomes(id), `outcomes of message ${id}`).toEqual(outcome === undefined ? [] : [outcome]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  const pressure = fc.oneof(
    { weight: 4, arbitrary: command },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("sends" as const), bytes: fc.nat({ max: 100 }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("socket" as const), up: fc.boolean() }) },
  );

  it("gives each message one outcome, keeps the order and both marks, also on a socket that comes and goes and stalls", () => {
    fc.assert(
      fc.property(bounds, fc.integer({ min: 1, max: 60 }), fc.array(pressure), (limits, highWater, commands) => {
        const subject = new Subject({ ...limits, highWater });
        const { clock, link: socket, outbox } = subject.setup;
        const write = socket.write.bind(socket);
        socket.write = (data) => {
          expect(socket.buffered).toBeLessThan(highWater);
          return write(data);
        };
        for (const command of commands) {
          if (command.type === "sends") socket.buffered = Math.max(0, (socket.buffered ?? 0) - command.bytes);
          else if (command.type === "socket") socket.up = command.up;
          else subject.obey(command);
          expect(outbox.size).toBeLessThanOrEqual(limits.maxCount);
          expect(outbox.bytes).toBeLessThanOrEqual(limits.maxBytes);
        }
        socket.up = true;
        outbox.open();
        while (outbox.size > 0) {
          socket.buffered = 0;
          clock.advance(50);
        }
        expect(subject.written).toEqual([...subject.written].sort((a, b) => a - b));
        for (const [id, taken] of subject.taken.entries()) {
          const outcomes = subject.outcomes(id);
          expect(outcomes, `outcomes of message ${id}, which was ${taken}`).toHaveLength(taken === "queued" ? 1 : 0);
          const expected = taken === "written" || outcomes[0] === "written" ? 1 : 0;
          expect(subject.written.filter((one) => one === id)).toHaveLength(expected);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
