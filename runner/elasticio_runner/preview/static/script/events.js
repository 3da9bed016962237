// One emitted event: its kind, its content, and its files.
import { download } from "./api.js";
import { h } from "./dom.js";

const TONES = { __proto__: null, data: "good", error: "bad", rebound: "warn" };
const LONGEST = 200_000; // characters of an event that are shown

/** Returns the list item of an event. `useSnapshot` makes its snapshot the input of the next run. */
export function drawEvent({ event, files = [], ...values }, { callId, useSnapshot }) {
  const head = h("div", { class: "event-head" }, h("span", { class: `tag ${TONES[event] ?? ""}` }, event), explanation(event));
  const content = "text" in values ? values.text : "reason" in values ? values.reason ?? "" : JSON.stringify(contentOf(event, values), null, 2);
  const snapshot = "snapshot" in values && useSnapshot
    ? h("button", { type: "button", class: "secondary small", onclick: () => useSnapshot(values.snapshot) }, "Use for the next run") : null;
  const cut = content.length > LONGEST ? `${content.slice(0, LONGEST)}\n… ${content.length - LONGEST} further characters` : content;
  return h("li", { class: "event" }, head, h("pre", { tabindex: "0", role: "group", "aria-label": `Content of ${event}` }, cut),
    h("div", { class: "buttons" }, snapshot, files.map(file => fileButton(callId, file))));
}

function contentOf(event, values) {
  const names = Object.keys(values);
  return names.length === 1 ? values[names[0]] : values;
}

function explanation(event) {
  return event === "rebound" ? h("span", { class: "dim" }, "The platform would deliver the message again later.") : null;
}

function fileButton(callId, file) {
  const note = h("span", { role: "status" });
  const button = h("button", { type: "button", class: "secondary small", onclick: async () => {
    try { await download(callId, file); } catch (error) { note.textContent = error.message; }
  } }, `Save ${file.name} (${size(file.size)})`);
  return h("span", {}, button, note);
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(0)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
