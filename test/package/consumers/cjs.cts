// The same from CommonJS.
import holdfast = require("holdfast");
import { Rpc } from "holdfast/rpc";
import { wsTransport } from "holdfast/node";

const client: holdfast.Client = holdfast.createClient({ url: "ws://example.test", transport: wsTransport() });
// @ts-expect-error there is no such method
client.reqest("sum");
export = { client, Rpc };
