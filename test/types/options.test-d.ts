// Checked by the compiler alone, under `exactOptionalPropertyTypes`: what may be left out may also be `undefined`, as it is at
// run time, so that `{ headers: token === undefined ? undefined : { token } }` needs no detour.
import { expectTypeOf } from "vitest";
import type { ConnectionOptions } from "../../src/connection.ts";
import type { BackoffOptions, ClientOptions, OutboxOptions, SendOptions, SubscribeOptions } from "../../src/index.ts";
import type { WsOptions } from "../../src/node.ts";
import type { RequestOptions, RpcHooks, RpcOptions, StreamOptions } from "../../src/rpc.ts";
import type { MemoryServerOptions } from "../../src/testing.ts";
import type { WebSocketHeartbeatOptions, WebSocketOptions } from "../../src/websocket.ts";

/** Each option that may be left out, as `undefined`. */
type Undefined<Options> = {
  [Name in keyof Options as Partial<Pick<Options, Name>> extends Pick<Options, Name> ? Name : never]: undefined;
};

type Takes<Options> = Undefined<Options> extends Partial<Options> ? "undefined" : "no undefined";

export function options(): void {
  expectTypeOf<Takes<ConnectionOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<BackoffOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<ClientOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<OutboxOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<SendOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<SubscribeOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<WsOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<RequestOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<RpcHooks>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<RpcOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<StreamOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<MemoryServerOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<WebSocketHeartbeatOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<WebSocketOptions>>().toEqualTypeOf<"undefined">();
  expectTypeOf<Takes<{ readonly strict?: number }>>().toEqualTypeOf<"no undefined">();
}
