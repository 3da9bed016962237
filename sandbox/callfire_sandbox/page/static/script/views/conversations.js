// The list of conversations: search, filter, and one row for each phone.
import { read } from "../api.js";
import { $, empty, h, setText, showList } from "../dom.js";
import { otherNumber, phone, resultOf, when } from "../format.js";
import { icon } from "../icons.js";
import { throttled } from "../live.js";
import { state } from "../state.js";
import { closeThread, openNumber, openThread, refreshThread, threadEvent } from "./thread.js";
import { prepareComposer } from "./composer.js";

const PAGE = 50, MOST = 1000;
const shown = { limit: PAGE, only: "", search: "" };

export const kinds = ["texts"];

export function start() {
  prepareComposer();
  $("search").addEventListener("input", event => { shown.search = event.target.value; shown.limit = PAGE; refreshSoon(); });
  for (const button of document.querySelectorAll("[data-only]")) {
    button.addEventListener("click", () => select(button));
  }
  $("more-conversations").addEventListener("click", () => { shown.limit = Math.min(shown.limit + PAGE, MOST); refreshList(); });
  $("new-conversation").addEventListener("click", () => { location.hash = "#/conversations/new"; });
}

function select(chosen) {
  shown.only = chosen.dataset.only;
  shown.limit = PAGE;
  for (const button of document.querySelectorAll("[data-only]")) button.setAttribute("aria-pressed", String(button === chosen));
  refreshList();
}

const refreshSoon = throttled(refreshList, 150);

/** Shows the conversation in the address: a number, `new`, or none. */
export async function open(number) {
  const view = $("view-conversations");
  view.classList.toggle("open", Boolean(number));
  if (number && number !== "new") await openThread(number);
  else closeThread();
  // On a narrow screen the list disappears, and with it the focus.
  if (number && !$("conversation-list").checkVisibility()) $("thread-title").focus({ preventScroll: true });
  await refreshList();
}

export async function refresh() {
  await Promise.all([refreshList(), refreshThread()]);
}

export function onEvent(kind, record) {
  if (kind === "texts") threadEvent(record);
}

async function refreshList() {
  const found = await read("conversations", shown);
  showList($("conversation-list"), found.items, item => item.number, createRow, explain);
  $("more-conversations").hidden = !found.more;
  for (const link of $("conversation-list").querySelectorAll("a")) {
    if (link.dataset.number === openNumber()) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function explain() {
  if (shown.search || shown.only) {
    return empty(icon("conversations"), "No matches", "Clear the search or select All.");
  }
  return empty(icon("conversations"), "No conversations yet",
    "Send a text as the phone, or let your program send one. Each phone number gets its own conversation.",
    h("a", { class: "primary", href: "#/conversations/new" }, "New conversation"));
}

function createRow() {
  const name = h("strong"), time = h("time"), last = h("span"), mark = h("span", { class: "status bad", hidden: true }, "Failed");
  const avatar = h("span", { class: "avatar", "aria-hidden": "true" });
  const link = h("a", { class: "conversation" }, avatar,
    h("span", {}, h("span", { class: "conversation-head" }, name, time), h("span", { class: "conversation-last" }, last, mark)));
  return { node: h("li", {}, link), update };

  function update({ number, failed, last: text }) {
    link.href = `#/conversations/${number}`;
    link.dataset.number = number;
    setText(name, phone(number));
    setText(avatar, number.slice(-2));
    setText(time, when(text.created, state.now));
    time.dateTime = new Date(text.created).toISOString();
    setText(last, `${text.inbound ? "" : "Account: "}${text.message || (text.media?.length ? "Picture" : "Empty text")}`);
    mark.hidden = !failed;
    mark.title = failed ? resultOf(text).label : "";
    link.title = otherNumber(text);
  }
}
