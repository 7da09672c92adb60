// The suite in a page: `conformance.begin()` starts it, `conformance.results` says how far it is.
import { ReconnectingWebSocket } from "holdfast/websocket";
import { type Addresses, tryAll } from "./subjects.ts";

/** What in-browser.ts asks. */
export interface ConformancePage {
  begin(addresses: Addresses): void;
  /** As JSON, when all of them are there: WebDriver BiDi loses parts of a value that occur twice in it. */
  results: string | undefined;
}

const page: ConformancePage = {
  results: undefined,
  begin(addresses) {
    tryAll(ReconnectingWebSocket, ["platform", "native"], addresses).then(
      (results) => {
        page.results = JSON.stringify(results);
      },
      (error: unknown) => {
        page.results = JSON.stringify(String(error));
      },
    );
  },
};
Object.assign(globalThis, { conformance: page });
