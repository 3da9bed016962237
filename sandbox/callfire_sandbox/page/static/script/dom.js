// Building and updating elements. Text from outside is always inserted as text, never as HTML.

/** Returns an element. `on…` properties are listeners, `data` and all others are attributes; null leaves one out. */
export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(made, name, value);
  made.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

function setProperty(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") element.className = value;
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

export const $ = id => document.getElementById(id);

/** Sets the text of an element only if it differs, so that screen readers do not read it again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const ROWS = new WeakMap();

/**
 * Shows `items` in a container with one row per key. `create(item)` returns {node, update}. Rows that stay keep their
 * element, so scroll position, focus, open details and playing sounds survive every update.
 */
export function showRows(container, items, keyOf, create) {
  const rows = ROWS.get(container) ?? new Map();
  ROWS.set(container, rows);
  const wanted = new Set(items.map(item => String(keyOf(item))));
  for (const [key, row] of rows) {
    if (!wanted.has(key)) { row.node.remove(); rows.delete(key); }
  }
  let next = container.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const row = rows.get(key) ?? addRow(rows, key, create(item));
    update(row, item);
    if (row.node === next) next = next.nextElementSibling;
    else move(container, row.node, next);
  }
}

function addRow(rows, key, row) {
  rows.set(key, row);
  return row;
}

function update(row, item) {
  const shown = JSON.stringify(item);
  if (row.shown === shown) return;
  row.shown = shown;
  row.update?.(item);
}

// A moved element loses the focus in some browsers.
function move(container, node, next) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  container.insertBefore(node, next);
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

/** Returns the values of a form's fields by name; empty fields are left out. */
export function values(form) {
  const given = [...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value.trim() : value]);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/** Fills a select with {value, label} options or plain texts, and keeps the chosen value. */
export function fillSelect(select, options) {
  const entries = options.map(option => typeof option === "string" ? { value: option, label: option } : option);
  const signature = JSON.stringify(entries);
  if (select.dataset.options === signature) return;
  const chosen = select.value;
  select.dataset.options = signature;
  select.replaceChildren(...entries.map(({ value, label }) => h("option", { value }, label)));
  if (entries.some(entry => entry.value === chosen)) select.value = chosen;
}

/** Returns an explanation for an empty list. */
export function empty(icon, title, ...explanation) {
  const actions = explanation.filter(part => part.className === "primary");
  const text = explanation.filter(part => part.className !== "primary");
  return h("div", { class: "empty" }, icon, h("p", { class: "empty-title" }, title), h("p", {}, ...text), ...actions);
}

/** Shows `items` in a list, or the explanation for an empty list. */
export function showList(list, items, keyOf, create, explanation) {
  const place = list.nextElementSibling?.classList.contains("empty-place") ? list.nextElementSibling : list.parentNode.insertBefore(h("div", { class: "empty-place" }), list.nextSibling);
  showRows(list, items, keyOf, create);
  list.hidden = items.length === 0;
  if (items.length) place.replaceChildren();
  else if (!place.firstChild) place.append(explanation());
}
