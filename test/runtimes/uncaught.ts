import { silence, until } from "../support/contract-recorder.ts";

interface Process {
  on(event: "unhandledRejection" | "uncaughtException", listener: (error: unknown) => void): void;
}

interface ErrorLike {
  readonly reason?: unknown;
  readonly error?: unknown;
  preventDefault(): void;
}

interface Global {
  readonly Deno?: object;
  readonly process?: Partial<Process>;
  readonly addEventListener?: (type: "unhandledrejection" | "error", listener: (event: ErrorLike) => void) => void;
}

/** Writes down what is rejected or thrown and heard by nobody, in the way of this runtime. */
export class Uncaught {
  #seen: string[] = [];

  constructor() {
    const { Deno, process, addEventListener } = globalThis as unknown as Global; // each runtime has its own part of it
    if (!Deno && process?.on) {
      process.on("unhandledRejection", this.#note);
      process.on("uncaughtException", this.#note);
    } else {
      for (const type of ["unhandledrejection", "error"] as const) {
        addEventListener?.call(globalThis, type, (event) => {
          event.preventDefault();
          this.#note(event.reason ?? event.error);
        });
      }
    }
  }

  /** What has been seen since the last time. It rejects if it finds itself blind: it throws something in its own way. */
  async take(): Promise<readonly string[]> {
    await silence();
    const seen = this.#seen;
    this.#seen = [];
    void Promise.reject(new Error("on purpose"));
    await until("a rejection that nobody hears to be noticed", () => this.#seen.length > 0);
    this.#seen = [];
    return seen;
  }

  readonly #note = (error: unknown): void => {
    this.#seen.push(error instanceof Error ? (error.stack ?? String(error)) : String(error));
  };
}
