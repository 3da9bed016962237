// The credentials: their form, and the check with verify_credentials.py.
import { ask } from "./api.js";
import { $, h } from "./dom.js";
import { drawFields } from "./fields.js";
import { help, helpLink } from "./help.js";
import { missingCredentials, state } from "./state.js";
import { outputInto } from "./output.js";

let drawn = [];
let current = null;

/** Draws the form. `onChanged` is called after each change. */
export function drawCredentials(onChanged) {
  const { credentials, verifies } = state.component;
  $("credentials").hidden = credentials === null && !verifies;
  const fields = credentials?.fields ?? [];
  for (const id of Object.keys(state.credentials)) if (!fields.some(field => field.id === id)) delete state.credentials[id];
  drawn = drawFields($("credential-fields"), fields, {
    values: state.credentials,
    labelOf: id => fields.find(field => field.id === id)?.label ?? id,
    isFilled: id => id in state.credentials,
    changed() { verdict(""); refresh(); onChanged(); },
    waitsFor: () => "",
    loadOptions: () => Promise.reject(new Error("The platform loads no options for credentials. List them in component.json.")),
  });
  refresh();
  const { button, text } = help("credentials", credentials?.help, helpLink(credentials?.link));
  $("credentials-help").replaceChildren(...[button, text].filter(Boolean));
  $("verify").hidden = !verifies;
  verdict(verifies || !fields.length ? "" : "The component has no verify_credentials.py: the platform accepts all credentials.");
}

function refresh() {
  for (const field of drawn) field.refresh();
}

function verdict(text, tone = "dim") {
  $("verdict").replaceChildren(...(text ? [h("p", { class: tone }, text)] : []));
}

async function verify() {
  const missing = missingCredentials();
  if (missing.length) return verdict(`Fill in ${missing.join(", ")}.`, "problem");
  current?.abort();
  const mine = current = new AbortController();
  const output = outputInto($("verify-output"));
  $("stop-verify").hidden = false;
  verdict("Verifying …");
  try {
    const { verified, reason } = await ask({ kind: "verify", config: state.credentials }, output, mine.signal);
    if (mine === current) verdict(verified ? "The credentials are valid." : reason, verified ? "success" : "problem");
  } catch (error) {
    if (mine === current) verdict(mine.signal.aborted ? "The check was stopped." : error.message, "problem");
  }
  if (mine === current) $("stop-verify").hidden = true;
}

export function startCredentials() {
  $("credentials-form").addEventListener("submit", event => { event.preventDefault(); verify(); });
  $("stop-verify").addEventListener("click", () => current?.abort());
}
