import type { Command, Seen, WorldAddress } from "./protocol.ts";

/** A server of one's own, ordered from the site by HTTP: that works while the sockets do not. */
export class RemoteWorld {
  readonly url: string;
  readonly directUrl: string;
  readonly #path: string;

  private constructor({ id, url, directUrl }: WorldAddress) {
    this.url = url;
    this.directUrl = directUrl;
    this.#path = `/worlds/${String(id)}`;
  }

  static async make(): Promise<RemoteWorld> {
    return new RemoteWorld((await request("POST", "/worlds")) as WorldAddress); // see Site
  }

  /** The same world under an address that somebody else has ordered. */
  static at(address: WorldAddress): RemoteWorld {
    return new RemoteWorld(address);
  }

  async do(command: Command): Promise<void> {
    await request("POST", this.#path, command);
  }

  async seen(): Promise<Seen> {
    return (await request("GET", this.#path)) as Seen; // see Site
  }

  async end(): Promise<void> {
    await request("DELETE", this.#path);
  }
}

async function request(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(path, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return answer.json();
}
