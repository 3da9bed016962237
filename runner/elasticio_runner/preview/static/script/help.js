// The "?" button of a field, and the text that it opens.
import { h, newId } from "./dom.js";
import { helpNodes, link, webAddress } from "./markup.js";

/** Returns {button, text}: a button that shows or hides help, both null without a text. `parts` are texts and nodes. */
export function help(label, ...parts) {
  const given = parts.filter(part => part);
  if (!given.length) return { button: null, text: null };
  const id = newId("help");
  const paragraphs = given.map(part => h("span", { class: "help-part" }, typeof part === "string" ? helpNodes(part) : part));
  const text = h("p", { class: "help", id, hidden: true }, paragraphs);
  const button = h("button", { type: "button", class: "help-button", "aria-label": `Help: ${label}`, "aria-expanded": "false", "aria-controls": id }, "?");
  button.addEventListener("click", () => open(button, text, text.hidden));
  return { button, text };
}

function open(button, text, isOpen) {
  text.hidden = !isOpen;
  button.setAttribute("aria-expanded", String(isOpen));
}

/** Opens or closes all help below an element. */
export function openAll(element, isOpen) {
  for (const button of element.querySelectorAll(".help-button")) {
    const text = document.getElementById(button.getAttribute("aria-controls"));
    if (text) open(button, text, isOpen);
  }
}

/** Returns the node for the help link of a function or a form: only web addresses can be opened. */
export function helpLink(address) {
  if (!address) return null;
  const safe = webAddress(address);
  if (safe) return link(safe, "Documentation");
  return h("span", {}, "Documentation: ", h("code", {}, address), address.startsWith("/") ? " (below the address of the platform's documentation)" : " (not a web address)");
}
