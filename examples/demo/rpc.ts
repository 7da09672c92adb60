/** JSON-RPC 2.0 in text frames: what came in, and what goes out. No socket in here. */

export type Id = string | number;

export type Inbound =
  | { readonly kind: "request"; readonly id: Id; readonly method: string; readonly params: Params }
  | { readonly kind: "notification"; readonly method: string; readonly params: Params }
  | { readonly kind: "invalid"; readonly error: RpcError };

export type Params = Readonly<Record<string, unknown>>;

/** An error that the other side may see. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const METHOD_NOT_FOUND = -32_601;
export const INVALID_PARAMS = -32_602;
export const INTERNAL_ERROR = -32_603;
/** Language servers use this code for it, and the cancelling notification below is theirs as well. */
export const CANCELLED = -32_800;

/** "Stop working on the request with this id." */
export const CANCEL = "$/cancelRequest";

/** Reads one text frame. */
export function parse(text: string): Inbound {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { kind: "invalid", error: new RpcError(PARSE_ERROR, "This is not JSON") };
  }
  if (!isObject(frame) || frame["jsonrpc"] !== "2.0" || typeof frame["method"] !== "string") {
    return { kind: "invalid", error: new RpcError(INVALID_REQUEST, "This is not a JSON-RPC 2.0 request") };
  }
  const { id, method, params } = frame;
  const named = isObject(params) ? params : {};
  if (typeof id === "string" || typeof id === "number") return { kind: "request", id, method, params: named };
  return { kind: "notification", method, params: named };
}

export function resultFrame(id: Id, result: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}

export function errorFrame(id: Id | null, { code, message }: RpcError): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });
}

export function notificationFrame(method: string, params: Params): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

/** The number `params[name]`. @throws RpcError INVALID_PARAMS */
export function numberParam(params: Params, name: string, fallback?: number): number {
  const value = params[name] ?? fallback;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new RpcError(INVALID_PARAMS, `"${name}" must be a number`);
}

/** The string `params[name]`. @throws RpcError INVALID_PARAMS */
export function stringParam(params: Params, name: string): string {
  const value = params[name];
  if (typeof value === "string") return value;
  throw new RpcError(INVALID_PARAMS, `"${name}" must be a string`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
