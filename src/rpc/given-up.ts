import type { RequestId } from "./dialect.ts";

const MOST = 10_000;

/** The requests that this side gave up last, and whose answers may still come. */
export class GivenUp extends Set<RequestId> {
  /**
   * The same in turn, so that the oldest is known. The set itself would tell, but V8 walks to its first element over all that
   * has been deleted before it.
   */
  readonly #turns: RequestId[] = [];
  #turn = 0;

  /** The one before the last 10,000 is forgotten. */
  override add(id: RequestId): this {
    const turn = this.#turn++ % MOST;
    this.delete(this.#turns[turn] as RequestId); // the cast: before the 10,001st it is `undefined`, which is none of them
    this.#turns[turn] = id;
    return super.add(id);
  }
}
