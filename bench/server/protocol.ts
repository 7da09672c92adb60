/** What a client said, in the terms of the benchmark. */
export interface Heard {
  /** A part of the protocol itself (a handshake, a ping): here is the answer to it. */
  reply(text: string): void;
  /** The application's message. */
  message(value: unknown): void;
  /** The application's request. */
  ask(id: number | string, params: unknown): void;
}

/** The frames of one client library's server. Each speaks as little of its protocol as the library needs to be content. */
export interface Protocol {
  /** Sent to each new link. */
  readonly greeting?: string;
  /** Reads what one frame holds, which may be several messages. */
  read(text: string, heard: Heard): void;
  /** A message to the client. */
  message(value: unknown): string;
  answer(id: number | string, result: unknown): string;
  /** What its frames are. @default "text" */
  readonly frames?: "text" | "binary";
  /** How many messages a server of this kind puts into one frame when it has many. @default 1 */
  readonly batch?: number;
}

/** One protocol object serves one link, and may keep what that link has agreed on. */
export type MakeProtocol = () => Protocol;
