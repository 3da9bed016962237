// The header: time, credits, appearance and reset; and the counts beside the sections.
import { account, admin, read } from "./api.js";
import { $, fillSelect, setText } from "./dom.js";
import { attempt, confirmed, notify, onSubmit } from "./feedback.js";
import { count, day, exactTime, plural } from "./format.js";
import { state } from "./state.js";

const THEMES = ["automatic", "light", "dark"];

export function startHeader() {
  $("open-clock").addEventListener("click", () => $("clock").showModal());
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => attempt(() => advance(Number(button.dataset.advance)), `Time advanced by ${button.textContent}.`));
  }
  onSubmit($("clock-form"), async form => {
    const seconds = Number(form.elements.seconds.value);
    await advance(Math.round(seconds * 1000));
    notify(`Time advanced by ${plural(seconds, "second")}.`);
  });
  $("open-credits").addEventListener("click", () => {
    $("credits-form").elements.credits.value = state.credits;
    $("credits-dialog").showModal();
  });
  onSubmit($("credits-form"), async form => {
    await admin("PATCH", "account", { credits: Number(form.elements.credits.value) });
    $("credits-dialog").close();
    await refreshHeader();
  });
  $("reset").addEventListener("click", reset);
  $("account").addEventListener("change", () => { location.search = `?account=${encodeURIComponent($("account").value)}`; });
  startTheme();
}

/** Offers the accounts of the sandbox if there are several. */
export async function refreshAccounts() {
  const accounts = await admin("GET", "accounts");
  fillSelect($("account"), accounts.map(({ name }) => name));
  $("account").value = account || accounts[0]?.name;
  $("account-choice").hidden = accounts.length < 2;
}

async function advance(milliseconds) {
  await admin("POST", "clock", { advance: milliseconds });
  await refreshHeader();
}

async function reset() {
  const text = "All texts, calls, broadcasts, contacts, webhooks and faults are deleted. Switches and the time stay.";
  if (await confirmed("Reset the sandbox?", text, "Reset")) await attempt(() => admin("POST", "reset"), "The sandbox was reset.");
}

/** Reads the summary and shows it. */
export async function refreshHeader() {
  Object.assign(state, await read("summary"));
  const { counts } = state;
  setText($("now"), exactTime(state.now));
  $("open-clock").title = `Sandbox time: ${day(state.now)}, ${exactTime(state.now)}`;
  setText($("credits"), `${count(state.credits)} credits`);
  const shown = { ...counts, broadcasts: counts.text_broadcasts + counts.call_broadcasts };
  for (const badge of document.querySelectorAll("[id^=count-]")) {
    const value = shown[badge.id.slice("count-".length)];
    badge.hidden = !value;
    setText(badge, count(value ?? 0));
  }
}

function startTheme() {
  let theme = localStorage.getItem("theme") ?? "automatic";
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    $("theme").setAttribute("aria-label", `Appearance: ${theme}`);
    $("theme").title = `Appearance: ${theme}`;
  };
  $("theme").addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    localStorage.setItem("theme", theme);
    apply();
    notify(`Appearance: ${theme}`);
  });
  apply();
}
