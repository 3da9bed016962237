// The list of triggers and actions in the designer's order. Deprecated ones are in a closed fold.
import { $, h } from "./dom.js";
import { state } from "./state.js";

const KINDS = { trigger: "Triggers", action: "Actions" };

/** The address of a function within the page. */
export const hashOf = entry => `#/${encodeURIComponent(entry.kind)}/${encodeURIComponent(entry.id)}`;

/** Returns the function that the address names, or null. */
export function addressed() {
  return state.component?.functions.find(entry => hashOf(entry) === location.hash) ?? null;
}

/** Returns the tags of a function: its type, and whether it is deprecated. */
export function tags(entry) {
  const type = entry.kind === "action" ? "Action" : entry.type === "polling" ? "Polling trigger" : entry.type === "webhook" ? "Webhook trigger" : `Trigger: ${entry.type}`;
  return [h("span", { class: "tag" }, type), entry.deprecated ? h("span", { class: "tag warn" }, "Deprecated") : null].filter(Boolean);
}

/** Draws the list. */
export function drawFunctions() {
  const groups = Object.entries(KINDS).flatMap(([kind, title]) => group(title, state.component.functions.filter(entry => entry.kind === kind)));
  $("function-groups").replaceChildren(...groups);
  if (!groups.length) $("function-groups").append(h("p", { class: "dim" }, "The component has no triggers and no actions."));
  filter();
  markChosen();
}

function group(title, entries) {
  if (!entries.length) return [];
  const current = entries.filter(entry => !entry.deprecated), old = entries.filter(entry => entry.deprecated);
  const nodes = [h("h2", {}, title), h("ul", { "aria-label": title }, current.map(item))];
  if (old.length) nodes.push(h("details", { class: "deprecated" }, h("summary", {}, `Deprecated Functions (${old.length})`), h("ul", { "aria-label": `Deprecated ${title}` }, old.map(item))));
  return [h("section", {}, nodes)];
}

function item(entry) {
  return h("li", {}, h("a", { href: hashOf(entry) }, h("span", {}, entry.title), entry.deprecated ? h("span", { class: "tag warn" }, "Deprecated") : null));
}

/** Marks the function that is shown. */
export function markChosen() {
  for (const anchor of $("function-groups").querySelectorAll("a")) {
    const isChosen = state.chosen && anchor.getAttribute("href") === hashOf(state.chosen);
    if (isChosen) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
    if (isChosen && anchor.closest(".deprecated")) anchor.closest(".deprecated").open = true;
  }
}

function filter() {
  const wanted = $("find").value.trim().toLowerCase();
  let count = 0;
  for (const section of $("function-groups").querySelectorAll("section")) {
    let shown = 0;
    for (const row of section.querySelectorAll("li")) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) shown++;
    }
    const fold = section.querySelector(".deprecated");
    if (fold) {
      fold.hidden = !fold.querySelector("li:not([hidden])");
      if (wanted) fold.open = !fold.hidden;
    }
    section.hidden = !shown;
    count += shown;
  }
  $("no-match").textContent = count || !wanted ? "" : "No function has this title.";
}

/** Connects the search box and the fold of narrow windows. */
export function startFunctions() {
  $("find").addEventListener("input", filter);
  const wide = matchMedia("(min-width: 900px)");
  const adapt = () => { $("list").open = wide.matches || !state.chosen; };
  wide.addEventListener("change", adapt);
  addEventListener("hashchange", () => { if (!wide.matches) $("list").open = false; });
}
