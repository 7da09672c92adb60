import { adoptSocket, type PlatformSocket, type Transport, type TransportSocket } from "holdfast";

/** What Workers add to the `Response` of an upgrade. */
interface UpgradeResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly webSocket?: (PlatformSocket & { accept(): void }) | null;
}

const LOST = { code: 1006, reason: "", wasClean: false };

/** Dials by a fetch upgrade, which unlike `new WebSocket` sends headers and tells the status of a refusal. */
export const fetchTransport: Transport = ({ url, protocols, headers: fields }, events) => {
  const controller = new AbortController();
  let socket: TransportSocket | undefined;

  const upgraded = ({ webSocket, status, headers }: UpgradeResponse): void => {
    if (controller.signal.aborted) {
      webSocket?.accept();
      webSocket?.close();
    } else if (webSocket) {
      webSocket.accept();
      socket = adoptSocket(webSocket, events, { protocol: headers.get("Sec-WebSocket-Protocol") ?? "" });
    } else {
      events.closed({ ...LOST, httpStatus: status });
    }
  };
  const offer: Record<string, string> = protocols.length > 0 ? { "Sec-WebSocket-Protocol": protocols.join(", ") } : {};
  fetch(url.replace(/^ws/, "http"), {
    headers: { ...fields, ...offer, Upgrade: "websocket" },
    signal: controller.signal,
  }).then(upgraded, () => {
    if (!controller.signal.aborted) events.closed(LOST);
  });

  return {
    get bufferedAmount() {
      return socket?.bufferedAmount;
    },
    send: (data) => socket?.send(data) ?? false,
    close: (code, reason) => {
      if (socket) {
        socket.close(code, reason);
      } else if (!controller.signal.aborted) {
        controller.abort();
        events.closed(LOST);
      }
    },
    abandon: (code, reason) => {
      if (socket) socket.abandon(code, reason);
      else controller.abort();
    },
  };
};
