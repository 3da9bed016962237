// Input and output fields of the shown function: static schemas, or those of get_meta_model.
import { ask, readSchemas } from "./api.js";
import { $, h } from "./dom.js";
import { config, keyOf, missing, missingCredentials, state } from "./state.js";
import { tree } from "./tree.js";

let current = null;
let loaded = ""; // the function and the config of the shown schemas

/** Shows the fields of a function. `onLoaded` is called when its schemas are known. */
export async function showMetadata(entry, onLoaded, isForced = false) {
  const needed = missing(entry.fields, config());
  const wanted = entry.dynamicMetadata ? [...missingCredentials(), ...needed] : [];
  const key = JSON.stringify([keyOf(entry), state.revision, entry.dynamicMetadata ? config() : null]);
  if (key === loaded && !isForced) return;
  current?.abort();
  const mine = current = new AbortController();
  loaded = key;
  $("metadata").hidden = !entry.hasMetadata;
  $("reload-metadata").hidden = !entry.dynamicMetadata;
  if (wanted.length) {
    state.schemas = { in: null, out: null };
    draw();
    return status(`Fill in ${wanted.join(", ")} to load the fields.`);
  }
  if (entry.dynamicMetadata) status("Loading fields …");
  try {
    const found = entry.dynamicMetadata ? await dynamic(entry, mine.signal) : await readSchemas(entry);
    if (mine !== current) return;
    state.schemas = { in: found.in?.schema ?? null, out: found.out?.schema ?? null };
    status([found.in?.problem, found.out?.problem].filter(Boolean).join("\n"), "problem");
  } catch (error) {
    if (mine !== current || mine.signal.aborted) return;
    state.schemas = { in: null, out: null };
    status(error.message, "problem");
  }
  draw();
  onLoaded();
}

async function dynamic(entry, signal) {
  const found = await ask({ kind: "metadata", function: entry.id, config: config() }, null, signal);
  return { in: found.in ? { schema: found.in } : null, out: found.out ? { schema: found.out } : null };
}

function status(text, tone = "hint") {
  $("metadata-status").replaceChildren(...(text ? [h("p", { class: tone }, text)] : []));
}

function draw() {
  const onlyRequired = $("only-required").checked;
  const draw = (place, heading, schema) => place.replaceChildren(...(schema ? tree(heading, schema, onlyRequired) : []));
  draw($("tree-in"), "Input", state.chosen?.kind === "action" ? state.schemas.in : null);
  draw($("tree-out"), "Output", state.schemas.out);
}

/** Forgets what is shown: another function is opened. */
export function clearMetadata() {
  current?.abort();
  current = null;
  loaded = "";
  state.schemas = { in: null, out: null };
  status("");
  draw();
}

export function startMetadata(onReload) {
  $("only-required").addEventListener("change", draw);
  $("reload-metadata").addEventListener("click", onReload);
}
