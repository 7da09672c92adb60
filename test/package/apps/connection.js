// The same application on a bare connection.
import { Connection } from "holdfast/connection";

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
