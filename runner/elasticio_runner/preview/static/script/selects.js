// Selects: options of component.json, or of a function of the component, loaded with the entered credentials.
import { h, newId, show } from "./dom.js";

const SEARCHED = 7; // options above which the designer offers a search

/** Draws a SelectView. */
export function drawSelect(field, id, context, changed) {
  const input = h("select", { id, onchange: changed });
  const fill = options => {
    const chosen = context.values[field.id];
    const first = h("option", { value: "" }, field.prompt || field.placeholder || "Select …");
    input.replaceChildren(first, ...Object.entries(options).map(([value, label]) => h("option", { value }, String(label))));
    input.value = chosen === undefined ? "" : String(chosen);
    if (input.selectedIndex < 0) { input.value = ""; return [String(chosen)]; }
    return [];
  };
  const value = () => input.value === "" ? undefined : input.value;
  return withOptions({ field, input, node: input, value, fill }, context, changed);
}

/** Draws a MultiSelectView: check boxes in a group, with a search if there are many. */
export function drawMultiSelect(field, id, context, changed) {
  const list = h("div", { class: "choices" });
  const search = h("input", { type: "search", placeholder: "Find property", "aria-label": `Find in ${field.label}`, hidden: true, autocomplete: "off", oninput: () => {
    for (const row of list.children) row.hidden = !row.textContent.toLowerCase().includes(search.value.toLowerCase());
  } });
  const prompt = h("p", { class: "dim", id: newId("prompt") }, field.prompt || field.placeholder);
  const boxes = () => [...list.querySelectorAll("input")];
  const value = () => {
    const chosen = boxes().filter(box => box.checked).map(box => box.value);
    return chosen.length ? chosen : undefined;
  };
  const noted = () => { prompt.hidden = value() !== undefined; };
  const fill = options => {
    const chosen = [context.values[field.id] ?? []].flat().map(String);
    const row = ([key, label]) => h("label", { class: "check" },
      h("input", { type: "checkbox", value: key, checked: chosen.includes(key), onchange: () => { noted(); changed(); } }), h("span", {}, String(label)));
    list.replaceChildren(...Object.entries(options).map(row));
    search.hidden = boxes().length <= SEARCHED;
    noted();
    return chosen.filter(key => !Object.hasOwn(options, key));
  };
  const node = h("div", { class: "multi" }, prompt, search, list);
  return withOptions({ field, node, input: null, value, fill, isGroup: true }, context, changed);
}

function withOptions(control, context, changed) {
  const { field, node } = control;
  if (!field.method) {
    control.fill(field.options ?? {});
    return control;
  }
  control.fill({});
  const status = h("p", { class: "hint", id: newId("status"), role: "status" });
  const problem = h("p", { class: "problem", id: newId("problem"), hidden: true });
  const button = h("button", { type: "button", class: "icon-button reload", "aria-label": `Reload ${field.label}`, title: "Reload options" }, "↻");
  const stop = h("button", { type: "button", class: "secondary small", hidden: true }, "Stop");
  const line = h("div", { class: "select-line" }, node, button, stop);
  let current = null; // the call in progress
  let isReady = false;

  async function load() {
    current?.abort();
    const mine = current = new AbortController();
    stop.hidden = false;
    node.setAttribute("aria-busy", "true");
    show(problem, "");
    status.textContent = "Loading options …";
    try {
      const options = await context.loadOptions(field, mine.signal);
      if (mine === current) done(options);
    } catch (error) {
      if (mine === current) failed(mine.signal.aborted ? "Loading was stopped." : error.message);
    }
    if (mine !== current) return;
    current = null;
    stop.hidden = true;
    node.removeAttribute("aria-busy");
  }
  function done(options) {
    const lost = control.fill(options);
    const isEmpty = Object.keys(options).length === 0;
    status.textContent = isEmpty ? "The service returned no options. This need not be an error: check the account and reload." : "";
    if (lost.length && !isEmpty) status.textContent = `The earlier choice ${lost.join(", ")} is not offered any more.`;
    if (lost.length) changed();
  }
  function failed(reason) {
    status.textContent = "";
    show(problem, reason);
  }
  function reload() {
    if (isReady) load();
  }
  stop.addEventListener("click", () => current?.abort());
  button.addEventListener("click", load);
  return {
    ...control, node: line, notes: [status, problem], reload,
    leave() { const call = current; current = null; call?.abort(); },
    dependenciesMet(met) {
      const text = context.waitsFor();
      const ready = met && !text;
      button.disabled = !ready;
      if (!ready) { current?.abort(); current = null; stop.hidden = true; status.textContent = met ? text : ""; show(problem, ""); }
      if (ready && !isReady) { isReady = true; load(); }
      isReady = ready;
    },
  };
}
