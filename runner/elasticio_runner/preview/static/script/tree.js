// Input and output fields as the mapper shows them: a tree with type, title, mark of required fields and help.
import { h } from "./dom.js";
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
  return [folded(line, schema, root, onlyRequired, button), text];
}

// The children are made when the object is opened: a schema may contain itself.
function folded(line, schema, root, onlyRequired, button) {
  const details = h("details", {}, h("summary", {}, h("span", { class: "row" }, line)));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(fields(schema, root, onlyRequired) ?? h("p", { class: "dim" }, "No required fields."));
    }
  });
  return h("div", { class: "folded" }, details, button);
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
