// Requests to the preview's server. Each has the token of the address that the command printed.

const KEY = "preview-token";
const given = /^#token=(.+)$/.exec(location.hash);
if (given) {
  sessionStorage.setItem(KEY, given[1]);
  history.replaceState(null, "", location.pathname);
}

/** An error that a person can read. */
export class RequestError extends Error {}

async function send(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: { "X-Preview-Token": sessionStorage.getItem(KEY) ?? "" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RequestError("The preview does not respond. Check that `elasticio preview` is running.");
  }
  if (!answer.ok) {
    const body = await answer.json().catch(() => null);
    throw new RequestError(body?.error ?? `The preview responded with status ${answer.status}.`);
  }
  return answer;
}

/** Returns {component, revision, values}, {problem, revision}, or only the revision if it is `known`. */
export const readComponent = async (known = "") => (await send(`api/component?${new URLSearchParams({ known })}`)).json();

/** Returns {in, out}: the static schemas of a function. */
export const readSchemas = async ({ id, kind }) => (await send(`api/schemas?${new URLSearchParams({ function: id, kind })}`)).json();

/** Calls the component and passes each event to `onEvent`. Aborting the signal stops the process. */
export async function call(request, onEvent, signal) {
  const answer = await send("api/calls", { method: "POST", body: JSON.stringify(request), signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) onEvent(JSON.parse(line));
  }
}

/** Calls the component and returns the value of its result. Rejects with the reason; printed lines go to `onOutput`. */
export async function ask(request, onOutput, signal) {
  let value, reason = "The call ended without a result.";
  await call(request, event => {
    if (event.event === "result") { value = event.value; reason = null; }
    else if (event.event === "failed" || event.event === "stopped") reason = event.reason;
    else if (event.event === "log") onOutput?.(`${event.who}: ${event.text}`);
    else if (event.event === "output") onOutput?.(event.text);
  }, signal);
  if (reason) throw new RequestError(reason);
  return value;
}

/** Saves an emitted file. */
export async function download(callId, { place, name }) {
  const content = await (await send(`api/files/${callId}/${place}`)).blob();
  const address = URL.createObjectURL(content);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
