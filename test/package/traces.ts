import { gzipSync } from "node:zlib";

/** What only `ws` and its optional parts bring into a bundle. All of it survives minifying. */
const WS = [/permessage-deflate/i, /sec-websocket-key/i, /bufferutil/, /utf-8-validate/];
/** Imports that only work in Node. */
const NODE = [
  /isomorphic-ws/,
  /["']node:\w+["']/,
  /(?:require|import)\(["'](?:ws|net|tls|http|https|zlib|crypto|stream)["']\)/,
  /\bfrom ?["'](?:ws|net|tls|http|https|zlib|crypto|stream)["']/,
];
/** What only the layer of calls has. */
const RPC = [/\$\/cancelRequest/, /jsonrpc/];

function found(patterns: readonly RegExp[], code: string): string[] {
  return patterns.flatMap((pattern) => pattern.exec(code)?.[0] ?? []);
}

/** Traces of modules of Node. */
export function tracesOfNode(code: string): string[] {
  return found(NODE, code);
}

/** Traces of `ws`. */
export function tracesOfWs(code: string): string[] {
  return found(WS, code);
}

/** Traces of RPC. */
export function tracesOfRpc(code: string): string[] {
  return found(RPC, code);
}

/** Throws if there is any trace. */
export function expectNone(traces: readonly string[]): void {
  if (traces.length > 0) throw new Error(`found ${traces.join(", ")}`);
}

/** Throws unless every kind of trace is there, and so proves that the patterns see what they look for. */
export function expectRpc(code: string): void {
  if (tracesOfRpc(code).length < RPC.length) throw new Error("the traces of RPC are not where RPC is");
}

/** As `expectRpc`, for `ws`. */
export function expectWs(code: string): void {
  if (tracesOfWs(code).length < WS.length) throw new Error("the traces of ws are not where ws is");
}

export function gzipped(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}
