// Starts the page, shows the function in the address, and reads the component again when its files have changed.
import { readComponent } from "./api.js";
import { credentialsChanged, drawConfiguration, startConfiguration } from "./configuration.js";
import { drawCredentials, startCredentials } from "./credentials.js";
import { $, show } from "./dom.js";
import { addressed, drawFunctions, markChosen, startFunctions, tags } from "./functions.js";
import { helpLink } from "./help.js";
import { helpNodes } from "./markup.js";
import { clearMetadata, showMetadata, startMetadata } from "./metadata.js";
import { drawRun, schemasLoaded, startRun } from "./run.js";
import { keyOf, state } from "./state.js";

const PAUSE = 300; // milliseconds after a change before the fields are loaded again
let isFirst = true;
let timer = null;

async function load(known) {
  let found;
  try { found = await readComponent(known); } catch (error) { return problem(error.message); }
  if (found.revision === known) return;
  state.revision = found.revision;
  document.body.dataset.revision = found.revision;
  if (found.problem) return problem(found.problem);
  problem(found.component.problems.join("\n"));
  state.component = found.component;
  if (isFirst) takeValues(found.values);
  drawHeader(found.component);
  drawCredentials(() => { if (state.chosen) { credentialsChanged(); refreshMetadataSoon(); } });
  drawFunctions();
  route();
  if (!isFirst) $("notice").textContent = "The component was read again.";
  isFirst = false;
}

// Values of --config: those of the credentials, and those of the fields of every function.
function takeValues(values) {
  for (const field of state.component.credentials?.fields ?? []) {
    if (Object.hasOwn(values, field.id)) state.credentials[field.id] = values[field.id];
  }
  for (const entry of state.component.functions) {
    const own = Object.create(null);
    for (const { id } of entry.fields) if (Object.hasOwn(values, id)) own[id] = values[id];
    state.forms.set(keyOf(entry), own);
  }
}

function problem(text) {
  show($("problem"), text);
}

function drawHeader({ title, description, version, logo }) {
  document.title = `${title} – Preview`;
  $("title").textContent = title;
  $("description").textContent = description;
  show($("version"), version && `v${version}`);
  $("logo").hidden = !logo;
  if (logo) $("logo").src = logo;
}

function route() {
  if (!state.component) return;
  const before = state.chosen && keyOf(state.chosen);
  state.chosen = addressed();
  markChosen();
  $("function").hidden = !state.chosen;
  $("choose").hidden = Boolean(state.chosen);
  document.body.dataset.shown = state.chosen ? keyOf(state.chosen) : "";
  if (!state.chosen) return;
  drawFunction(state.chosen);
  if (before !== keyOf(state.chosen)) $("notice").textContent = "";
}

function drawFunction(entry) {
  if (!state.forms.has(keyOf(entry))) state.forms.set(keyOf(entry), Object.create(null));
  $("function-title").textContent = entry.title;
  $("function-tags").replaceChildren(...tags(entry));
  $("function-help").replaceChildren(...helpNodes(entry.help));
  $("function-link").replaceChildren(...[helpLink(entry.link)].filter(Boolean));
  clearMetadata();
  drawRun(entry);
  drawConfiguration(entry, refreshMetadataSoon);
  $("metadata").hidden = !entry.hasMetadata;
  for (const button of $("steps").children) button.hidden = $(button.dataset.to).hidden;
  refreshMetadata();
}

function startSteps() {
  for (const button of $("steps").children) {
    button.addEventListener("click", () => {
      $(button.dataset.to).scrollIntoView();
      $(`${button.dataset.to}-title`).focus({ preventScroll: true });
    });
  }
}

// Each dynamic load is a new process: several changes in a row lead to one.
function refreshMetadataSoon() {
  clearTimeout(timer);
  timer = setTimeout(refreshMetadata, PAUSE);
}

const refreshMetadata = (isForced = false) => {
  clearTimeout(timer);
  const entry = state.chosen;
  if (!entry) return;
  showMetadata(entry, () => { if (state.chosen === entry) schemasLoaded(entry); }, isForced === true);
};

startFunctions();
startSteps();
startCredentials();
startConfiguration();
startMetadata(() => refreshMetadata(true));
startRun();
document.querySelector(".skip").addEventListener("click", event => { event.preventDefault(); $("main").focus(); });
addEventListener("hashchange", () => { route(); if (state.chosen) { $("function-title").focus(); } });
addEventListener("focus", () => load(state.revision));
$("reload").addEventListener("click", () => load(""));
await load("");
