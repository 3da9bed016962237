// What several parts of the page know. Everything entered is in memory only and ends with the page. Values have no
// prototype: a component may name a field "constructor".

export const state = {
  component: null,
  revision: "",
  chosen: null, // the function that is shown
  credentials: Object.create(null), // values by field
  forms: new Map(), // values by field, by "kind/id" of a function
  inputs: new Map(), // {body, snapshot, edited} by "kind/id"
  schemas: { in: null, out: null }, // of the function that is shown
};

export const keyOf = entry => `${entry.kind}/${entry.id}`;

/** Returns the credentials and the form of the shown function in one object, as the platform passes it. */
export function config() {
  return Object.assign(Object.create(null), state.credentials, state.chosen ? state.forms.get(keyOf(state.chosen)) : null);
}

/** Returns the labels of the required fields that are empty. */
export function missing(fields, values) {
  return fields.filter(field => field.required && field.viewClass !== "CheckBoxView" && !(field.id in values)).map(field => field.label);
}

/** Returns the labels of the empty fields that must be filled before the component can be asked. */
export function missingCredentials() {
  return missing(state.component.credentials?.fields ?? [], state.credentials);
}
