import type { Client, ConnectionState, createClient } from "holdfast";

export interface Message {
  readonly id: string;
  readonly cursor: string;
  readonly from: string;
  readonly text: string;
  /** The server's time stamp, milliseconds since the epoch. */
  readonly time: number;
  readonly own: boolean;
}

export interface RoomListeners {
  readonly state?: (state: ConnectionState) => void;
  readonly message?: (message: Message) => void;
  readonly people?: (names: readonly string[]) => void;
  readonly sending?: (message: { readonly id: string; readonly text: string }) => void;
  readonly hole?: () => void;
}

export interface Room {
  readonly client: Client;
  say(text: string): string;
  leave(): Promise<void>;
}

export function joinRoom(create: typeof createClient, url: string, name: string, listeners: RoomListeners): Room;
