// A whole application of the package, for bundlers: it sends a text, and answers what comes back.
import { createClient } from "holdfast";

globalThis.roundTrip = (url, text) =>
  new Promise((resolve, reject) => {
    const client = createClient({ url, dialect: "raw" });
    client.on("error", reject);
    client.on("message", (message) => {
      resolve(message);
      void client.close();
    });
    client.send(text);
    void client.connect();
  });
