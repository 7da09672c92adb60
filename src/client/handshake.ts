import type { Codec } from "../codec/codec.ts";
import { CONNECTION_SPEC, type ConnectionOptions } from "../connection/options.ts";
import { decode, encode } from "./coding.ts";
import type { ClientOptions } from "./options.ts";

/** The client's options as its connection takes them: its own, and a handshake that goes through the codec. */
export function connectionOptions(options: ClientOptions, codec: Codec): ConnectionOptions {
  const { handshake, maxMessageSize } = options;
  const own = Object.entries(options).filter(([name]) => Object.hasOwn(CONNECTION_SPEC, name));
  return {
    ...(Object.fromEntries(own) as unknown as ConnectionOptions), // the same names have the same types in both
    ...(handshake && {
      handshake: (link) => {
        const { send, receive } = link;
        return handshake({
          ...link,
          send: (value) => {
            send(encode(codec, value));
          },
          receive: async () => decode(codec, await receive(), maxMessageSize),
        });
      },
    }),
  };
}
