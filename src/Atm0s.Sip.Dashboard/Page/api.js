// Asks the server. The key is typed once, kept for this tab alone, and travels in a header: never in an address, which logs keep.

const place = "atm0s-sip-key";

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const key = {
  get: () => sessionStorage.getItem(place),
  set: value => sessionStorage.setItem(place, value),
  forget: () => sessionStorage.removeItem(place),
};

function headers(more) {
  const value = key.get();
  return value ? { ...more, Authorization: `Bearer ${value}` } : more;
}

async function ask(path, options = {}) {
  const response = await fetch(`api/${path}`, {
    ...options, headers: headers(options.headers ?? {}), cache: "no-store", credentials: "same-origin", redirect: "error",
  });
  if (!response.ok) throw new Refused(response.status, await reason(response));
  return response;
}

async function reason(response) {
  try {
    const problem = await response.json();
    return problem.detail ?? problem.title ?? response.statusText;
  } catch {
    return response.statusText || `The server answers ${response.status}.`;
  }
}

export const getJson = async path => (await ask(path)).json();

export const getBlob = async path => (await ask(path)).blob();

export async function post(path, body) {
  const response = await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return response.json();
}

export const order = (id, command, more = {}) => post(`calls/${encodeURIComponent(id)}`, { do: command, ...more });

/** Reads the stream of updates until it ends: each is handed to onFrame. */
export async function watch(onFrame, signal) {
  const response = await ask("live", { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      if (rest.startsWith("data: ")) onFrame(JSON.parse(rest.slice(6, end)));
      rest = rest.slice(end + 2);
    }
  }
}
