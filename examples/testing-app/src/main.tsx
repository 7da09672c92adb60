import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createFeed } from "./feed.ts";
import { PriceBoard } from "./price-board.tsx";

const client = createFeed({ url: "wss://feed.example.com/" });
void client.connect();

const root = document.querySelector("#root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <PriceBoard client={client} />
    </StrictMode>,
  );
}
