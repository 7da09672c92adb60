import type { Scenario } from "../scenario.ts";
export const outages: readonly Scenario[] = [];
