import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/entries.ts";
import { backoffDelay, backoffScale } from "../../src/connection/backoff.ts";
import { defaultVerdict } from "../../src/connection/retry.ts";
import { ConnectionError, type ErrorCode } from "../../src/core/errors.ts";
import type { Inbound } from "../../src/rpc/dialect.ts";
import { jsonRpc } from "../../src/rpc/json-rpc.ts";
import { type Page, readPage, type Table } from "../support/markdown.ts";

const pages = readdirSync(inRoot("docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md"))
  .map((file) => readPage(posix.join("docs", file), readFileSync(inRoot(posix.join("docs", file)), "utf8")));

function page(file: string): Page {
  const found = pages.find((each) => each.file === file);
  if (!found) throw new Error(`there is no ${file}`);
  return found;
}

/** The table with this note, without its head. */
function rows(file: string, note: string): readonly (readonly string[])[] {
  const table = page(file).tables.find(({ notes }) => notes.has(note));
  if (!table) throw new Error(`${file} has no table after <!-- ${note} -->`);
  return table.rows.slice(1);
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(inRoot(file), "utf8"), ts.ScriptTarget.ES2022, true);
}

/** The members of a union of string literals. */
function union(file: string, name: string): string[] {
  const alias = parse(file).statements.find((each) => ts.isTypeAliasDeclaration(each) && each.name.text === name);
  if (!alias || !ts.isTypeAliasDeclaration(alias) || !ts.isUnionTypeNode(alias.type)) throw new Error(`no ${name}`);
  return alias.type.types.map((type) => type.getText().replaceAll('"', ""));
}

/**
 * The members of an interface, each with its `@default`: `file Name`. Of options that are made of several:
 * `file Name without member, file Name`.
 */
function membersOf(note: string): (readonly [option: string, default_: string])[] {
  return note.split(", ").flatMap((part) => {
    const [file = "", name = "", , left] = part.split(" ");
    return defaults(file, name).filter(([option]) => option !== left);
  });
}

/** The members of an interface, each with its `@default`. */
function defaults(file: string, name: string): (readonly [option: string, default_: string])[] {
  const found = parse(file).statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === name);
  if (!found || !ts.isInterfaceDeclaration(found)) throw new Error(`no ${name}`);
  return found.members.map((member) => {
    const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "default");
    const text = (ts.getTextOfJSDocComment(tag?.comment) ?? "").replace(/[_`]/g, "");
    return [member.name?.getText() ?? "", text] as const;
  });
}

test("the table of errors has each code once, in the order of the source", () => {
  const codes = union("src/core/errors.ts", "ErrorCode");
  expect(codes.length).toBeGreaterThan(10);
  expect(rows("docs/errors.md", "codes").map(([code]) => code)).toEqual(codes);
});

describe("a table of options has every option, with its default", () => {
  const tables = pages.flatMap(({ tables }) => tables).filter(({ notes }) => notes.has("options"));

  test("there are some", () => {
    expect(tables.length).toBeGreaterThan(3);
  });

  test.each(tables.map((table) => [`${table.file}: ${table.notes.get("options") ?? ""}`, table] as const))(
    "%s",
    (_name, { rows, notes }: Table) => {
      const written = rows.slice(1).map(([option = "", default_ = ""]) => [option, default_.replaceAll("`", "")]);
      expect(written).toEqual(membersOf(notes.get("options") ?? ""));
    },
  );
});

describe("the numbers of docs/guides/reconnection.md", () => {
  test.each(rows("docs/guides/reconnection.md", "backoff"))("after failure %s: %s ms", (failure, ...written) => {
    const range = (scale: number): string => {
      const [least, most] = [0, 1].map((random) => backoffDelay({}, Number(failure) - 1, scale, () => random));
      return `${Math.round(least ?? NaN)} to ${Math.round(most ?? NaN)}`;
    };
    const [usual, busy, dead] = ["1000", "1013", "HEARTBEAT_TIMEOUT"].map((each) => range(backoffScale(cause(each))));
    expect(written).toEqual([usual, busy, dead]);
  });

  /** What the code makes of one row's first cell: a close code, `HTTP 401`, or the code of an error. */
  function cause(cell: string): ConnectionError {
    const http = /^HTTP (\d+)$/.exec(cell)?.[1];
    if (http !== undefined) return new ConnectionError("DIAL_FAILED", "", { httpStatus: Number(http) });
    if (/^\d+$/.test(cell)) return new ConnectionError("CONNECTION_LOST", "", { closeCode: Number(cell) });
    // A cell that is no code of an error is found by the verdict: nothing then scales or stops.
    return new ConnectionError(cell as ErrorCode, "");
  }

  function verdict(error: ConnectionError): string {
    const scale = backoffScale(error);
    return defaultVerdict(error) ?? (scale > 1 ? "wait longer" : scale < 1 ? "wait less" : "wait");
  }

  test("the close-code table is what the code does", () => {
    const table = rows("docs/guides/reconnection.md", "close-codes");
    const written = table.flatMap(([causes = "", what = ""]) =>
      causes.split(", ").map((each) => [each.replaceAll("`", ""), what] as const),
    );
    expect(written.length).toBeGreaterThan(15);
    expect(written).toEqual(written.map(([each]) => [each, verdict(cause(each))]));
  });

  test("the close-code table names everything that the code treats specially", () => {
    const named = rows("docs/guides/reconnection.md", "close-codes")
      .flatMap(([causes = ""]) => causes.split(", "))
      .map((each) => each.replaceAll("`", ""));
    const all = Array.from({ length: 5_000 }, (_, code) => String(code));
    const special = all.filter((code) => verdict(cause(code)) !== "wait");
    expect(special.filter((code) => !named.includes(code))).toEqual([]);
  });
});

describe("the frames of docs/wire.md", () => {
  const fences = page("docs/wire.md").fences.filter(({ language }) => language === "json");
  const read = fences.filter(({ notes }) => notes.has("reads"));
  const written = fences.filter(({ notes }) => notes.has("writes"));

  test("each is read or written", () => {
    expect(fences.length).toBeGreaterThan(10);
    expect(fences.filter((fence) => !read.includes(fence) && !written.includes(fence))).toEqual([]);
  });

  test.each(read.map(({ line, code, notes }) => [line, code, notes.get("reads")] as const))(
    "line %i: %s is read as %s",
    (_line, code, expected) => {
      const inbound: Inbound = jsonRpc.read(JSON.parse(code));
      expect(inbound.type).toBe(expected);
    },
  );

  /** How the dialect writes each kind of frame. */
  const write: Readonly<Record<string, unknown>> = {
    request: jsonRpc.request(1, "sum", { a: 1, b: 2 }),
    "request without params": jsonRpc.request(2, "time", undefined),
    notification: jsonRpc.notification("typing", { room: "tea" }),
    result: jsonRpc.result("q1", true),
    failure: jsonRpc.failure("q1", { code: -32601, message: "Method not found" }),
    item: jsonRpc.item?.("q1", "first"),
    cancel: jsonRpc.cancel?.(1),
    subscribe: call(3, jsonRpc.subscribe?.("trades", { since: 41 })),
    unsubscribe: call(4, jsonRpc.unsubscribe?.("trades", { since: 41 })),
    ping: call(5, jsonRpc.ping?.()),
  };

  function call(id: number, made: { readonly method: string; readonly params: unknown } | undefined): unknown {
    return made && jsonRpc.request(id, made.method, made.params);
  }

  test("every kind of frame is shown", () => {
    expect(written.map(({ notes }) => notes.get("writes")).sort()).toEqual(Object.keys(write).sort());
  });

  test.each(written.map(({ line, code, notes }) => [line, notes.get("writes") ?? "", code] as const))(
    "line %i: a %s is written as shown",
    (_line, kind, code) => {
      expect(JSON.parse(JSON.stringify(write[kind]))).toEqual(JSON.parse(code));
    },
  );
});
