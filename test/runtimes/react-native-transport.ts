import { adoptSocket, type PlatformSocket, type Transport } from "holdfast";

/** Headers are the third argument of the `WebSocket` of React Native. */
type NativeWebSocket = new (url: string, protocols: string[], options: { headers: object }) => PlatformSocket;

/** Dials with headers, which browsers cannot. */
export const reactNativeTransport: Transport = ({ url, protocols, headers = {} }, events) => {
  const { WebSocket } = globalThis as unknown as { WebSocket: NativeWebSocket };
  return adoptSocket(new WebSocket(url, [...protocols], { headers }), events);
};
