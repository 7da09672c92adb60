import type { MakeProtocol } from "./protocol.ts";

const INFO = {
  server_id: "BENCH",
  server_name: "bench",
  version: "2.10.0",
  go: "none",
  host: "127.0.0.1",
  port: 4222,
  headers: true,
  max_payload: 1 << 20,
  proto: 1,
};

/** The text protocol of NATS. A server of it packs what it has for a client into large frames, and so does this one. */
export const nats: MakeProtocol = () => {
  /** The client's subscriptions, by subject without the wildcard. */
  const ids = new Map<string, string>();
  let unread = "";
  const msg = (subject: string, body: string): string => {
    const [found] = [...ids].filter(([prefix]) => subject.startsWith(prefix)).map(([, id]) => id);
    return `MSG ${subject} ${found ?? "0"} ${String(body.length)}\r\n${body}\r\n`;
  };
  return {
    greeting: `INFO ${JSON.stringify(INFO)}\r\n`,
    frames: "binary",
    batch: 500,
    read(text, heard) {
      unread += text;
      let at = 0;
      for (let end = unread.indexOf("\r\n", at); end !== -1; end = unread.indexOf("\r\n", at)) {
        const [verb, ...words] = unread.slice(at, end).split(" ");
        if (verb === "PUB") {
          // Payloads of the benchmark are ASCII: a character is a byte.
          const body = end + 2;
          const length = Number(words.at(-1));
          if (unread.length < body + length + 2) break;
          const value = JSON.parse(unread.slice(body, body + length)) as unknown;
          if (words.length === 3) heard.ask(words[1] ?? "", value);
          else heard.message(value);
          at = body + length + 2;
          continue;
        }
        if (verb === "PING") heard.reply("PONG\r\n");
        else if (verb === "SUB") ids.set((words[0] ?? "").replace("*", ""), words.at(-1) ?? "");
        at = end + 2;
      }
      unread = unread.slice(at);
    },
    message: (value) => msg("message", JSON.stringify(value)),
    answer: (inbox, result) => msg(String(inbox), JSON.stringify(result)),
  };
};
