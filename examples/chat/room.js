// A chat room as its clients see it: the same for the page and for the terminal.

/**
 * Joins the room, and comes back to it, until `leave()`. `createClient` is holdfast's: the page has it from another
 * place than the terminal. The listeners are told:
 *
 * - `state(state)`: the connection's state has changed;
 * - `message(message)`: somebody said something, each message once, in the order of the room;
 * - `people(names)`: who is there;
 * - `sending({ id, text })`: a message of our own is on its way; its echo will be a `message` with the same id;
 * - `hole()`: the server has forgotten what came after the last message that was seen.
 */
export function joinRoom(createClient, url, name, listeners) {
  /** Our own messages whose echo has not come: text and whether they may have been lost with a connection. */
  const unheard = new Map();
  const seen = new Set();
  let cursor = "";
  let missed = 0;

  const client = createClient({
    // A function is asked for each attempt, so each one asks for what came after the last message that was seen.
    url: () => `${url}?${new URLSearchParams({ name, since: cursor })}`,
    // The server speaks plain JSON: no calls, no subscriptions.
    dialect: "none",
    // It is quiet for as long as nobody talks, so it has to be asked whether it is there.
    heartbeat: {
      interval: 5_000,
      timeout: 3_000,
      ping: { message: { type: "ping" } },
      pong: (frame) => frame?.type === "pong",
    },
    backoff: { min: 250, base: 1_000, max: 10_000 },
  });

  client.on("state", (state) => {
    // What was written and not heard again may be lost with the connection, or may not.
    if (state.name !== "open") for (const own of unheard.values()) own.doubtful = own.written;
    listeners.state?.(state);
  });

  client.on("message", (frame) => {
    switch (frame?.type) {
      case "welcome":
        missed = frame.missed;
        if (!frame.complete && seen.size > 0) listeners.hole?.();
        listeners.people?.(frame.people);
        if (missed === 0) repeat();
        break;
      case "message":
        hear(frame);
        if (missed > 0 && --missed === 0) repeat();
        break;
      case "people":
        listeners.people?.(frame.people);
        break;
    }
  });

  /** Hears each message once, whatever the server does. */
  function hear(message) {
    cursor = message.cursor;
    unheard.delete(message.id);
    if (seen.has(message.id)) return;
    seen.add(message.id);
    listeners.message?.({ ...message, own: message.from === name });
  }

  /** The history has come. What is not in it did not arrive, and is said again; the id keeps it from being said twice. */
  function repeat() {
    for (const [id, own] of unheard) {
      if (!own.doubtful) continue;
      own.doubtful = false;
      send(id, own);
    }
  }

  function send(id, own) {
    const settled = (outcome) => {
      own.written = outcome === "written";
    };
    own.written = client.send({ type: "say", id, text: own.text }, { settled }) === "written";
  }

  void client.connect();

  return {
    client,
    /** Says something, now or as soon as there is a connection. Returns the id of the message. */
    say(text) {
      const id = crypto.randomUUID();
      const own = { text, written: false, doubtful: false };
      unheard.set(id, own);
      listeners.sending?.({ id, text });
      send(id, own);
      return id;
    },
    leave: () => client.close(),
  };
}
