/** A library as a small thing that all of them are: values out, values in. It does what its users would do, and no more. */
export interface Contestant {
  readonly name: string;
  /** The package whose version counts. */
  readonly from: string;
  /** The protocol of its server: see `server/protocols.ts`. */
  readonly protocol: string;
  /** Dials `url`, which is `ws://…/<protocol>/<role>`, and resolves when messages can be sent. */
  readonly open: (url: string) => Promise<Line>;
  /** The same without waiting until it is open: what is sent meanwhile has to be queued by the library. Absent: it queues nothing. */
  readonly start?: (url: string) => Line;
  /** Opens a line for binary messages. Absent: the library is not made for them, or wraps them. */
  readonly openBytes?: ((url: string) => Promise<ByteLine>) | undefined;
  /** Dials, listens for messages and does nothing else, for the weight of it. Absent: `open`. */
  readonly idle?: (url: string) => Promise<unknown>;
  /** Makes one without dialling. Absent: the library dials in its constructor. */
  readonly make?: (url: string) => unknown;
}

/** An open link. */
export interface Line {
  /** Sends one value as JSON. Absent: the library can only ask. */
  readonly send?: (value: unknown) => void;
  /** Asks the server for so many messages. Absent: by sending the number. */
  readonly flood?: (count: number) => void;
  /** Gets each message, decoded. Replaced for each work. */
  onValue: (value: unknown) => void;
  /** Makes a request, and resolves with its answer. */
  readonly ask: (params: unknown) => Promise<unknown>;
  close(): unknown;
}

export interface ByteLine {
  send(bytes: Uint8Array): void;
  onBytes: (size: number) => void;
  close(): unknown;
}

type Ask = Line["ask"];

/** What one writes by hand to match answers to requests: a counter, a map, a timer for each. */
export function askByHand(send: (value: unknown) => void): {
  readonly ask: Ask;
  readonly answered: (frame: unknown) => boolean;
} {
  const pending = new Map<number, { resolve(value: unknown): void; timer: NodeJS.Timeout }>();
  let lastId = 0;
  return {
    ask: (params) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const timer = setTimeout(reject, 30_000);
        pending.set(id, { resolve, timer });
        send({ jsonrpc: "2.0", id, method: "echo", params });
      }),
    answered(frame) {
      const { id, result } = frame as { id?: number; result?: unknown }; // the server is ours
      const waiting = id === undefined ? undefined : pending.get(id);
      if (id === undefined || !waiting) return false;
      pending.delete(id);
      clearTimeout(waiting.timer);
      waiting.resolve(result);
      return true;
    },
  };
}
