import { type Client, type ConnectionState, createClient } from "holdfast";
import { createElement, type FunctionComponent, StrictMode, useEffect, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";

/** What the driver asks of this page. */
export interface StrictModePage {
  readonly client: Client;
  /** How often an effect has begun. */
  effects: number;
  mount(component: "owner" | "reader"): void;
  unmount(): void;
}

const client = createClient({ url: `/world/${location.search.slice(1)}` });
const watch = (onChange: () => void): (() => void) => client.on("state", onChange);
const read = (): ConnectionState => client.state;

/** A component that owns the connection. */
const Owner: FunctionComponent = () => {
  useEffect(() => {
    page.effects++;
    void client.connect();
    return () => void client.close();
  }, []);
  return createElement("p", null, useSyncExternalStore(watch, read).name);
};

/** A component that reads a topic, on a connection that nobody's component owns. */
const Reader: FunctionComponent = () => {
  useEffect(() => {
    page.effects++;
    return client.subscribe("ticks").listen(() => undefined);
  }, []);
  return createElement("p", null, useSyncExternalStore(watch, read).name);
};

const root = createRoot(document.getElementById("root") ?? document.body);
const page: StrictModePage = {
  client,
  effects: 0,
  mount: (component) => {
    root.render(createElement(StrictMode, null, createElement(component === "owner" ? Owner : Reader)));
  },
  unmount: () => {
    root.unmount();
  },
};
Object.assign(globalThis, { page });
