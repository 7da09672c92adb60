import type { Socket } from "node:net";

/**
 * Ends a TCP connection with a reset. One that is just sending its FIN cannot be reset any more: Node then reports EINVAL and
 * keeps the handle for ever. It is destroyed.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
