// Injected faults, and results of single numbers.
import { admin, getSetup } from "../api.js";
import { $, empty, fillSelect, h, setText, showList, values } from "../dom.js";
import { attempt, notify, onSubmit } from "../feedback.js";
import { plural, resultOf } from "../format.js";
import { icon } from "../icons.js";

const EFFECTS = {
  status: "Respond with an error status", delay: "Respond late", hang: "Never respond", reset: "Reset the connection",
  truncate: "Send half of the body", garbage: "Send an HTML page", drip: "Send byte by byte",
};
const NUMBERS = ["status", "milliseconds", "next", "every", "probability"];

export const kinds = ["faults"];

export function start() {
  onSubmit($("fault-form"), add);
  onSubmit($("outcome-form"), async form => {
    const { number, ...outcome } = values(form);
    await admin("PUT", `outcomes/${encodeURIComponent(number)}`, outcome);
    notify(Object.keys(outcome).length ? "Result set." : "Result reset.");
  });
  $("fault-effect").addEventListener("change", showFields);
  $("remove-faults").addEventListener("click", () => attempt(() => admin("DELETE", "faults"), "Faults removed."));
}

export async function open() {
  const { effects, operations, textResults, callResults } = await getSetup();
  fillSelect($("fault-effect"), effects.map(value => ({ value, label: EFFECTS[value] ?? value })));
  fillSelect($("fault-operation"), [{ value: "", label: "Every operation" }, ...operations]);
  fillSelect($("outcome-text"), results(textResults, "finalTextResult"));
  fillSelect($("outcome-call"), results(callResults, "finalCallResult"));
  showFields();
  await refresh();
}

const results = (found, name) => [{ value: "", label: "Default" }, ...found.map(value => ({ value, label: resultOf({ [name]: value }).label }))];

function showFields() {
  for (const field of $("fault-form").querySelectorAll("[data-for]")) {
    field.hidden = !field.dataset.for.split(" ").includes($("fault-effect").value);
  }
}

async function add(form) {
  const given = values(form);
  for (const field of form.querySelectorAll("[data-for]")) {
    if (field.hidden) delete given[field.querySelector("input").name];
  }
  for (const name of NUMBERS) if (name in given) given[name] = Number(given[name]);
  if (given.carriedOut) given.carriedOut = true;
  await admin("POST", "faults", given);
  notify("Fault injected.");
}

export async function refresh() {
  const faults = (await admin("GET", "faults")).toReversed();
  showList($("fault-list"), faults, fault => fault.id, createRow, () => empty(icon("faults"), "No faults",
    "All requests succeed. Inject a fault to see how your program handles errors."));
  $("remove-faults").hidden = faults.length === 0;
}

function createRow(fault) {
  const status = h("span", { class: "status" }), note = h("div", { class: "row-note" });
  const label = `${EFFECTS[fault.effect] ?? fault.effect}${fault.effect === "status" ? `: ${fault.status}` : ""}`;
  const remove = h("button", { type: "button", class: "secondary small", "aria-label": `Remove fault: ${label}`,
    onclick: () => attempt(() => admin("DELETE", `faults/${fault.id}`), "Fault removed.") }, "Remove");
  return { update, node: h("li", { class: "row fault" }, h("div", { class: "row-head" },
    h("div", { class: "grow" }, h("strong", {}, label), note), status, remove)) };

  function update(found) {
    const target = found.operation || [found.method, found.path].filter(Boolean).join(" ") || "Every request";
    const limit = found.next ? `next ${found.next}` : "until removed";
    setText(note, [target, found.every > 1 ? `every ${found.every}th` : null, found.probability < 1 ? `probability ${found.probability}` : null, limit, found.carriedOut ? "operation is executed" : null].filter(Boolean).join(" · "));
    setText(status, found.spent ? "Used up" : found.hits ? plural(found.hits, "hit") : "Active");
    status.className = `status ${found.spent ? "" : "warn"}`;
  }
}
