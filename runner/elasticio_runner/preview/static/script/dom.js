// Building elements. Text of the component is always inserted as text, never as HTML.

/** Returns an element. `on…` properties are listeners, all others are attributes; null and false leave one out. */
export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(made, name, value);
  made.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

function setProperty(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") element.className = value;
  else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

export const $ = id => document.getElementById(id);

let ids = 0;
/** Returns a new id for an element. */
export const newId = prefix => `${prefix}-${++ids}`;

/** Shows a text in an element, or hides the element if the text is empty. */
export function show(element, text) {
  element.hidden = !text;
  if (element.textContent !== text) element.textContent = text;
}
