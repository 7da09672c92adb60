/** The three engines, by the name that is shown. */
export type EngineName = "Chromium" | "Firefox" | "WebKitGTK";

/** One tab of a real browser. */
export interface Tab {
  /** Loads a page, and resolves when it has loaded. */
  goto(url: string): Promise<void>;
  /** Goes back in the history; the page may come out of the back/forward cache. */
  back(): Promise<void>;
  /** Evaluates an expression in the page. A promise is awaited; the value travels as JSON. Throws what it throws. */
  ask(expression: string): Promise<unknown>;
  /** Sets the width of the viewport in CSS pixels, or what of it this browser can do. */
  resize(width: number): Promise<void>;
  /** A picture of what is in sight, or of the whole page: a PNG file. */
  screenshot(): Promise<Uint8Array>;
  /** Closes the tab, as a user does. */
  close(): Promise<void>;
}

/** What only some drivers can do to a tab. Absent: this driver cannot. */
export interface TabPowers {
  /** Shows this tab, so that its page is visible; or another one in its place. */
  readonly show?: (visible: boolean) => Promise<void>;
  /** Takes the network away from the tab, or gives it back. */
  readonly setOffline?: (offline: boolean) => Promise<void>;
  /** Freezes or resumes the page, as the browser does with one that has been hidden for long. */
  readonly setFrozen?: (frozen: boolean) => Promise<void>;
  /** Makes the page look as for a user who likes it dark. */
  readonly setScheme?: (scheme: "light" | "dark") => Promise<void>;
}

/** A browser that runs. */
export interface Browser extends AsyncDisposable {
  readonly engine: EngineName;
  readonly version: string;
  /** All its processes. */
  processes(): readonly number[];
  /** A tab that is in front, or one behind it, whose pages are hidden from their beginning. */
  open(place?: "front" | "behind"): Promise<Tab & TabPowers>;
}

/** How a browser can be asked to start. */
export interface LaunchOptions {
  /**
   * Chromium throttles the timers of a page that has been hidden for 10 s as hard as it else does after 5 minutes: one
   * wake-up a minute.
   */
  readonly throttling?: "soon";
}

export type Launch = (options?: LaunchOptions) => Promise<Browser>;
