// Calls in and out, with their recordings.
import { ROOT, admin, callfire, getSetup, read } from "../api.js";
import { $, empty, fillSelect, h, setText, showList, values } from "../dom.js";
import { notify, onSubmit } from "../feedback.js";
import { duration, otherNumber, phone, resultOf, when } from "../format.js";
import { icon } from "../icons.js";
import { state } from "../state.js";

const PAGE = 50;
let limit = PAGE, only = "";

export const kinds = ["calls"];

export function start() {
  onSubmit($("call-in"), async form => {
    const { recordingSeconds, ...given } = values(form);
    await admin("POST", "calls", { ...given, recordingSeconds: Number(recordingSeconds ?? 0) });
    notify("Call received.");
  });
  onSubmit($("call-out"), async form => {
    await callfire("POST", "calls", [values(form)]);
    notify("Call placed.");
  });
  for (const button of document.querySelectorAll("[data-calls]")) button.addEventListener("click", () => select(button));
  $("more-calls").addEventListener("click", () => { limit += PAGE; refresh(); });
}

function select(chosen) {
  only = chosen.dataset.calls;
  for (const button of document.querySelectorAll("[data-calls]")) button.setAttribute("aria-pressed", String(button === chosen));
  refresh();
}

export async function open() {
  const { callResults } = await getSetup();
  fillSelect($("call-result"), callResults.map(value => ({ value, label: resultOf({ finalCallResult: value }).label })));
  await refresh();
}

export async function refresh() {
  const found = await read("calls", { limit, only });
  showList($("call-list"), found.items, call => call.id, createRow, () => only ? empty(icon("calls"), "No matches", "Select All to see every call.") : empty(icon("calls"), "No calls yet",
    "Receive a call from a phone, or place one with your program: ", h("code", {}, "POST /calls"), "."));
  $("more-calls").hidden = !found.more;
}

function createRow() {
  const picture = h("span", { class: "row-icon" }), name = h("strong"), note = h("div", { class: "row-note" });
  const result = h("span", { class: "status" }), recordings = h("div");
  const node = h("li", { class: "row call" }, h("div", { class: "row-head" }, picture, h("div", { class: "grow" }, name, note), result), recordings);
  let playable = "";
  return { node, update };

  function update(call) {
    const { label, tone } = resultOf(call);
    picture.className = `row-icon ${tone}`;
    picture.replaceChildren(icon(call.inbound ? "incoming" : "outgoing"));
    setText(name, `${call.inbound ? "From" : "To"} ${phone(otherNumber(call))}`);
    const own = phone(call.inbound ? call.toNumber : call.fromNumber);
    const recorded = [...(call.recordings ?? []), ...(call.records ?? []).flatMap(record => record.recordings ?? [])];
    const seconds = call.records?.[0]?.duration || recorded[0]?.lengthInSeconds;
    setText(note, [when(call.created, state.now), `${call.inbound ? "to" : "from"} ${own}`, seconds ? duration(seconds) : null].filter(Boolean).join(" · "));
    setText(result, call.state === "READY" ? "Calling" : label);
    result.className = `status ${tone}`;
    showRecordings(recorded);
  }

  // A sound that plays is not replaced.
  function showRecordings(found) {
    const ids = found.map(recording => String(recording.id)).join();
    if (ids === playable) return;
    playable = ids;
    recordings.replaceChildren(...found.map(recording => h("audio", { controls: true, preload: "none",
      src: `${ROOT}/page/recordings/${recording.id}.mp3`, "aria-label": `Recording, ${duration(recording.lengthInSeconds)}` })));
  }
}
