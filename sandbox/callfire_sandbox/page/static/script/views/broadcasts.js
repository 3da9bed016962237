// Broadcasts with their progress; create, start and stop.
import { callfire, read } from "../api.js";
import { $, empty, h, setText, showList } from "../dom.js";
import { attempt, notify, onSubmit } from "../feedback.js";
import { broadcastStatus, count, plural } from "../format.js";
import { icon } from "../icons.js";

const PAGE = 50;
const STARTABLE = ["SETUP", "STOPPED", "SCHEDULED"];
let limit = PAGE;

export const kinds = ["text_broadcasts", "call_broadcasts", "texts", "calls"];

export function start() {
  onSubmit($("broadcast-form"), create);
  $("more-broadcasts").addEventListener("click", () => { limit += PAGE; refresh(); });
}

async function create(form) {
  const { kind, name, message, recipients, start: startNow } = Object.fromEntries(new FormData(form));
  const numbers = recipients.split(/[\n,;]+/).map(number => number.trim()).filter(Boolean);
  if (!numbers.length) throw new Error("Recipients: the list is empty. Enter one phone number per line.");
  const content = kind === "texts" ? { message } : { sounds: { liveSoundText: message } };
  const body = { name, ...content, recipients: numbers.map(phoneNumber => ({ phoneNumber })) };
  await callfire("POST", `${kind}/broadcasts?start=${Boolean(startNow)}`, body);
  notify(startNow ? "Broadcast started." : "Broadcast created.");
  await refresh();
}

export const open = refresh;

export async function refresh() {
  const found = await read("broadcasts", { limit });
  showList($("broadcast-list"), found.items, entry => entry.id, createRow, () => empty(icon("broadcasts"), "No broadcasts yet",
    "Create one with the form, or with your program: ", h("code", {}, "POST /texts/broadcasts"), "."));
  $("more-broadcasts").hidden = !found.more;
}

function createRow(entry) {
  const name = h("strong"), note = h("div", { class: "row-note" }), status = h("span", { class: "status" });
  const bar = h("div", { class: "bar", role: "progressbar", "aria-valuemin": "0", "aria-label": `Progress of ${entry.name ?? "broadcast"}` }, h("span"));
  const progress = h("div", { class: "row-note tabular" });
  const button = h("button", { type: "button", class: "secondary small" });
  let command = "start";
  button.addEventListener("click", () => attempt(() => callfire("POST", `${entry.kind}/broadcasts/${entry.id}/${command}`),
    command === "start" ? "Broadcast started." : "Broadcast stopped."));
  const picture = h("span", { class: "row-icon" }, icon(entry.kind === "texts" ? "conversations" : "calls"));
  return { update, node: h("li", { class: "row broadcast" },
    h("div", { class: "row-head" }, picture, h("div", { class: "grow" }, name, note), status, button), bar, progress) };

  function update(found) {
    const { label, tone } = broadcastStatus(found.status);
    setText(name, found.name || "Broadcast without a name");
    setText(note, found.message ?? found.sounds?.liveSoundText ?? (found.kind === "texts" ? "Text broadcast" : "Call broadcast"));
    setText(status, label);
    status.className = `status ${tone}`;
    setText(progress, found.total ? `${count(found.finished)} of ${plural(found.total, "recipient")} finished` : "No recipients yet");
    bar.setAttribute("aria-valuemax", String(found.total || 1));
    bar.setAttribute("aria-valuenow", String(found.finished));
    bar.classList.toggle("good", found.status === "FINISHED");
    bar.firstChild.style.width = `${found.total ? (100 * found.finished) / found.total : 0}%`;
    command = STARTABLE.includes(found.status) ? "start" : "stop";
    button.hidden = !(command === "start" || found.status === "RUNNING");
    setText(button, command === "start" ? "Start" : "Stop");
    button.setAttribute("aria-label", `${command === "start" ? "Start" : "Stop"} ${found.name ?? "broadcast"}`);
  }
}
