// The suite as a script of its own, for runtimes that run scripts: argv holds the address of the control server and the plan.
import process from "node:process";
import { type Transport, webSocketTransport } from "holdfast";
import type { WayPlan } from "./plans.ts";
import { reactNativeTransport } from "./react-native-transport.ts";
import { runSuite } from "./suite.ts";
import type { Way } from "./world.ts";

const [, , control = "", plan = "[]"] = process.argv;

async function transportOf({ over }: WayPlan): Promise<Transport> {
  switch (over) {
    case "ws":
      return (await import("holdfast/node")).wsTransport(); // looked up here, since outside of Node there is no such entry
    case "options":
      return reactNativeTransport;
    default:
      return webSocketTransport();
  }
}

async function wayOf(wayPlan: WayPlan): Promise<Way> {
  const { name, isDefault, features } = wayPlan;
  const contract = await transportOf(wayPlan);
  return { name, contract, features, ...(!isDefault && { transport: contract }) };
}

const plans = JSON.parse(plan) as readonly WayPlan[]; // written by runtimes.ts
await runSuite(control, await Promise.all(plans.map(wayOf)), (result) => {
  console.log(JSON.stringify(result));
});
console.log("done"); // and nothing should keep the process alive
