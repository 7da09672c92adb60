// The demo: a market feed over WebSocket, and a page that shows it. `npm start` builds the package and runs this.
import { existsSync } from "node:fs";
import { once } from "node:events";
import { Faults } from "./faults.ts";
import { FeedServer } from "./feed-server.ts";
import { HOST, listen, portsFrom } from "./listen.ts";
import { Market } from "./market.ts";
import { CDN_FILE, createPageServer } from "./page-server.ts";

const DEFAULT_PORT = 8080;
const SEED = 20_260_101;
const HOUR = 3_600_000;

if (!existsSync(CDN_FILE)) {
  console.error("There is no dist/cdn/holdfast.js yet: run `npm run build` first, or `npm start`, which does.");
  process.exit(1);
}

// The walk begins at a fixed hour, four times a day, and at least an hour ago, so there is always some history.
const now = Date.now();
const market = new Market({ seed: SEED, origin: Math.floor((now - HOUR) / (6 * HOUR)) * 6 * HOUR });
market.advance(now);

// PORT is taken at its word; without it, the first free port will do.
const { PORT = "" } = process.env;
const port = PORT === "" ? DEFAULT_PORT : Number(PORT);
const feed = new FeedServer(market);
const feedPort = await feed.start(portsFrom(port === 0 ? 0 : port + 1));
const faults = new Faults(feed, feedPort);
const page = createPageServer(feedPort, faults);
const pagePort = await listen(page, portsFrom(port, PORT === "" ? 20 : 1));

console.log(`holdfast demo: http://${HOST}:${pagePort}/`);
console.log(`its feed:      ws://${HOST}:${feedPort}/`);

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
faults.clear();
page.close();
page.closeAllConnections();
await feed.end();
