// The fields of a form, drawn by view class. Each control has value(): undefined if the platform would send nothing.
import { h, newId, show } from "./dom.js";
import { help, helpLink } from "./help.js";
import { drawMultiSelect, drawSelect } from "./selects.js";

const AREAS = { __proto__: null, TextAreaView: "area", TextAreaWithNoteView: "area", CodeFieldView: "code", JSONataView: "code" };
const TEXTS = ["TextFieldView", "TextFieldWithNoteView", "PasswordFieldView"];

/**
 * Draws fields into a container. `context` has values (by field), labelOf(id), isFilled(id), changed(field) and, for
 * dynamic selects, loadOptions(field, signal). Returns the drawn fields.
 */
export function drawFields(container, fields, context) {
  const drawn = fields.map(field => drawField(field, context));
  container.replaceChildren(...drawn.map(each => each.node));
  if (!drawn.length) container.append(h("p", { class: "dim" }, "This form has no fields."));
  return drawn;
}

function drawField(field, context) {
  const id = newId("field");
  const changed = () => {
    const value = control.value();
    if (value === undefined) delete context.values[field.id];
    else context.values[field.id] = value;
    context.changed(field);
  };
  const control = drawControl(field, id, context, changed);
  const { button, text } = help(field.label, field.note, field.help, helpLink(field.link));
  const waiting = h("p", { class: "hint", id: newId("waits"), hidden: true });
  describe(control, field, [text, waiting, ...(control.notes ?? [])]);
  const mark = field.required && !control.isCheck ? h("span", { class: "required", title: "Required", "aria-hidden": "true" }, "*") : null;
  const spoken = mark && control.isGroup ? h("span", { class: "visually-hidden" }, " (required)") : null;
  const label = control.isGroup ? h("legend", {}, field.label, mark, spoken) : h("label", { for: id }, field.label, mark);
  const line = control.isCheck ? h("div", { class: "field-line" }, control.node, label, button)
    : h("div", { class: "field-line" }, label, button);
  const parts = control.isCheck ? [line, text, waiting] : [line, control.node, ...(control.notes ?? []), text, waiting];
  const node = h(control.isGroup ? "fieldset" : "div", { class: "field", "data-field": field.id }, parts);
  const refresh = () => {
    const missing = field.requires.filter(each => !context.isFilled(each)).map(context.labelOf);
    show(waiting, missing.length ? `Fill in ${missing.join(" and ")} first.` : "");
    for (const input of node.querySelectorAll("input, select, textarea, .reload")) input.disabled = missing.length > 0;
    control.dependenciesMet?.(!missing.length);
  };
  return { field, node, refresh, reload: control.reload, isFilled: () => field.id in context.values };
}

function describe(control, field, texts) {
  const target = control.input;
  if (!target) return;
  const ids = texts.filter(Boolean).map(text => text.id);
  if (ids.length) target.setAttribute("aria-describedby", ids.join(" "));
  if (field.required && !control.isCheck) target.setAttribute("aria-required", "true");
}

function drawControl(field, id, context, changed) {
  const { viewClass } = field;
  if (viewClass === "SelectView") return drawSelect(field, id, context, changed);
  if (viewClass === "MultiSelectView") return drawMultiSelect(field, id, context, changed);
  if (viewClass === "CheckBoxView") return drawCheck(field, id, context, changed);
  if (viewClass in AREAS) return drawArea(field, id, context, changed);
  return TEXTS.includes(viewClass) ? drawText(field, id, context, changed) : drawOther(field, id, context, changed);
}

const shown = value => value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);

function drawText(field, id, { values }, changed) {
  const type = field.viewClass === "PasswordFieldView" ? "password" : "text";
  const input = h("input", { id, type, placeholder: field.placeholder, value: shown(values[field.id]), spellcheck: "false",
    autocomplete: type === "password" ? "new-password" : "off", onchange: changed });
  const value = () => input.value === "" ? undefined : input.value;
  if (!field.prefix && !field.suffix) return { node: input, input, value };
  const fixed = text => text ? h("span", { class: "fixed" }, text) : null;
  return { node: h("div", { class: "with-fixed" }, fixed(field.prefix), input, fixed(field.suffix)), input, value };
}

function drawArea(field, id, { values }, changed) {
  const input = h("textarea", { id, rows: 3, placeholder: field.placeholder, autocomplete: "off", class: AREAS[field.viewClass],
    value: shown(values[field.id]), onchange: changed });
  return { node: input, input, value: () => input.value === "" ? undefined : input.value };
}

function drawCheck(field, id, { values }, changed) {
  const input = h("input", { id, type: "checkbox", checked: [true, "true", "on"].includes(values[field.id]), onchange: changed });
  return { node: input, input, isCheck: true, value: () => input.checked || undefined };
}

// An editor of single components, such as OAuthFieldView: its value can be given as JSON.
function drawOther(field, id, { values }, changed) {
  const given = values[field.id];
  const input = h("textarea", { id, rows: 3, class: "code", spellcheck: "false", value: given === undefined ? "" : JSON.stringify(given, null, 2), onchange: check });
  const problem = h("p", { class: "problem", id: newId("problem"), hidden: true });
  const note = h("p", { class: "hint", id: newId("note") }, `The preview does not draw ${field.viewClass}. Enter the value as JSON.`);
  function parsed() {
    if (input.value.trim() === "") return undefined;
    return JSON.parse(input.value);
  }
  function check() {
    try { parsed(); show(problem, ""); } catch (error) { show(problem, `This is not valid JSON: ${error.message}`); }
    changed();
  }
  const value = () => { try { return parsed(); } catch { return undefined; } };
  return { node: input, input, value, notes: [note, problem] };
}
