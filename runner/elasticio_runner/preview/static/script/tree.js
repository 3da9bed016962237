// Input and output fields as the mapper shows them: a tree with type, title, mark of required fields and help.
import { h, newId } from "./dom.js";
import { help, helpLink } from "./help.js";
import { children, isRequired, resolved, typeOf } from "./schema.js";

const BADGES = { __proto__: null, string: "ABC", number: "123", integer: "123", boolean: "Y/N", object: "{}", array: "[]" };
const WORDS = { __proto__: null, string: "text", number: "number", integer: "number", boolean: "true or false", object: "object", array: "list" };

/** Returns the nodes of a schema's tree under a heading. `onlyRequired` hides optional fields. */
export function tree(heading, schema, onlyRequired) {
  const root = resolved(schema, schema);
  const list = fields(root, schema, onlyRequired);
  return [h("h3", {}, heading), list ?? h("p", { class: "dim" }, onlyRequired ? "No required fields." : "The fields are not described.")];
}

function fields(schema, root, onlyRequired) {
  const shown = children(schema, root).filter(([, property]) => !onlyRequired || isRequired(property));
  return shown.length ? h("ul", { class: "tree" }, shown.map(([name, property]) => h("li", {}, row(name, property, root, onlyRequired)))) : null;
}

function row(name, schema, root, onlyRequired) {
  const type = typeOf(schema);
  const title = typeof schema.title === "string" && schema.title ? schema.title : name;
  const { button, text } = help(title, ...helpParts(schema, root));
  const line = [
    h("span", { class: "type", "aria-hidden": "true" }, BADGES[type] ?? "?"),
    h("span", { class: "visually-hidden" }, `${WORDS[type] ?? "any type"}: `),
    h("span", { class: "name" }, title, isRequired(schema) ? h("span", { class: "required", title: "Required", "aria-hidden": "true" }, "*") : null,
      isRequired(schema) ? h("span", { class: "visually-hidden" }, " (required)") : null),
    title === name ? null : h("code", { class: "dim key" }, name),
  ];
  if (!children(schema, root).length) return [h("div", { class: "row" }, line, button), text];
  const below = h("div", { id: newId("children"), hidden: true });
  const fold = h("button", { type: "button", class: "fold row", "aria-expanded": "false", "aria-controls": below.id }, line);
  fold.addEventListener("click", () => {
    // The children are made when the object is opened: a schema may contain itself.
    if (!below.firstChild) below.append(fields(schema, root, onlyRequired) ?? h("p", { class: "dim" }, "No required fields."));
    below.hidden = !below.hidden;
    fold.setAttribute("aria-expanded", String(!below.hidden));
  });
  return [h("div", { class: "folded" }, fold, button), text, below];
}

function helpParts(schema, root) {
  const given = typeof schema.help === "object" && schema.help !== null ? schema.help : {};
  const list = values => values.map(value => typeof value === "string" ? value : JSON.stringify(value)).join(", ");
  const plain = text => h("span", {}, text);
  const parts = [typeof given.description === "string" ? given.description : null];
  if (typeof given.link === "string") parts.push(helpLink(given.link));
  if (Array.isArray(schema.examples) && schema.examples.length) parts.push(plain(`Example values: ${list(schema.examples)}`));
  if (schema.default !== undefined && !isRequired(schema)) parts.push(plain(`If empty, it is filled with: ${list([schema.default])}`));
  if (Array.isArray(schema.enum)) parts.push(plain(`Allowed values: ${list(schema.enum)}`));
  if (typeOf(schema) === "array" && !children(schema, root).length) parts.push(plain("The simple mapping mode cannot map a list of plain values."));
  return parts;
}
