import { guard } from "../core/guard.ts";
import { ConnectionError, type ErrorCode, HoldfastError } from "../core/errors.ts";
import { assertPayload, type InboundPayload, type Payload } from "../core/payload.ts";
import { type AbortControllerLike, newAbortController } from "../core/signal.ts";
import type { DialRequest, SocketEnd, SocketEvents, Transport, TransportSocket } from "../transport/transport.ts";
import type { MachineEvent } from "./machine.ts";
import type { AttemptContext, ConnectionOptions, HandshakeLink } from "./options.ts";
import { resolveTarget } from "./target.ts";

/** What an attempt reports to: the shell that made it. */
export interface AttemptHost {
  dispatch(event: MachineEvent): void;
  message(data: InboundPayload, how?: "kept" | "again"): void;
  pong(ping?: "ping"): void;
  closed(end: SocketEnd): void;
}

/** What the machine knows about an attempt. */
export interface AttemptInfo {
  readonly epoch: number;
  readonly attempt: number;
  readonly cause: ConnectionError | undefined;
  readonly refresh: boolean;
}

/** Messages that wait for the handshake to end are bounded; a server that sends more is not shaking hands. */
const MAX_UNREAD = 1_000;

/** The handles of one epoch: its providers, its socket, its handshake. Once abandoned it is silent for good. */
export class Attempt implements SocketEvents {
  readonly #options: ConnectionOptions;
  readonly #epoch: number;
  /** Absent once it is open. */
  #info: AttemptInfo | undefined;
  #host: AttemptHost | undefined;
  #controller: AbortControllerLike | undefined;
  #request: DialRequest | undefined;
  /** What came in before the connection was open and is still unread; absent from then on. */
  #unread: InboundPayload[] | undefined = [];
  readonly #readers: ((data: InboundPayload | Promise<never>) => void)[] = [];
  /** Absent until it is dialled. */
  socket: TransportSocket | undefined;
  /** Absent until it has opened. */
  protocol: string | undefined;

  constructor(options: ConnectionOptions, info: AttemptInfo, host: AttemptHost) {
    this.#options = options;
    this.#info = info;
    this.#epoch = info.epoch;
    this.#host = host;
  }

  resolve(): void {
    const { url, protocols, headers } = this.#options;
    // Values that are wrong now are wrong for ever; what a provider answers may be right the next time.
    const code = [url, protocols, headers].some((part) => typeof part === "function")
      ? "PROVIDER_FAILED"
      : "UNSUPPORTED";
    this.#run(
      code,
      () => resolveTarget(this.#options, () => this.#context()),
      (request) => {
        this.#request = request;
        this.#tell("resolved");
      },
    );
  }

  dial(transport: Transport): void {
    const request = this.#request;
    this.#request = undefined; // the URL and the headers may hold secrets, and nobody needs them any more
    try {
      this.socket = request && transport(request, this);
    } catch (error) {
      // A foreign error may quote the URL; ours never do.
      this.#fail("UNSUPPORTED", error instanceof HoldfastError ? error.message : "The transport refused to dial");
    }
  }

  handshake(): void {
    this.#run(
      "HANDSHAKE_FAILED",
      () => this.#options.handshake?.(this.#link()),
      () => {
        this.#tell("ready");
      },
    );
  }

  /** Delivers what came before and nobody read, also what comes meanwhile. From then on messages go to the host at once. */
  release(): void {
    this.#endReads();
    for (let data = this.#unread?.shift(); data !== undefined; data = this.#unread?.shift())
      this.#host?.message(data, "kept");
    this.#unread = this.#info = undefined;
  }

  abandon(code?: number): void {
    this.#host = this.#unread = undefined;
    this.#endReads();
    this.#controller?.abort(attemptOver());
    try {
      this.socket?.abandon(code);
    } catch {
      // A transport of one's own may break its promise not to throw; the socket is out of sight all the same.
    }
  }

  opened(protocol: string): void {
    this.protocol = protocol;
    this.#tell("opened");
  }

  message(data: InboundPayload, again?: "again"): void {
    if (!this.#unread) return this.#host?.message(data, again);
    const reader = this.#readers.shift();
    if (reader) reader(data);
    else if (this.#unread.push(data) > MAX_UNREAD) this.#fail("HANDSHAKE_FAILED", "Too many messages before its end");
  }

  pong(ping?: "ping"): void {
    this.#host?.pong(ping);
  }

  closed(end: SocketEnd): void {
    this.#host?.closed(end);
    const { code: closeCode, reason, httpStatus, cause } = end;
    const details = { closeCode, reason, httpStatus, cause };
    // Only the runtime's code for it: its words may name the address.
    const { code } = Object(cause) as { readonly code?: unknown };
    const said = httpStatus ? `HTTP status ${String(httpStatus)}` : typeof code === "string" && code;
    const why = said || `close code ${String(closeCode)}`;
    if (this.protocol === undefined) this.#fail("DIAL_FAILED", `The link could not be opened: ${why}`, details);
    else this.#fail("CONNECTION_LOST", `The link was lost: ${why}`, details);
  }

  /** Runs the user's part of a phase, at once where it answers at once. */
  #run<Value>(code: ErrorCode, part: () => Value | PromiseLike<Value>, done: (value: Value) => void): void {
    const failed = ({ message, cause }: HoldfastError): void => {
      this.#fail(code, code === "UNSUPPORTED" ? "The url, protocols or headers cannot be right; see cause" : message, {
        cause,
      });
    };
    guard(failed, part, undefined, done);
  }

  #endReads(): void {
    for (const reader of this.#readers.splice(0)) reader(Promise.reject(attemptOver()));
  }

  #tell(type: "resolved" | "opened" | "ready"): void {
    this.#host?.dispatch({ type, epoch: this.#epoch });
  }

  #fail(code: ErrorCode, message: string, details?: object): void {
    this.#host?.dispatch({
      type: "ended",
      epoch: this.#epoch,
      cause: new ConnectionError(code, message, details),
    });
  }

  #context(): AttemptContext {
    const { attempt, cause, refresh } = this.#info as AttemptInfo; // nobody asks once it is open
    this.#controller ??= newAbortController();
    return { attempt, cause, refresh, signal: this.#controller.signal };
  }

  #link(): HandshakeLink {
    return {
      ...this.#context(),
      protocol: this.protocol ?? "",
      send: (data: Payload): void => {
        assertPayload(data);
        if (!this.#host || !this.socket?.send(data))
          throw new HoldfastError("CONNECTION_LOST", "The socket is not open");
      },
      receive: (): Promise<InboundPayload> => {
        const next = new Promise<InboundPayload>((resolve) => {
          if (this.#unread?.length === 0) this.#readers.push(resolve);
          else resolve(this.#unread?.shift() ?? Promise.reject(attemptOver()));
        });
        next.catch(() => undefined); // a loser of a race need not be looked at
        return next;
      },
    };
  }
}

function attemptOver(): HoldfastError {
  return new HoldfastError("DISCARDED", "The attempt is over");
}
