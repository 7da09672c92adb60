import type { Codec } from "../codec/codec.ts";
import type { ConnectionOptions } from "../connection/options.ts";
import { decode, encode } from "./coding.ts";
import type { ClientOptions } from "./options.ts";

/** The client's options as its connection takes them: with a handshake that goes through the codec. What else there is it leaves alone. */
export function connectionOptions(options: ClientOptions, codec: Codec): ConnectionOptions {
  const { handshake, maxMessageSize, ...rest } = options;
  if (!handshake) return options as ConnectionOptions; // it has none
  return {
    ...rest,
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
  };
}
