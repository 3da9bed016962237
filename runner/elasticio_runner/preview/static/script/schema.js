// JSON Schema in the platform's dialect: references within the file, and example messages.

const DEEPEST = 6; // levels of an example

/** Returns the schema that `$ref` names within the file: a pointer, or the $id of a definition. */
export function resolved(schema, root) {
  for (let hops = 0; hops < 10 && typeof schema?.$ref === "string"; hops++) schema = target(schema.$ref, root);
  return isObject(schema) ? schema : {};
}

function target(reference, root) {
  if (reference.startsWith("#/")) {
    return reference.slice(2).split("/").reduce((part, name) => own(part, name.replaceAll("~1", "/").replaceAll("~0", "~")), root);
  }
  return Object.values(root.definitions ?? {}).find(each => each?.$id === reference || each?.id === reference);
}

const isObject = value => typeof value === "object" && value !== null && !Array.isArray(value);
const own = (part, name) => isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined;

/** Returns the type of a value: the first one if there are several. */
export function typeOf(schema) {
  const given = Array.isArray(schema.type) ? schema.type.find(type => type !== "null") : schema.type;
  return typeof given === "string" ? given : schema.properties ? "object" : "";
}

/** Returns [name, schema] of the properties of an object, or of the objects in an array: highest `order` first. */
export function children(schema, root) {
  const holder = typeOf(schema) === "array" ? resolved(schema.items, root) : schema;
  const entries = isObject(holder.properties) ? Object.entries(holder.properties) : [];
  const order = entry => { const number = parseFloat(entry?.order); return Number.isFinite(number) ? number : -Infinity; };
  return entries.map(([name, entry]) => [name, { ...resolved(entry, root), ...(entry?.required === true ? { required: true } : {}) }, order(entry)])
    .sort(([, , one], [, , two]) => two - one || 0)
    .map(([name, entry]) => [name, entry]);
}

/** Returns an example for a schema. `isWanted(property)` selects properties of objects. */
export function exampleOf(schema, root, isWanted, depth = 0) {
  const given = Array.isArray(schema.examples) ? schema.examples[0] : schema.default ?? (Array.isArray(schema.enum) ? schema.enum[0] : undefined);
  if (given !== undefined) return given;
  switch (typeOf(schema)) {
    case "object": return objectOf(schema, root, isWanted, depth);
    case "array": return depth < DEEPEST ? [exampleOf(resolved(schema.items, root), root, isWanted, depth + 1)] : [];
    case "number": case "integer": return 0;
    case "boolean": return false;
    default: return "";
  }
}

function objectOf(schema, root, isWanted, depth) {
  if (depth >= DEEPEST) return {};
  const wanted = children(schema, root).filter(([, property]) => isWanted(property));
  return Object.fromEntries(wanted.map(([name, property]) => [name, exampleOf(property, root, isWanted, depth + 1)]));
}

export const isRequired = property => property.required === true;
export const hasExample = property => isRequired(property) || "examples" in property || "default" in property;
export const isAny = () => true;
