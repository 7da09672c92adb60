import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  closedHere,
  ConnectionError,
  HoldfastError,
  isHoldfastError,
  RemoteError,
  RequestError,
} from "../../../src/core/errors.ts";

describe("the errors", () => {
  it("are errors with a name, a code and a cause", () => {
    const cause = new Error("below");
    const error = new HoldfastError("TIMEOUT", "too late", { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "HoldfastError", code: "TIMEOUT", message: "too late", cause });
    expect(error.stack).toContain("HoldfastError");
  });

  it("of a connection say what the close frame and the HTTP answer said", () => {
    const error = new ConnectionError("DIAL_FAILED", "no", { closeCode: 1006, reason: "", httpStatus: 503 });
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({
      name: "ConnectionError",
      code: "DIAL_FAILED",
      closeCode: 1006,
      reason: "",
      httpStatus: 503,
    });
    expect("closeCode" in new ConnectionError("DROPPED", "dropped")).toBe(false);
  });

  it("of a request say which one it was and whether it was sent", () => {
    const error = new RequestError("OUTCOME_UNKNOWN", "lost", { method: "sum", sent: true });
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({ name: "RequestError", method: "sum", sent: true });
  });

  it("of the peer carry its own code and data", () => {
    const error = new RemoteError("no such method", -32_601, { hint: "add" });
    expect(error).toMatchObject({
      name: "RemoteError",
      code: "REMOTE_ERROR",
      remoteCode: -32_601,
      data: { hint: "add" },
    });
    expect(new RemoteError("plain")).toMatchObject({ remoteCode: undefined, data: undefined });
  });

  it("of this side's own doing are CLOSED", () => {
    expect(closedHere()).toMatchObject({ name: "ConnectionError", code: "CLOSED" });
  });
});

describe("isHoldfastError", () => {
  it.each([
    new HoldfastError("TIMEOUT", ""),
    new ConnectionError("DROPPED", ""),
    new RequestError("TIMEOUT", "", { method: "sum", sent: false }),
    new RemoteError(""),
  ])("knows a $name", (error) => {
    expect(isHoldfastError(error)).toBe(true);
  });

  it("knows one of another copy of the package, also in another realm", () => {
    const foreign: unknown = runInNewContext(
      `Object.assign(new Error("lost"), { name: "ConnectionError", code: "CONNECTION_LOST" })`,
    );
    expect(foreign).not.toBeInstanceOf(Error);
    expect(isHoldfastError(foreign)).toBe(true);
  });

  it.each([
    ["an Error", new Error("no")],
    [
      "an Error of another library with a code",
      Object.assign(new Error("no"), { name: "SystemError", code: "ECONNRESET" }),
    ],
    ["an error without a code", Object.assign(new Error("no"), { name: "ConnectionError" })],
    ["a string", "ConnectionError"],
    ["null", null],
    ["undefined", undefined],
  ])("does not take %s for one", (_, value) => {
    expect(isHoldfastError(value)).toBe(false);
  });
});
