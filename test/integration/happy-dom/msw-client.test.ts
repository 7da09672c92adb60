import { describe } from "vitest";
import { testMswClient } from "../../support/msw-client.ts";

describe("in a page", () => {
  testMswClient();
});
