import type { TransportFeatures } from "holdfast/testing";

/** One way to dial on a runtime, as it travels to the suite there. */
export interface WayPlan {
  /** How the table calls it. */
  readonly name: string;
  readonly over: "ws" | "native" | "fetch" | "options";
  /** Whether this is what the package takes by itself. Then the end-to-end suite names no transport. */
  readonly isDefault: boolean;
  readonly features: TransportFeatures;
}

/** A runtime, and how it is had and run. */
export interface RuntimePlan {
  /** How the table calls it. */
  readonly name: string;
  /** What npm installs, under a name of our own: `<alias>@npm:<package>@<range>`. */
  readonly alias: string;
  readonly package: string;
  readonly range: string;
  /** The executable in the package. */
  readonly executable: string;
  readonly kind: "script" | "worker";
  /** What stands before the script. */
  readonly arguments: readonly string[];
  readonly ways: readonly WayPlan[];
}

const WS: WayPlan = {
  name: "`ws`",
  over: "ws",
  isDefault: true,
  features: { headers: true, httpStatus: true, ping: true, terminate: true, cancelDial: true, checksUrl: true },
};

const NATIVE: WayPlan = {
  name: "the global WebSocket",
  over: "native",
  isDefault: false,
  features: { headers: false, httpStatus: false, ping: false, terminate: false, cancelDial: true, checksUrl: true },
};

function but(way: WayPlan, features: Partial<TransportFeatures>): WayPlan {
  return { ...way, features: { ...way.features, ...features } };
}

/** npm has Node as a package for each platform, by these names. */
const NODE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

function node(major: number, ways: readonly WayPlan[], rest: Partial<RuntimePlan> = {}): RuntimePlan {
  return {
    name: `Node ${String(major)}`,
    alias: `node${String(major)}`,
    package: NODE,
    range: String(major),
    executable: "bin/node",
    kind: "script",
    arguments: [],
    ways,
    ...rest,
  };
}

/** In React Native the package is taken by the condition of that name, and there is a WebSocket but no `ws`. */
const WITH_HEADERS: WayPlan = {
  ...but(NATIVE, { headers: true, checksUrl: false }),
  name: "its `WebSocket` with headers",
  over: "options",
};

const REACT_NATIVE = node(24, [{ ...NATIVE, isDefault: true }, WITH_HEADERS], {
  name: "React Native, simulated in Node 24",
  arguments: ["--conditions=react-native", "--import=./react-native.mjs"],
});

/** Every runtime that the package says it runs on, but browsers. */
export const RUNTIMES: readonly RuntimePlan[] = [
  node(18, [WS]),
  node(20, [WS]),
  // A dial that is not answered cannot be given up there: https://github.com/nodejs/undici/issues/3546
  node(22, [WS, but(NATIVE, { cancelDial: false })]),
  node(24, [WS, NATIVE]),
  // In place of a connection that was given up it opens another one, and keeps it idle.
  node(26, [WS, but(NATIVE, { cancelDial: false })]),
  {
    name: "Deno",
    alias: "deno",
    package: "deno",
    range: "2",
    executable: "deno",
    kind: "script",
    arguments: ["run", "--allow-net=127.0.0.1", "--allow-env", "--allow-read"],
    ways: [WS, but(NATIVE, { httpStatus: true })],
  },
  {
    name: "Bun",
    alias: "bun",
    package: "bun",
    range: "1",
    executable: "bin/bun.exe",
    kind: "script",
    arguments: ["run"],
    ways: [WS, but(NATIVE, { httpStatus: true })],
  },
  {
    name: "workerd",
    alias: "workerd",
    package: "workerd",
    range: "1",
    executable: "bin/workerd",
    kind: "worker",
    arguments: [],
    ways: [
      { ...NATIVE, isDefault: true },
      {
        name: "fetch upgrade",
        over: "fetch",
        isDefault: false,
        features: { ...NATIVE.features, headers: true, httpStatus: true, checksUrl: false },
      },
    ],
  },
  REACT_NATIVE,
];
