import { Worker } from "node:worker_threads";

/** What a server in a thread of its own has seen, and where it is. */
export interface ServerReport {
  readonly url: string;
  readonly live: number;
  readonly opened: number;
  readonly frames: readonly string[];
}

/** A server that goes on answering while the test blocks its own event loop: as `answerCalls` does. */
export class ServerThread implements AsyncDisposable {
  readonly url: string;
  readonly #worker: Worker;

  private constructor(worker: Worker, url: string) {
    this.#worker = worker;
    this.url = url;
  }

  static async start(): Promise<ServerThread> {
    const worker = new Worker(new URL("./server-thread-main.ts", import.meta.url));
    const { url } = await nextReport(worker);
    return new ServerThread(worker, url);
  }

  /** What it has seen until now. */
  async report(): Promise<ServerReport> {
    const report = nextReport(this.#worker);
    this.#worker.postMessage("report");
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

function nextReport(worker: Worker): Promise<ServerReport> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (report: ServerReport) => {
      worker.off("error", reject);
      resolve(report);
    });
  });
}
