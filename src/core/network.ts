/**
 * What the platform says about the network and the page. All of it is a hint: it hurries, probes or slows down an
 * attempt, and never forbids one or tears down a link that works.
 *
 * - `online`, `offline`: the platform's opinion changed.
 * - `wake`: the page may have slept (it became visible, was resumed, or came back from the back/forward cache).
 * - `suspend`: the page is being left. The link is closed politely, and comes back on `wake`.
 */
export type NetworkSignal = "online" | "offline" | "wake" | "suspend";

/** A source of those hints. On React Native, feed it from `AppState` and `NetInfo`. */
export interface Network {
  /** False only where the platform says so. */
  readonly online: boolean;
  /** Calls `listener` on each signal until the returned function is called. */
  watch(listener: (signal: NetworkSignal) => void): () => void;
}

interface LifecycleEvent {
  readonly type: string;
  readonly persisted?: boolean;
}

interface Page {
  readonly navigator?: { readonly onLine?: boolean };
  readonly document?: { readonly visibilityState?: string };
  addEventListener?(type: string, listener: (event: LifecycleEvent) => void, capture: boolean): void;
  removeEventListener?(type: string, listener: (event: LifecycleEvent) => void, capture: boolean): void;
}

/** What the page's events are, and what they mean. */
const SIGNALS: Readonly<Record<string, NetworkSignal>> = {
  online: "online",
  offline: "offline",
  visibilitychange: "wake",
  pageshow: "wake",
  resume: "wake",
  pagehide: "suspend",
};

/** A page that is hidden does not wake up, nor does a fresh one by its first `pageshow`. */
function signalOf({ type, persisted }: LifecycleEvent, { document }: Page): NetworkSignal | undefined {
  const sleeps =
    type === "visibilitychange" ? document?.visibilityState !== "visible" : type === "pageshow" && !persisted;
  return sleeps ? undefined : SIGNALS[type];
}

const nothing = (): void => undefined;

/** The page's own events; on platforms without them (Node, edge workers) it is always online and silent. */
export const systemNetwork: Network = {
  get online() {
    return (globalThis as unknown as Page).navigator?.onLine !== false;
  },
  watch(listener) {
    const page = globalThis as unknown as Page;
    if (!page.addEventListener) return nothing;
    const onEvent = (event: LifecycleEvent): void => {
      const signal = signalOf(event, page);
      if (signal !== undefined) listener(signal);
    };
    // In a page captured at the global: `resume` and `visibilitychange` are fired at the document and pass here on their
    // way. Without one there is nothing on a way, and Cloudflare Workers throw.
    const capture = page.document !== undefined;
    for (const type in SIGNALS) page.addEventListener(type, onEvent, capture);
    return () => {
      for (const type in SIGNALS) page.removeEventListener?.(type, onEvent, capture);
    };
  },
};
