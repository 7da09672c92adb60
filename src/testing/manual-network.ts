import type { Network, NetworkSignal } from "../core/network.ts";

/** A clock that can leap, such as a `VirtualClock`. */
export interface JumpingClock {
  /** Time leaps by `ms`, and what was due meanwhile is late. */
  jump(ms: number): void;
}

/** A clock whose timers can be throttled, such as a `PageClock`. */
export interface ThrottlingClock {
  /** Timers run at multiples of `grid` ms alone; 0 ends that. */
  throttle(grid: number): void;
}

/**
 * A network and a page that do what a test says. The verbs say what happens to the page (`goOffline`, `hide`, `freeze`,
 * `bfcache`, `sleep`, …), and each sends exactly the signals that holdfast's own source sends when the same happens in a browser.
 * Elsewhere, as on React Native, say `suspend` and `wake`.
 *
 * @example
 * const network = new ManualNetwork();
 * const client = createClient({ url, network });
 * network.goOffline();
 */
export class ManualNetwork implements Network {
  readonly #watchers = new Set<{ readonly listener: (signal: NetworkSignal) => void }>();
  #online = true;
  #hidden: ThrottlingClock | undefined;

  /** What the platform would say: false between `goOffline` and `goOnline`. */
  get online(): boolean {
    return this.#online;
  }

  /** How many listeners there are. A test that ends with 0 has left nothing behind. */
  get watchers(): number {
    return this.#watchers.size;
  }

  /** Called by the client; the returned function ends the watch. */
  watch(listener: (signal: NetworkSignal) => void): () => void {
    const watcher = { listener };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** The platform believes that there is a network: `online`, sent also if it believed so before. */
  goOnline(): void {
    this.#online = true;
    this.signal("online");
  }

  /** The platform believes that there is none: `offline`. Whether dials fail is the transport's business. */
  goOffline(): void {
    this.#online = false;
    this.signal("offline");
  }

  /**
   * The page is hidden (another tab, a locked phone). As in a browser that alone sends nothing, but from now on the timers of
   * `page` run only once in `grid` ms. Browsers take 1_000 at first, and Chrome 60_000 after five minutes.
   */
  hide(page?: ThrottlingClock, grid = 1_000): void {
    this.#hidden = page;
    page?.throttle(grid);
  }

  /** The page is visible again: its timers are as they were, and `wake`. */
  show(): void {
    this.#hidden?.throttle(0);
    this.#hidden = undefined;
    this.signal("wake");
  }

  /** The page is being left, perhaps into the back/forward cache (`pagehide`): `suspend`. */
  suspend(): void {
    this.signal("suspend");
  }

  /** The page may have slept and runs again (`pageshow` from the cache, `resume`, visible): `wake`. */
  wake(): void {
    this.signal("wake");
  }

  /** The page is frozen for `ms` (the Page Lifecycle API's `freeze`, then `resume`): timers are late, then `wake`. */
  freeze(clock: JumpingClock, ms: number): void {
    clock.jump(ms);
    this.signal("wake");
  }

  /** The page goes into the back/forward cache for `ms` and comes back: `suspend`, late timers, `wake`. */
  bfcache(clock: JumpingClock, ms: number): void {
    this.signal("suspend");
    clock.jump(ms);
    this.signal("wake");
  }

  /** The machine sleeps for `ms` with the page visible: late timers, and `wake` only where the platform notices. */
  sleep(clock: JumpingClock, ms: number, noticed: "noticed" | "unnoticed" = "noticed"): void {
    clock.jump(ms);
    if (noticed === "noticed") this.signal("wake");
  }

  /** Sends one signal as it is. A listener that is added or removed meanwhile takes effect with the next one. */
  signal(signal: NetworkSignal): void {
    for (const { listener } of [...this.#watchers]) listener(signal);
  }
}
