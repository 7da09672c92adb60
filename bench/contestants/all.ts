import { BARE, CONTROL, LIMITS } from "./bare.ts";
import type { Contestant } from "./contestant.ts";
import { HOLDFAST } from "./holdfast.ts";
import { PROTOCOL_CLIENTS } from "./protocols.ts";
import { SOCKETS } from "./sockets.ts";

export { BARE };
export const CONTESTANTS: readonly Contestant[] = [CONTROL, ...HOLDFAST, ...LIMITS, ...SOCKETS, ...PROTOCOL_CLIENTS];
