// The switches, in groups.
import { admin, getSetup } from "../api.js";
import { $, h, setText } from "../dom.js";
import { attempt } from "../feedback.js";

const GROUPS = [
  ["Pages and filters", /^(order$|interval|whole_seconds|total_count|limit_|fields_|max_limit|over_limit)/],
  ["Sending", /^(bad_number|.*_takes$|visible_after|changes_again)/],
  ["Rate limit", /^rate_/],
  ["Webhooks", /^webhook_/],
  ["Other", /./],
];
const rows = new Map();

export const kinds = ["changed"];

export function start() {
  for (const button of document.querySelectorAll("[data-profile]")) {
    button.addEventListener("click", async () => {
      await attempt(() => admin("PATCH", "switches", { profile: button.dataset.profile }), `Switches set to ${button.dataset.profile}.`);
      await refresh();
    });
  }
}

export async function open() {
  const { switches } = await getSetup();
  if (!rows.size) build(switches);
  await refresh();
}

function build(switches) {
  const left = [...switches];
  for (const [title, pattern] of GROUPS) {
    const found = left.filter(entry => pattern.test(entry.name));
    if (!found.length) continue;
    for (const entry of found) left.splice(left.indexOf(entry), 1);
    $("switch-groups").append(h("div", { class: "switch-group", role: "group", "aria-label": title }, h("h2", {}, title), found.map(createSwitch)));
  }
}

function createSwitch(entry) {
  const id = `switch-${entry.name}`;
  const control = createControl(entry, id);
  const note = h("span", { class: "row-note" });
  const node = h("div", { class: "switch" }, h("label", { for: id }, h("code", {}, entry.name), note), entry.type === "bool" ? h("span", { class: "check" }, control) : control);
  const value = () => entry.type === "bool" ? control.checked : control.value;
  control.addEventListener("change", async () => {
    await attempt(() => admin("PATCH", "switches", { [entry.name]: value() }), `${entry.name} set to ${value()}.`);
    await refresh();
  });
  rows.set(entry.name, { entry, control, note, node });
  return node;
}

function createControl({ type, choices, name }, id) {
  if (type === "bool") return h("input", { type: "checkbox", id, name });
  if (choices.length) return h("select", { id, name }, choices.map(choice => h("option", { value: choice }, choice)));
  return h("input", { type: type === "str" ? "text" : "number", step: type === "float" ? "0.01" : "1", min: "0", id, name });
}

export async function refresh() {
  const current = await admin("GET", "switches");
  for (const { entry, control, note, node } of rows.values()) {
    const value = current[entry.name], changed = value !== entry.kind;
    node.classList.toggle("changed", changed);
    setText(note, `${sentence(entry.about)}${changed ? `. Default: ${entry.kind}` : ""}`);
    if (document.activeElement === control) continue;
    if (entry.type === "bool") control.checked = value;
    else control.value = String(value);
  }
}

const sentence = text => (text[0].toUpperCase() + text.slice(1)).replaceAll("`", "");
