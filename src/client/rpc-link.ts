import type { Codec } from "../codec/codec.ts";
import type { Outbox, OutboxSink } from "../outbox/outbox.ts";
import type { RpcLink } from "../rpc/link.ts";
import { encode } from "./coding.ts";

/** What the calls of a client write to: its queue, or past it. `prepare` looks at the link before anything is written. */
export function rpcLink(sink: OutboxSink, queue: Outbox, codec: Codec, prepare: () => void): RpcLink {
  return {
    prepare,
    encode: (frame) => encode(codec, frame),
    write: (data, order) => {
      if (order === "first") return sink.write(data);
      prepare();
      return queue.write(data);
    },
    queue: (data, options) => queue.queue(data, options),
    report: sink.report,
  };
}
