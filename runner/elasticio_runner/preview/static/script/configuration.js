// The form of the shown function.
import { ask } from "./api.js";
import { $ } from "./dom.js";
import { drawFields } from "./fields.js";
import { openAll } from "./help.js";
import { config, keyOf, missingCredentials, state } from "./state.js";

let drawn = [];
let calls = new AbortController(); // aborted when another function is shown

/** Draws the form of a function. `onChanged` is called after each change. */
export function drawConfiguration(entry, onChanged) {
  calls.abort();
  calls = new AbortController();
  const mine = calls.signal;
  const values = state.forms.get(keyOf(entry));
  const known = [...entry.fields, ...(state.component.credentials?.fields ?? [])];
  $("configuration").hidden = !entry.fields.length;
  drawn = drawFields($("configuration-fields"), entry.fields, {
    values,
    labelOf: id => known.find(field => field.id === id)?.label ?? id,
    isFilled: id => id in config(),
    changed(field) {
      for (const each of drawn) {
        each.refresh();
        if (each.field.requires.includes(field.id)) each.reload?.();
      }
      onChanged();
    },
    waitsFor() {
      const missing = missingCredentials();
      return missing.length ? `Fill in ${missing.join(" and ")} of the credentials to load the options.` : "";
    },
    loadOptions: (field, signal) => ask({ kind: "options", function: entry.id, field: field.id, config: config() }, null, AbortSignal.any([signal, mine])),
  });
  refresh();
  $("all-help").hidden = !$("configuration-fields").querySelector(".help-button");
  openAll($("configuration-fields"), $("all-help").getAttribute("aria-pressed") === "true");
}

function refresh() {
  for (const field of drawn) field.refresh();
}

/** Loads the options again, because the credentials have changed. */
export function credentialsChanged() {
  refresh();
  for (const field of drawn) field.reload?.();
}

export function startConfiguration() {
  $("configuration-form").addEventListener("submit", event => event.preventDefault());
  $("all-help").addEventListener("click", () => {
    const isOpen = $("all-help").getAttribute("aria-pressed") !== "true";
    $("all-help").setAttribute("aria-pressed", String(isOpen));
    openAll($("configuration-fields"), isOpen);
  });
}
