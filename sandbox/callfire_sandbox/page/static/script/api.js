// Requests to the sandbox: the admin API, the page's own reads, and the CallFire API as a program would use it.

let setup = null;

/** The name of the account that the page shows; empty for the first one. */
export const account = new URLSearchParams(location.search).get("account") ?? "";
/** The address of the account's admin API. */
export const ROOT = account ? `sandbox/accounts/${encodeURIComponent(account)}` : "sandbox";

/** An error that a person can read. */
export class RequestError extends Error {}

async function send(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new RequestError("The sandbox did not respond. Check that it is running.");
  }
  const text = await answer.text();
  let value = null;
  try { value = text ? JSON.parse(text) : null; } catch { /* a fault may return anything */ }
  if (!answer.ok) throw new RequestError(value?.message ?? `The sandbox responded with status ${answer.status}.`);
  return value;
}

/** Sends a request to the admin API. */
export function admin(method, path, body) {
  return send(`${ROOT}/${path}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
}

/** Returns what the page shows; see sandbox/page/reads.py. */
export function read(name, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return send(`${ROOT}/page/${name}?${new URLSearchParams(given)}`);
}

/** Returns address, login, numbers and choices. Cached until forgetSetup(). */
export function getSetup() {
  setup ??= read("setup").catch(error => { setup = null; throw error; });
  return setup;
}

export function forgetSetup() { setup = null; }

/** Sends a request to the CallFire API with the login of the account. `body` is JSON or a FormData. */
export async function callfire(method, path, body) {
  const { username, password } = await getSetup();
  const headers = { Authorization: `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)))}` };
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  return send(`v2/${path}`, { method, headers, body: isForm ? body : body === undefined ? undefined : JSON.stringify(body) });
}
