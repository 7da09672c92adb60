// As connection.js, from the main entry: a bundler has to leave out the rest of it.
import { Connection } from "holdfast";

globalThis.roundTrip = async (url, text) => {
  const connection = new Connection({ url });
  const answer = new Promise((resolve) => {
    connection.on("message", resolve);
  });
  await connection.connect();
  connection.send(text);
  try {
    return await answer;
  } finally {
    void connection.close();
  }
};
