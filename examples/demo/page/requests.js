// The panel that asks the server: one row for each request, with its outcome.

const KEPT = 20;

const METHODS = {
  sum: { params: { a: 1, b: 2 }, about: "Adds two numbers." },
  time: { params: undefined, about: "The server's clock." },
  quote: { params: { symbol: "KELP" }, about: "The last price of a symbol." },
  history: { params: { symbol: "KELP", limit: 5 }, about: "The newest trades of a symbol." },
  slow: { params: { seconds: 5 }, about: "Answers after some seconds. Cancel it, or drop the connection meanwhile." },
  countdown: { params: { from: 5 }, about: "A streaming result: one number a second, read with for await." },
  nonsense: { params: {}, about: "There is no such method: the server answers with an error." },
};

const $ = (id) => document.getElementById(id);

/** Wires the form to the client. */
export function setUpRequests(client) {
  const method = $("method");
  method.append(...Object.keys(METHODS).map((name) => new Option(name, name)));
  const choose = () => {
    const { params, about } = METHODS[method.value];
    $("params").value = params === undefined ? "" : JSON.stringify(params);
    $("about-method").textContent = about;
    $("params-error").textContent = "";
  };
  method.addEventListener("change", choose);
  choose();
  $("request").addEventListener("submit", (event) => {
    event.preventDefault();
    const params = readParams();
    if (params !== BROKEN) void ask(client, method.value, params);
  });
}

const BROKEN = Symbol("broken");

function readParams() {
  $("params-error").textContent = "";
  const text = $("params").value.trim();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    $("params-error").textContent = "The params are not JSON.";
    return BROKEN;
  }
}

async function ask(client, method, params) {
  const canceller = new AbortController();
  const row = addRow(method, params, () => {
    canceller.abort(new DOMException("You cancelled it", "AbortError"));
  });
  const { signal } = canceller;
  const timeout = Number($("timeout").value);
  try {
    if (method === "countdown") {
      for await (const value of client.stream(method, params, { timeout, signal })) row.progress(String(value));
      row.finish("ok", "done");
    } else {
      const idempotent = $("idempotent").checked ? "yes" : "no";
      row.finish("ok", JSON.stringify(await client.request(method, params, { timeout, signal, idempotent })));
    }
  } catch (error) {
    row.finish("error", `${typeof error.code === "string" ? error.code : error.name}: ${error.message}`);
  }
}

/** One request on the page. Its duration runs until it is finished. */
function addRow(method, params, cancel) {
  const began = performance.now();
  const row = make("li", "");
  const outcome = make("output", "waiting for an answer");
  const duration = make("span", "", "duration");
  const button = make("button", "Cancel");
  button.type = "button";
  button.setAttribute("aria-label", `Cancel ${method}`);
  button.addEventListener("click", cancel);
  row.dataset.outcome = "pending";
  row.append(
    make("code", `${method}(${params === undefined ? "" : JSON.stringify(params)})`),
    duration,
    button,
    outcome,
  );
  const list = $("calls");
  list.prepend(row);
  const done = [...list.children].filter(({ dataset }) => dataset.outcome !== "pending");
  for (const old of done.slice(KEPT)) old.remove();
  const tick = () => {
    duration.textContent = took(began);
  };
  tick();
  const timer = setInterval(tick, 100);
  return {
    progress: (text) => {
      outcome.textContent = text;
    },
    finish: (kind, text) => {
      clearInterval(timer);
      tick();
      row.dataset.outcome = kind;
      outcome.textContent = text;
      button.remove();
    },
  };
}

function took(began) {
  const ms = performance.now() - began;
  return ms < 1_000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function make(tag, text, className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}
