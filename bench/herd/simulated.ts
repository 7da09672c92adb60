import { Connection } from "holdfast/connection";
import { ManualNetwork, seededRandom, VirtualClock } from "holdfast/testing";
import type { Outcome } from "./outcome.ts";

type Dial = NonNullable<ConstructorParameters<typeof Connection>[0]["transport"]>;
type Events = Parameters<Dial>[1];
type Backoff = NonNullable<ConstructorParameters<typeof Connection>[0]["backoff"]>;

/** A round trip to the server, in ms. */
const ROUND_TRIP = 20;
const REFUSED = { code: 1006, reason: "", wasClean: false } as const;

/** A server that is up or not, as far as a herd can see it. */
class Pasture {
  readonly #clock: VirtualClock;
  readonly #links = new Set<Events>();
  up = true;
  readonly dials: number[] = [];
  readonly opened: number[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  readonly transport: Dial = (_request, events) => {
    this.dials.push(this.#clock.now());
    let isOver = false;
    this.#clock.after(ROUND_TRIP, () => {
      if (isOver) return;
      if (!this.up) {
        events.closed(REFUSED);
        return;
      }
      this.#links.add(events);
      this.opened.push(this.#clock.now());
      events.opened("");
    });
    const end = (): void => {
      isOver = true;
      this.#links.delete(events);
    };
    return { bufferedAmount: 0, send: () => true, close: end, abandon: end };
  };

  cut(): void {
    const links = [...this.#links];
    this.#links.clear();
    this.dials.length = this.opened.length = 0;
    for (const events of links) events.closed(REFUSED);
  }
}

/** The same herd, of any size, under a virtual clock: the code of the package, and no noise but that of the dice. */
export function simulate(clients: number, outage: number, seed: number, backoff: Backoff = {}): Outcome {
  const clock = new VirtualClock({ timersPerInstant: 10 * clients });
  const pasture = new Pasture(clock);
  const random = seededRandom(seed);
  for (let i = 0; i < clients; i++) {
    const network = new ManualNetwork();
    const { transport } = pasture;
    void new Connection({ url: "ws://pasture/", clock, random, network, transport, backoff }).connect();
  }
  clock.advance(60_000);
  const cut = clock.now();
  pasture.up = false;
  pasture.cut();
  clock.advance(outage);
  pasture.up = true;
  while (pasture.opened.length < clients && clock.now() < cut + outage + 120_000) clock.advance(1_000);
  const since = (times: readonly number[]): number[] => times.map((at) => at - cut);
  return { clients, dials: since(pasture.dials), back: since(pasture.opened) };
}
