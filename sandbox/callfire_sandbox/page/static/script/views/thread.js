// The texts of one conversation. The newest page is loaded first, earlier pages on demand; reading is never disturbed:
// new texts scroll into view only if the end was in view, and else a button announces them.
import { read } from "../api.js";
import { $, empty, h, setText, showRows } from "../dom.js";
import { phone, plural } from "../format.js";
import { icon } from "../icons.js";
import { createBubble, dayOf } from "./bubble.js";
import { setComposer } from "./composer.js";

const PAGE = 100;
const KEPT_AT_END = 300;
const NEAR_END = 60;

let stick = true;     // whether the end is in view, and new texts scroll into view
let current = null;   // {number, texts: Map of id → text, more, unseen}

export const openNumber = () => current?.number ?? null;

/** Loads and shows a conversation, and sets both numbers of the form. */
export async function openThread(number) {
  if (current?.number === number) return refreshThread();
  const opened = current = { number, texts: new Map(), more: false, unseen: 0 };
  // A screen reader reads texts that arrive, not the whole conversation when it is opened.
  $("bubbles").setAttribute("aria-live", "off");
  $("bubbles").replaceChildren();
  const found = await read("conversation", { number, limit: PAGE });
  if (current !== opened) return undefined;
  setComposer(number, found.accountNumber);
  take(found);
  show();
  toEnd();
  requestAnimationFrame(() => $("bubbles").setAttribute("aria-live", "polite"));
  return undefined;
}

/** Shows the start of a new conversation. */
export function closeThread() {
  current = null;
  setText($("thread-title"), "New conversation");
  setText($("thread-note"), "Enter a number below");
  $("thread-badge").replaceChildren();
  $("newer").hidden = true;
  showRows($("bubbles"), [], () => "", () => null);
  if (!$("bubbles").querySelector(".empty")) {
    $("bubbles").replaceChildren(empty(icon("conversations"), "Play both sides",
      "Send as phone: your account receives the text, and webhooks fire. Send as account: the text goes through the API and costs credits."));
  }
}

/** Reads the newest texts again. */
export async function refreshThread() {
  const opened = current;
  if (!opened) return;
  const found = await read("conversation", { number: opened.number, limit: PAGE });
  if (current !== opened) return;
  const newest = found.items.at(-1)?.id;
  // After a gap, or when the sandbox was reset, the pages that were loaded no longer fit together.
  const fits = found.items.some(text => opened.texts.has(String(text.id))) || opened.texts.size === 0;
  if (!fits || newest === undefined) opened.texts.clear();
  const before = opened.texts.size;
  const more = opened.more;
  take(found);
  if (fits && before > found.items.length) opened.more = more;
  show(opened.texts.size - before);
}

/** Updates a text that is shown, for example when it was delivered. */
export function threadEvent(text) {
  if (!current?.texts.has(String(text.id))) return;
  current.texts.set(String(text.id), text);
  showTexts();
}

function take(found) {
  for (const text of found.items) current.texts.set(String(text.id), text);
  current.more = found.more;
  current.about = found;
}

function show(added = 0) {
  const { number, about } = current;
  setText($("thread-title"), phone(number));
  setText($("thread-note"), about.total ? plural(about.total, "text") : "No texts yet");
  $("thread-badge").replaceChildren(...(about.blocked ? [h("span", { class: "status bad" }, "Opted out")] : []));
  const box = $("bubbles");
  if (stick) forgetOld();
  showTexts();
  if (stick) toEnd();
  else current.unseen += Math.max(added, 0);
  showNewer();
  box.querySelector(".empty")?.remove();
  if (current.texts.size === 0) {
    box.replaceChildren(empty(icon("conversations"), "No texts yet", "Write one below: as the phone, or as the account."));
  }
}

function showTexts() {
  const rows = [];
  if (current.more) rows.push({ id: "more" });
  let day = null;
  for (const text of current.texts.values()) {
    if (dayOf(text) !== day) { day = dayOf(text); rows.push({ id: `day ${day}`, day }); }
    rows.push(text);
  }
  showRows($("bubbles"), rows, row => row.id, createRow);
}

function createRow(row) {
  if (row.id === "more") {
    return { node: h("button", { type: "button", class: "more", onclick: showEarlier }, "Show earlier texts") };
  }
  return row.day ? { node: h("p", { class: "day" }, row.day) } : createBubble();
}

async function showEarlier() {
  const opened = current;
  const first = opened.texts.keys().next().value;
  const found = await read("conversation", { number: opened.number, limit: PAGE, before: first });
  if (current !== opened) return;
  const box = $("bubbles");
  const fromEnd = box.scrollHeight - box.scrollTop;
  opened.texts = new Map([...found.items.map(text => [String(text.id), text]), ...opened.texts]);
  opened.more = found.more;
  showTexts();
  box.scrollTop = box.scrollHeight - fromEnd;
  if (!box.contains(document.activeElement)) box.focus({ preventScroll: true });
}

// A long conversation that is followed at its end keeps only its newest texts in memory.
function forgetOld() {
  if (current.texts.size <= KEPT_AT_END) return;
  current.texts = new Map([...current.texts].slice(-PAGE));
  current.more = true;
}

function atEnd() {
  const box = $("bubbles");
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
}

export function toEnd() {
  stick = true;
  $("bubbles").scrollTop = $("bubbles").scrollHeight;
  if (current) current.unseen = 0;
  showNewer();
}

function onScroll() {
  stick = atEnd();
  if (stick && current?.unseen) toEnd();
}

function showNewer() {
  $("newer").hidden = !current?.unseen;
  if (current?.unseen) setText($("newer-label"), plural(current.unseen, "new text"));
}

export function startThread() {
  $("newer").addEventListener("click", () => { toEnd(); $("bubbles").focus({ preventScroll: true }); });
  $("bubbles").addEventListener("scroll", onScroll, { passive: true });
  // A picture that is loaded, or a form that grows, must not hide the newest text.
  const hold = () => { if (stick) toEnd(); };
  $("bubbles").addEventListener("load", hold, true);
  new ResizeObserver(hold).observe($("bubbles"));
}
