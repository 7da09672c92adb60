// What the cases are written with. Plain JavaScript without dependencies: it runs in browsers, Deno, Bun and Node.

/** How long a case may wait for an event, in ms. Much less than it takes on any machine that is not broken. */
const PATIENCE = 3_000;

/** One run of one case: the class to try, the server to dial, and the sockets that were made. */
export class Trial {
  #base;
  #sockets = [];

  /** `nowhere` is an address where nobody listens. */
  constructor({ WebSocket, base, nowhere }) {
    this.WebSocket = WebSocket;
    this.nowhere = nowhere;
    this.#base = base;
  }

  /** The address of one of the server's behaviours; see server.ts. */
  url(path, scheme = "ws:") {
    return scheme + new URL(this.#base).href.replace(/^\w+:/, "").replace(/\/$/, path);
  }

  /** A socket to one of the server's behaviours, or to a whole address. */
  make(path, ...rest) {
    const socket = new this.WebSocket(String(path).includes(":") ? path : this.url(path), ...rest);
    this.#sockets.push({ socket, settled: settled(socket) });
    return socket;
  }

  /** A socket that is open. */
  async open(path, ...rest) {
    const socket = this.make(path, ...rest);
    await this.next(socket, "open");
    return socket;
  }

  /** The next event of that type. It is waited for in vain when the socket closes. */
  next(socket, type) {
    const came = new Promise((resolve, reject) => {
      socket.addEventListener(type, resolve, { once: true });
      socket.addEventListener("close", () => reject(new Error(`closed before ${type}`)), { once: true });
    });
    return this.within(came, type);
  }

  /** The data of the next messages, in order. */
  messages(socket, count) {
    const data = [];
    const came = new Promise((resolve, reject) => {
      socket.addEventListener("message", (event) => {
        if (data.push(event.data) === count) resolve(data);
      });
      socket.addEventListener("close", () => reject(new Error(`closed before ${count} messages`)), { once: true });
    });
    return this.within(came, `${count} messages`);
  }

  /** One line for each event up to `close`: its type, and the readyState that its listener saw. */
  async history(socket) {
    const lines = [];
    for (const type of ["open", "message", "error", "close"]) {
      socket.addEventListener(type, (event) => {
        const close = type === "close" ? ` ${event.code} ${JSON.stringify(event.reason)} ${event.wasClean}` : "";
        const data = type === "message" ? ` ${String(event.data)}` : "";
        lines.push(`${type} at ${socket.readyState}${data}${close}`);
      });
    }
    await this.next(socket, "close");
    await this.turns();
    return lines;
  }

  /** What the server saw of the connection that was made with this id. */
  async report(id) {
    const response = await fetch(this.url(`/report?id=${id}`, "http:"));
    return response.json();
  }

  /** Lets events that are due come, among them those that should not. */
  async turns() {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  within(promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  /** Lets go of what the case has left open. A dial comes to its end first: Chromium slows down whoever gives up many. */
  async end() {
    for (const { socket, settled } of this.#sockets) {
      for (const type of ["open", "message", "error", "close"]) socket[`on${type}`] = null;
      if (socket.readyState === 0) await this.within(settled, "the end of a dial").catch(() => {});
      if (socket.readyState < 2) socket.close();
    }
  }
}

/** Listens behind the case's own listeners. */
async function settled(socket) {
  await null;
  await new Promise((resolve) => {
    for (const type of ["open", "error", "close"]) socket.addEventListener(type, resolve, { once: true });
  });
}

/** What a call throws, in words: "nothing", "TypeError", "DOMException SyntaxError". */
export function thrown(call) {
  try {
    call();
  } catch (error) {
    return error instanceof DOMException ? `DOMException ${error.name}` : (error?.constructor?.name ?? String(error));
  }
  return "nothing";
}

/** Bytes of a message, in whatever form they came, as a list of numbers. */
export async function bytesOf(data) {
  const buffer = typeof data.arrayBuffer === "function" ? await data.arrayBuffer() : data;
  return [...new Uint8Array(buffer)];
}

/** Which kind of data a message is. */
export function kindOf(data) {
  if (typeof data === "string") return "text";
  if (data instanceof ArrayBuffer) return "ArrayBuffer";
  return data instanceof Blob ? "Blob" : Object.prototype.toString.call(data);
}

let ids = 0;

/** A name for a connection that the server is to report on. */
export function newId() {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${++ids}`;
}
