import { type ReactElement, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Client, ConnectionState } from "holdfast";
import { type Api, ORDER_TTL, type Price } from "./feed.ts";

interface Props {
  readonly client: Client<Api>;
}

const STATUS: Readonly<Record<ConnectionState["name"], string>> = {
  idle: "Not connected",
  connecting: "Connecting…",
  open: "Live",
  waiting: "Reconnecting…",
  offline: "You are offline",
  closing: "Closing…",
  closed: "Closed",
};

/** The connection's state, the last price of each symbol, and a button that buys. */
export function PriceBoard({ client }: Props): ReactElement {
  const state = useConnectionState(client);
  const prices = usePrices(client);
  return (
    <section>
      <p role="status">{STATUS[state.name]}</p>
      <ul>
        {[...prices].map(([symbol, price]) => (
          <li key={symbol}>
            <b>
              {symbol} {price.toFixed(2)}
            </b>{" "}
            <Buy client={client} symbol={symbol} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function useConnectionState(client: Client<Api>): ConnectionState {
  const watch = useCallback((onChange: () => void) => client.on("state", onChange), [client]);
  return useSyncExternalStore(watch, () => client.state);
}

function usePrices(client: Client<Api>): ReadonlyMap<string, number> {
  const [prices, setPrices] = useState<ReadonlyMap<string, number>>(new Map());
  useEffect(
    () =>
      client.subscribe("prices").listen(({ symbol, price }: Price) => {
        setPrices((known) => new Map(known).set(symbol, price));
      }),
    [client],
  );
  return prices;
}

/** Sends one order, and says what became of it. */
function Buy({ client, symbol }: Props & { readonly symbol: string }): ReactElement {
  const [fate, setFate] = useState("");
  const buy = (): void => {
    setFate("queued");
    const sent = client.send({ buy: symbol }, { ttl: ORDER_TTL, settled: setFate });
    if (sent === "written") setFate(sent);
  };
  return (
    <>
      <button onClick={buy}>Buy</button> <output>{fate}</output>
    </>
  );
}
