import type { ReconnectingWebSocket } from "holdfast/websocket";

type Options = NonNullable<ConstructorParameters<typeof ReconnectingWebSocket>[2]>;

/** Our class with one life, as the platform's has it, made from the class that is at hand: of the source or of the package. */
export function oneLife(Base: typeof ReconnectingWebSocket, options: Options = {}): typeof ReconnectingWebSocket {
  return class extends Base {
    constructor(...[url, protocols]: ConstructorParameters<typeof ReconnectingWebSocket>) {
      super(url, protocols, { retry: "off", ...options });
    }
  };
}
