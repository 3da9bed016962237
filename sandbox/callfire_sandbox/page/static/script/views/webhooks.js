// Webhook subscriptions, and deliveries with status, attempts and payload.
import { callfire, getSetup, read } from "../api.js";
import { $, empty, fillSelect, h, setText, showList } from "../dom.js";
import { attempt, confirmed, copyButton, notify, onSubmit } from "../feedback.js";
import { exactTime, plural, statusTone } from "../format.js";
import { icon } from "../icons.js";
import { values } from "../dom.js";

const PAGE = 50;
let limit = PAGE;

export const kinds = ["deliveries"];

export function start() {
  onSubmit($("webhook-form"), async form => {
    await callfire("POST", "webhooks", { ...values(form), enabled: true });
    notify("Webhook created.");
    await refresh();
  });
  $("more-deliveries").addEventListener("click", () => { limit += PAGE; refresh(); });
}

export async function open() {
  const { webhookResources } = await getSetup();
  fillSelect($("webhook-resource"), Object.entries(webhookResources)
    .sort(([first], [second]) => rank(first) - rank(second))
    .map(([value, events]) => ({ value, label: `${value} (${events.join(", ")})` })));
  await refresh();
}

const rank = resource => (/^(InboundText|OutboundText|InboundCall|OutboundCall)$/.test(resource) ? 0 : 1);

export async function refresh() {
  const [hooks, deliveries] = await Promise.all([read("webhooks", { limit: 1000 }), read("deliveries", { limit })]);
  showList($("webhook-list"), hooks.items, hook => hook.id, createHook, () => empty(icon("webhooks"), "No webhooks yet",
    "Subscribe with the form, or with your program: ", h("code", {}, "POST /webhooks"), "."));
  showDeliveries($("delivery-list"), deliveries.items);
  $("more-deliveries").hidden = !deliveries.more;
}

/** Shows deliveries in a list; the activity column uses it too. */
export function showDeliveries(list, deliveries) {
  showList(list, deliveries, entry => entry.id, createDelivery, () => empty(icon("send"), "No deliveries yet",
    "Each event that matches a subscription appears here, with its payload."));
}

function createHook(hook) {
  const remove = h("button", { type: "button", class: "secondary small", "aria-label": `Delete ${hook.name}`, onclick: () => ask(hook) }, "Delete");
  const status = h("span", { class: "status" });
  const name = h("strong"), note = h("div", { class: "row-note mono" });
  return { update, node: h("li", { class: "row" }, h("div", { class: "row-head" },
    h("div", { class: "grow" }, name, note), status, remove)) };

  function update(found) {
    setText(name, `${found.resource} → ${found.name}`);
    setText(note, found.callback);
    setText(status, found.enabled ? "Enabled" : "Disabled");
    status.className = `status ${found.enabled ? "good" : "warn"}`;
  }
}

async function ask(hook) {
  if (!(await confirmed("Delete this webhook?", `${hook.resource} events are no longer delivered to ${hook.callback}.`, "Delete"))) return;
  await attempt(() => callfire("DELETE", `webhooks/${hook.id}`), "Webhook deleted.");
  await refresh();
}

function createDelivery(entry) {
  const status = h("span", { class: "status" }), note = h("div", { class: "row-note" });
  const payload = JSON.stringify(entry.payload, null, 2);
  const attempts = h("ul", { class: "row-note" });
  const details = h("details", {}, h("summary", {}, "Payload"));
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector("pre")) {
      details.append(attempts, h("pre", { tabindex: "0", "aria-label": "Payload" }, payload), copyButton("payload", payload));
    }
  });
  return { update, node: h("li", { class: "row delivery" }, h("div", { class: "row-head" }, status,
    h("strong", { class: "grow" }, entry.resource)), note, details) };

  function update(found) {
    const outcome = found.attempts.at(-1)?.outcome;
    setText(status, outcome === undefined ? "Waiting" : String(outcome));
    status.className = `status ${outcome === undefined ? "wait" : statusTone(outcome)}`;
    const next = found.done || outcome === undefined ? null : "will be repeated";
    setText(note, [exactTime(found.created), found.attempts.length > 1 ? plural(found.attempts.length, "attempt") : null, next, found.callback].filter(Boolean).join(" · "));
    attempts.replaceChildren(...found.attempts.map(made => h("li", {}, `${exactTime(made.at)}: ${made.outcome}`)));
  }
}
