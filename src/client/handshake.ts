import type { Codec } from "../codec/codec.ts";
import type { ConnectionOptions } from "../connection/options.ts";
import type { ClientOptions } from "./options.ts";

/** The client's options as its connection takes them: without the layers' own, and with a handshake that goes through the codec. */
export function connectionOptions(options: ClientOptions, codec: Codec): ConnectionOptions {
  const {
    heartbeat,
    outbox,
    rpc,
    dialect,
    codec: _codec,
    schemas,
    maxMessageSize,
    maxTopics,
    handshake,
    ...rest
  } = options;
  if (!handshake) return rest;
  return {
    ...rest,
    handshake: (link) =>
      handshake(
        Object.assign(link, {
          send: (
            (send) =>
            (value: unknown): void => {
              send(codec.encode(value));
            }
          )(link.send),
          receive: (
            (receive) => async (): Promise<unknown> =>
              codec.decode(await receive())
          )(link.receive),
        }),
      ),
  };
}
