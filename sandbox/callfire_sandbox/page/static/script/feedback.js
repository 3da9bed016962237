// Short messages, confirmations and copying.
import { $, h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_FOR = 5000;

/** Shows a short message that disappears. Errors stay longer and interrupt a screen reader. */
export function notify(message, isError = false) {
  const shown = h("div", { class: `toast ${isError ? "bad" : ""}`, role: isError ? "alert" : null }, message);
  $("toasts").append(shown);
  setTimeout(() => shown.remove(), isError ? SHOWN_FOR * 2 : SHOWN_FOR);
}

/** Runs an action of a person; shows what goes wrong, and the message on success. Returns whether it succeeded. */
export async function attempt(action, success) {
  try {
    await action();
  } catch (error) {
    notify(error.message, true);
    return false;
  }
  if (success) notify(success);
  return true;
}

/** Handles a form: disables its button meanwhile and shows an error below the fields. */
export function onSubmit(form, action) {
  const problem = form.querySelector(".problem") ?? form.appendChild(h("p", { class: "problem", role: "alert" }));
  form.addEventListener("submit", async event => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "true";
    problem.textContent = "";
    try {
      await action(form);
    } catch (error) {
      problem.textContent = error.message;
    } finally {
      delete form.dataset.busy;
    }
  });
}

/** Asks a question in a dialog. Resolves to whether the person confirms. */
export function confirmed(title, explanation, label) {
  const dialog = $("confirm");
  $("confirm-title").textContent = title;
  $("confirm-text").textContent = explanation;
  $("confirm-yes").textContent = label;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/** Makes the buttons of all dialogs close them. */
export function connectDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    for (const button of dialog.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => dialog.close(button.dataset.close));
    }
    dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(""); });
  }
}

async function copy(text, label) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h("textarea", { class: "visually-hidden", value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  notify(`${label} copied.`);
}

/** Returns a button that copies a text. */
export function copyButton(label, text) {
  return h("button", { type: "button", class: "icon-button", "aria-label": `Copy ${label}`, title: `Copy ${label}`,
    onclick: () => copy(typeof text === "function" ? text() : text, label[0].toUpperCase() + label.slice(1)) }, icon("copy"));
}
