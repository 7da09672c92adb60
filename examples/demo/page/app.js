// The page: one client, three subscriptions, and what they look like.
import { createClient } from "/holdfast.js";
import { createChart } from "./chart.js";
import { log } from "./log.js";
import { Outages } from "./outages.js";
import { setUpRequests } from "./requests.js";
import { explain, showFigures, showRoundTrip, showState } from "./status.js";
import { Ticks } from "./ticks.js";

const SYMBOLS = ["KELP", "DULSE", "WRACK"];
const $ = (id) => document.getElementById(id);

const { feed } = await (await fetch("/config.json")).json();
const client = createClient({
  url: feed,
  heartbeat: { interval: 2_000, timeout: 1_000 },
  backoff: { min: 250, base: 1_000, max: 8_000 },
});

const ticks = new Ticks();
const outages = new Outages();

client.on("state", (state) => {
  showState(state);
  // An attempt has several phases; one line tells of it.
  if (state.name !== "connecting" || state.phase === "resolve") log(state.name, describe(state));
  if (state.name === "open") celebrate();
  else if (ticks.total > 0) outages.begin(ticks.newest);
});
client.on("gap", ({ topic, expected, received }) => {
  log("error", `Gap in ${topic}: ${received - expected} trades are lost for good.`);
});
client.on("error", (error) => {
  log("error", `${error.code}: ${error.message}`);
});

/** `close()` ends subscriptions as well, so each `connect()` begins them anew, after the last trade that came. */
function connect() {
  for (const symbol of SYMBOLS) {
    const trades = client.subscribe(`trades.${symbol}`, {
      // The first time some history, later what was missed.
      params: ({ lastSequence = ticks.series(symbol).seq }) =>
        lastSequence === undefined ? { last: 620 } : { since: lastSequence },
      sequence: (trade) => trade.seq,
    });
    trades.listen((trade) => {
      outages.fill(trade.time / 1_000);
      ticks.add(trade);
    });
  }
  void client.connect();
}

function describe(state) {
  switch (state.name) {
    case "open":
      return "Open";
    case "waiting":
    case "offline":
      return `${explain(state.cause)}. Next attempt in ${((state.retryAt - Date.now()) / 1_000).toFixed(1)} s`;
    case "connecting":
      return state.attempt < 2 ? "Connecting" : `Connecting, try ${state.attempt}`;
    default:
      return state.name === "closing" ? "Closing" : "Closed";
  }
}

/** The connection is back: says how long it was away, and what was filled in, as soon as all of it has come. */
function celebrate() {
  const outage = outages.current;
  const seconds = outages.end();
  if (seconds === undefined) return;
  $("outage").textContent = `${seconds.toFixed(2)} s`;
  setTimeout(() => {
    log("good", `Back after ${seconds.toFixed(2)} s of silence, ${outage.trades} missed trades filled in`);
  }, 300);
}

// The buttons.
$("toggle").addEventListener("click", () => {
  if ($("toggle").dataset.action === "close") void client.close();
  else connect();
});
$("reconnect").addEventListener("click", () => {
  if ($("toggle").dataset.action === "connect") connect();
  else void client.reconnect();
});
for (const button of document.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", async () => {
    const { fault } = button.dataset;
    log("fault", `You asked the server to ${fault}`);
    const answer = await fetch(`/control/${fault}`, { method: "POST" }).catch(() => undefined);
    if (!answer?.ok) log("error", "The demo server does not answer: is it still running?");
  });
}
setUpRequests(client);

// The pictures.
const chart = createChart(
  $("chart"),
  (symbol) => ticks.series(symbol),
  () => outages.list,
);
const choose = () => {
  chart.choose(document.querySelector("input[name=symbol]:checked").value);
};
$("symbols").addEventListener("change", choose);
choose();

const FRAME = 1_000 / 20;
let drawn = 0;
requestAnimationFrame(function frame(now) {
  requestAnimationFrame(frame);
  if (now - drawn < FRAME) return;
  drawn = now;
  chart.draw();
  showFigures(client);
  showMarket();
});

function showMarket() {
  for (const symbol of SYMBOLS) {
    const quote = ticks.quote(symbol);
    if (!quote) continue;
    $(`price-${symbol}`).textContent = quote.price.toFixed(2);
    $(`change-${symbol}`).textContent = `${quote.change < 0 ? "−" : "+"}${Math.abs(quote.change).toFixed(2)} %`;
    $(`change-${symbol}`).dataset.trend = quote.change < 0 ? "down" : "up";
  }
  const figures = {
    trades: ticks.total,
    rate: ticks.rate(),
    backfilled: outages.filled,
    lost: ticks.lost,
    doubled: ticks.doubled,
  };
  for (const [id, value] of Object.entries(figures)) $(id).textContent = value.toLocaleString("en");
}

// The heartbeat asks only when the feed is silent, which it never is: the round trip is measured by a request.
setInterval(() => {
  if (client.state.name !== "open") return;
  const asked = performance.now();
  const answer = client.request("time", undefined, { timeout: 2_000, scope: "connection" });
  answer.then(
    () => showRoundTrip(performance.now() - asked),
    () => showRoundTrip(undefined),
  );
}, 1_000);

showState(client.state);
log("hint", "One client, one socket. Press a red button, and read here what the client does about it.");
connect();
