import { ENGINES } from "./engines.ts";
import { Site } from "./site.ts";
import { elapse, until } from "./wait.ts";
const [,, only, what, times = "3", away = "30000"] = process.argv;
await using site = await Site.start();
const engine = ENGINES.find(e=>e.key===only)!;
for (let i=0;i<Number(times);i++) {
  await using browser = await engine.launch();
  const { world } = await site.world();
  const tab = await browser.open();
  await tab.goto(site.url("/live/cdn"));
  await until("x", async () => (await tab.ask("typeof live")) === "object" ? true : undefined);
  const url = world.server.url;
  if (what === "naive") await tab.ask(`(live.log.length=0, (function dial() { const w = new WebSocket(${JSON.stringify(url)}); live.log.push({at:Date.now(), what:"dial", detail:""}); w.onopen = () => live.log.push({at:Date.now(),what:"state",detail:"open"}); w.onclose = () => { live.log.push({at:Date.now(),what:"lost",detail:""}); setTimeout(dial, 1000); } })(), 1)`);
  else await tab.ask(`(live.log.length=0, live.connect(${JSON.stringify(url)}, ${what}), 1)`);
  await until("open", () => world.peer.openedAt.length === 1 ? true : undefined);
  await elapse(6000);
  await world.server.stop();
  const down = Date.now();
  await elapse(Number(away));
  await world.server.restart();
  const up = Date.now();
  await until("open", () => world.peer.openedAt.length === 2 ? true : undefined, 90_000);
  const log = await tab.ask("live.log") as any[];
  console.log(only, what, "back after", world.peer.openedAt[1]! - up, "| dials", log.filter(e=>e.what==="dial"||e.detail==="dial").map(e=>((e.at-down)/1000).toFixed(1)).join(" "), "| ends", log.filter(e=>e.what==="lost"||e.detail.startsWith("waiting")).map(e=>((e.at-down)/1000).toFixed(1)).join(" "));
}
