// For the build: in Node, `holdfast`, `holdfast/connection` and `holdfast/rpc` take their values from one file, made of
// this one (`scripts/one-file.ts`).
export * from "./connection.ts";
export * from "./index.ts";
export { Rpc } from "./rpc.ts";
