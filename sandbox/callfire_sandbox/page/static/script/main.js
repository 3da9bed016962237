// Starts the page: the section in the address is shown, and live updates refresh what is in view.
import { forgetSetup, read } from "./api.js";
import { $ } from "./dom.js";
import { connectDialogs } from "./feedback.js";
import { refreshAccounts, refreshHeader, startHeader } from "./header.js";
import { placeIcons } from "./icons.js";
import { listen, poll, throttled } from "./live.js";
import * as broadcasts from "./views/broadcasts.js";
import * as calls from "./views/calls.js";
import { refreshComposer } from "./views/composer.js";
import * as connect from "./views/connect.js";
import * as conversations from "./views/conversations.js";
import * as faults from "./views/faults.js";
import * as media from "./views/media.js";
import * as requests from "./views/requests.js";
import { state } from "./state.js";
import * as switches from "./views/switches.js";
import { startThread } from "./views/thread.js";
import * as webhooks from "./views/webhooks.js";

const VIEWS = { conversations, calls, broadcasts, media, webhooks, requests, faults, switches, connect };
const wide = matchMedia("(min-width: 1480px)");
let shown = null;

const address = () => location.hash.replace(/^#\/?/, "");

async function route() {
  const [name, detail] = address().split("/");
  const chosen = name in VIEWS ? name : "conversations";
  for (const view of Object.keys(VIEWS)) $(`view-${view}`).hidden = view !== chosen;
  for (const link of document.querySelectorAll(".sections a")) {
    if (link.hash === `#/${chosen}`) { link.setAttribute("aria-current", "page"); link.scrollIntoView?.({ block: "nearest", inline: "nearest" }); }
    else link.removeAttribute("aria-current");
  }
  const title = $(`title-${chosen}`);
  document.title = `${title.textContent} – CallFire sandbox`;
  shown = VIEWS[chosen];
  try { await shown.open(detail && decodeURIComponent(detail)); } catch { /* the header shows that the sandbox does not respond */ }
  document.body.dataset.shown = address() || "conversations";
}

const refreshView = throttled(() => shown?.refresh());

async function refreshActivity() {
  if (!wide.matches) return;
  const [made, sent] = await Promise.all([read("requests", { limit: 30 }), read("deliveries", { limit: 20 })]);
  requests.showRequests($("activity-requests"), made.items);
  webhooks.showDeliveries($("activity-deliveries"), sent.items);
}

const refreshActivitySoon = throttled(refreshActivity);
const refreshHeaderSoon = throttled(refreshHeader);
const refreshAccountsSoon = throttled(refreshAccounts);
const refreshComposerSoon = throttled(refreshComposer);

function onEvent(kind, record) {
  shown?.onEvent?.(kind, record);
  if (kind === "connected" || kind === "changed") {
    forgetSetup();
    refreshComposerSoon();
    refreshAccountsSoon();
  }
  if (kind === "connected" || kind === "changed" || shown?.kinds.includes(kind)) refreshView();
  refreshHeaderSoon();
  refreshActivitySoon();
}

placeIcons();
connectDialogs();
startHeader();
startThread();
for (const view of Object.values(VIEWS)) view.start?.();
document.querySelector(".skip").addEventListener("click", event => { event.preventDefault(); $("main").focus(); });
addEventListener("hashchange", route);
wide.addEventListener("change", refreshActivitySoon);
const roomy = matchMedia("(min-width: 1000px)");
const openForms = () => { for (const card of document.querySelectorAll(".form-card")) card.open = roomy.matches; };
roomy.addEventListener("change", openForms);
openForms();
try { await refreshHeader(); } catch { /* the header shows that the sandbox does not respond */ }
await route();
listen(onEvent);
let counted = "";
poll(async () => {
  await refreshHeader();
  // Not every change is announced: a new webhook or a broadcast that is not started is found by the counts.
  const counts = JSON.stringify(state.counts);
  if (counted !== counts) { counted = counts; refreshView(); refreshComposerSoon(); }
  if (shown?.polled) await shown.refresh();
  await refreshActivity();
});
