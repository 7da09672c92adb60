import type { Contestant } from "./contestant.ts";
import { HOLDFAST } from "./holdfast.ts";
import { PROTOCOL_CLIENTS } from "./protocols.ts";
import { BARE, CONTROL, SOCKETS } from "./sockets.ts";

export { BARE };
export const CONTESTANTS: readonly Contestant[] = [CONTROL, ...HOLDFAST, ...SOCKETS, ...PROTOCOL_CLIENTS];
