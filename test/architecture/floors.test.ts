import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/entries.ts";
import { check, type Rule } from "./rules.ts";

const files = readdirSync(inRoot("src"), { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.tsx?$/.test(file));

describe("the source keeps its floors", () => {
  test("there is source to check", () => {
    expect(files).toContain("core/clock.ts");
  });

  test.each(files)("%s", (file) => {
    expect(check(file, readFileSync(inRoot(`src/${file}`), "utf8"))).toEqual([]);
  });
});

describe("the check sees a broken rule", () => {
  const broken: readonly (readonly [rule: Rule, file: string, source: string])[] = [
    ["floors", "core/a.ts", 'import { b } from "../transport/b.ts";'],
    ["floors", "core/a.ts", 'import type { b } from "../transport/b.ts";'],
    ["floors", "core/a.ts", 'import { b } from "../index.ts";'],
    ["floors", "core/deep/a.ts", 'import { b } from "../../transport/b.ts";'],
    ["floors", "rpc/a.ts", 'import { b } from "../outbox/b.ts";'],
    ["floors", "rpc/a.ts", 'export { b } from "../codec/b.ts";'],
    ["floors", "rpc/a.ts", 'export const b = () => import("../codec/b.ts");'],
    ["floors", "rpc/a.ts", 'export type B = import("../codec/b.ts").B;'],
    ["floors", "heartbeat/a.ts", 'import { b } from "../connection/b.ts";'],
    ["floors", "connection/a.ts", 'import { b } from "../codec/b.ts";'],
    ["floors", "connection/a.ts", 'import { b } from "../client/b.ts";'],
    ["floors", "client/a.ts", 'import { b } from "../testing/b.ts";'],
    ["floors", "client/a.ts", 'import { b } from "../websocket/b.ts";'],
    ["floors", "testing/a.ts", 'import { b } from "../transport/b.ts";'],
    ["floors", "testing/a.ts", 'import { type c, b } from "../transport/b.ts";'],
    ["floors", "testing/a.ts", 'import "../transport/b.ts";'],
    ["floors", "testing/a.ts", 'import type { b } from "../connection/b.ts";'],
    ["floors", "core/a.ts", 'import { b } from "../../test/b.ts";'],
    ["floors", "index.ts", 'import { b } from "../test/b.ts";'],
    ["floors", "utils/a.ts", 'import { b } from "../core/b.ts";'],
    ["dependency", "client/a.ts", 'import { EventEmitter } from "eventemitter3";'],
    ["dependency", "transport/platform.ts", 'import WebSocket from "isomorphic-ws";'],
    ["dependency", "transport/websocket.ts", 'import type { ClientOptions } from "ws";'],
    ["dependency", "core/a.ts", 'import { once } from "node:events";'],
    ["dependency", "core/emitter.ts", 'import { debounce } from "lodash";'],
    ["clock", "heartbeat/a.ts", "setTimeout(() => {}, 1);"],
    ["clock", "heartbeat/a.ts", "globalThis.setTimeout(() => {}, 1);"],
    ["clock", "heartbeat/a.ts", 'globalThis["setInterval"](() => {}, 1);'],
    ["clock", "heartbeat/a.ts", "interface Timers { clearTimeout(handle: unknown): void }"],
    ["clock", "core/a.ts", "export const now = () => Date.now();"],
    ["clock", "core/a.ts", "const { now } = Date;"],
    ["clock", "core/a.ts", "export const now = () => Number(new Date());"],
    ["clock", "core/a.ts", "export const now = () => performance.now();"],
    ["clock", "rpc/a.ts", "export const signal = AbortSignal.timeout(5);"],
    ["random", "connection/backoff.ts", "export const jitter = () => Math.random();"],
    ["random", "connection/backoff.ts", "const { random } = Math;"],
    ["random", "connection/backoff.ts", 'export const jitter = () => Math["random"]();'],
    ["page", "client/a.ts", 'window.addEventListener("online", () => {});'],
    ["page", "client/a.ts", "export const hidden = globalThis.document.hidden;"],
    ["page", "connection/a.ts", "interface Page { navigator?: { onLine?: boolean } }"],
    ["socket", "connection/a.ts", 'new WebSocket("ws://localhost");'],
    ["socket", "websocket/a.ts", 'class WebSocket {} new globalThis.WebSocket("ws://localhost");'],
    ["socket", "testing/a.ts", "export const fake = () => class Fake extends WebSocket {};"],
    ["console", "core/clock.ts", 'console.log("hello");'],
    ["default-export", "core/a.ts", "export default class A {}"],
    ["default-export", "core/a.ts", "const a = 1; export default a;"],
    ["default-export", "core/a.ts", "const a = 1; export { a as default };"],
    ["export-star", "index.ts", 'export * from "./core/a.ts";'],
    ["export-star", "index.ts", 'export * as core from "./core/a.ts";'],
  ];

  test.each(broken)("%s: %s: %s", (rule, file, source) => {
    const violations = check(file, source);
    expect([...new Set(violations.map((violation) => violation.rule))]).toEqual([rule]);
    expect(violations[0]).toMatchObject({ file, line: 1 });
  });
});

describe("the check lets pass", () => {
  const fine: readonly (readonly [file: string, source: string])[] = [
    ["core/a.ts", 'import { b } from "./b.ts"; import { c } from "../core/c.ts";'],
    ["rpc/a.ts", 'import { b } from "../core/b.ts"; import { c } from "./deep/c.ts";'],
    ["connection/a.ts", 'import { b } from "../transport/b.ts";'],
    ["client/a.ts", 'import { b } from "../rpc/b.ts"; import { c } from "../connection/c.ts";'],
    ["testing/a.ts", 'import type { b } from "../transport/b.ts"; import { type c } from "../transport/c.ts";'],
    ["index.ts", 'export { a } from "./client/a.ts"; export type { B } from "./core/b.ts";'],
    ["core/emitter.ts", 'import { EventEmitter } from "eventemitter3";'],
    ["transport/platform-node.ts", 'import WebSocket from "isomorphic-ws"; import { once } from "node:events";'],
    ["core/clock.ts", "setTimeout(() => {}, Date.now() + performance.now());"],
    ["core/random.ts", "export const random = () => Math.random();"],
    ["core/network.ts", "export const online = () => globalThis.navigator.onLine && !document.hidden && window.top;"],
    ["core/a.ts", 'export const words = "window document setTimeout console"; // Math.random()'],
    ["core/a.ts", "export const floor = Math.floor(1.5); export const then = new Date(0);"],
    ["transport/platform.ts", "export const native = globalThis.WebSocket;"],
    ["testing/a.ts", "export const fake = () => class WebSocket {};"],
    ["websocket/websocket.ts", "export class WebSocket {} export default WebSocket;"],
    ["websocket.ts", 'export { WebSocket, WebSocket as default } from "./websocket/websocket.ts";'],
  ];

  test.each(fine)("%s: %s", (file, source) => {
    expect(check(file, source)).toEqual([]);
  });
});
