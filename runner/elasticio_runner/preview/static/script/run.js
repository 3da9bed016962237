// Samples and single runs of the shown function.
import { call } from "./api.js";
import { $, h, show } from "./dom.js";
import { drawEvent } from "./events.js";
import { outputInto } from "./output.js";
import { exampleOf, hasExample, isAny, isRequired, resolved } from "./schema.js";
import { config, keyOf, missing, missingCredentials, state } from "./state.js";

const MOST_EVENTS = 100;
const HINTS = {
  trigger: "Both buttons call the trigger with the entered credentials. Retrieve Sample sets step.is_debug, as in the designer.",
  action: "Run and Retrieve Sample really execute the action with the entered credentials. Retrieve Sample sets step.is_debug, as in the designer.",
};

let current = null;

const inputOf = entry => state.inputs.get(keyOf(entry));

/** Shows the inputs of a function, without results. */
export function drawRun(entry) {
  current?.abort();
  if (!inputOf(entry)) state.inputs.set(keyOf(entry), { body: "{}", snapshot: "{}", isEdited: false });
  $("run-hint").textContent = HINTS[entry.kind];
  $("body-part").hidden = entry.kind === "trigger" && entry.type === "polling";
  $("body").value = inputOf(entry).body;
  $("snapshot").value = inputOf(entry).snapshot;
  $("files").value = "";
  clearResults();
  show($("run-status"), "");
  schemasLoaded(entry);
}

function clearResults() {
  $("events").replaceChildren();
  outputInto($("run-output"));
  show($("run-problem"), "");
}

/** Fills the body with the required fields, unless it was edited. */
export function schemasLoaded(entry) {
  $("fill-buttons").hidden = !isMapped(entry);
  $("stub").hidden = !state.schemas.out;
  if (isMapped(entry) && !inputOf(entry).isEdited) fill(isRequired, false);
}

// A trigger is the first step: its input is not mapped.
const isMapped = entry => entry.kind === "action" && state.schemas.in !== null;

function fill(isWanted, isEdited = true) {
  const schema = state.schemas.in;
  const body = exampleOf(resolved(schema, schema), schema, isWanted);
  $("body").value = JSON.stringify(body, null, 2);
  Object.assign(inputOf(state.chosen), { body: $("body").value, isEdited });
}

function stub() {
  clearResults();
  const schema = state.schemas.out;
  const body = exampleOf(resolved(schema, schema), schema, isAny);
  $("events").append(drawEvent({ event: "stub sample", body }, {}));
  show($("run-status"), "The stub sample was made from the output fields. The function was not called.");
}

class InputError extends Error {}

function parsed(id, name) {
  try { return JSON.parse($(id).value || "{}"); } catch (error) {
    throw new InputError(`${name}: this is not valid JSON. ${error.message}`);
  }
}

async function attached(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return { name: file.name, content: btoa(text) };
}

async function request(kind) {
  const entry = state.chosen;
  const empty = [...missingCredentials(), ...missing(entry.fields, config())];
  if (empty.length) throw new InputError(`Fill in the required fields first: ${empty.join(", ")}.`);
  const body = $("body-part").hidden ? {} : parsed("body", "Message body");
  const files = await Promise.all([...$("files").files].map(attached));
  return { kind, function: entry.id, config: config(), body, snapshot: parsed("snapshot", "Snapshot"), files };
}

async function run(kind) {
  current?.abort();
  clearResults();
  let given;
  try { given = await request(kind); } catch (error) {
    show($("run-status"), "");
    show($("run-problem"), error.message);
    return;
  }
  const mine = current = new AbortController();
  const started = Date.now();
  const progress = new Progress(kind);
  $("stop-run").hidden = false;
  $("run").setAttribute("aria-busy", "true");
  show($("run-status"), "Running …");
  try {
    await call(given, event => { if (mine === current) progress.receive(event); }, mine.signal);
  } catch (error) {
    if (mine === current) progress.end(mine.signal.aborted ? "The run was stopped." : error.message);
  }
  if (mine !== current) return;
  show($("run-status"), progress.summary((Date.now() - started) / 1000));
  $("stop-run").hidden = true;
  $("run").removeAttribute("aria-busy");
}

// Shows the events of one run, and counts them.
class Progress {
  constructor(kind) {
    this.kind = kind;
    this.output = outputInto($("run-output"));
    this.counts = { data: 0, error: 0, rebound: 0 };
    this.shown = 0;
    this.callId = "";
    this.problem = "";
  }

  receive(event) {
    switch (event.event) {
      case "started": this.callId = event.call; break;
      case "log": this.output(`${event.who}: ${event.text}`); break;
      case "output": this.output(event.text); break;
      case "failed": case "stopped": this.end(event.reason); break;
      case "done": break;
      default: this.add(event);
    }
  }

  add(event) {
    if (event.event in this.counts) this.counts[event.event]++;
    if (++this.shown <= MOST_EVENTS) $("events").append(drawEvent(event, { callId: this.callId, useSnapshot }));
    else if (this.shown === MOST_EVENTS + 1) $("events").append(h("li", { class: "dim" }, "Further events are counted, but not shown."));
  }

  end(reason) {
    this.problem = reason;
    show($("run-problem"), reason);
  }

  summary(seconds) {
    const { data, error, rebound } = this.counts;
    const end = this.problem ? "Ended" : error ? "Failed" : rebound ? "Rebounded" : "Succeeded";
    const messages = `${data} ${data === 1 ? "message" : "messages"}`;
    return `${end} after ${seconds.toFixed(1)} s: ${messages}${data === 0 && this.kind === "sample" && end === "Succeeded" ? ". There is no data for a sample" : ""}.`;
  }
}

function useSnapshot(snapshot) {
  $("snapshot").value = JSON.stringify(snapshot, null, 2);
  inputOf(state.chosen).snapshot = $("snapshot").value;
  $("more-input").open = true;
  $("snapshot").focus();
}

export function startRun() {
  $("run-form").addEventListener("submit", event => { event.preventDefault(); run("run"); });
  $("sample").addEventListener("click", () => run("sample"));
  $("stub").addEventListener("click", stub);
  $("stop-run").addEventListener("click", () => current?.abort());
  $("fill-required").addEventListener("click", () => fill(isRequired));
  $("fill-all").addEventListener("click", () => fill(hasExample));
  $("body").addEventListener("input", () => Object.assign(inputOf(state.chosen), { body: $("body").value, isEdited: true }));
  $("snapshot").addEventListener("input", () => { inputOf(state.chosen).snapshot = $("snapshot").value; });
}
