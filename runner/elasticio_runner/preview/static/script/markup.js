// Help texts of component.json. The designer shows simple HTML in them: links, emphasis and line breaks. Here these few
// tags become elements, and everything else stays text.
import { h } from "./dom.js";

const TAG = /<(\/?)(a|b|strong|i|em|code|br)(\s[^<>]*)?\/?>/gi;
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": "\u00a0" };

/** Returns an address that is safe to open: http or https; else null. */
export function webAddress(text) {
  let address;
  try { address = new URL(text); } catch { return null; }
  return address.protocol === "https:" || address.protocol === "http:" ? address.href : null;
}

/** Returns a link that opens a new tab. */
export const link = (address, text) => h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);

/** Returns the nodes of a help text. */
export function helpNodes(text) {
  const root = h("span");
  const open = [root];
  let end = 0;
  for (const found of text.matchAll(TAG)) {
    const made = element(found, open);
    if (made === null) continue; // not a tag that is shown: its text follows with the rest
    open.at(-1).append(readable(text.slice(end, found.index)));
    end = found.index + found[0].length;
    if (made === "close") open.pop();
    else {
      open.at(-1).append(made);
      if (made.tagName !== "BR") open.push(made);
    }
  }
  open.at(-1).append(readable(text.slice(end)));
  return [...root.childNodes];
}

function element([, slash, tag, attributes], open) {
  const name = tag.toUpperCase();
  if (slash) return open.length > 1 && open.at(-1).tagName === name ? "close" : null;
  if (name !== "A") return h(tag.toLowerCase());
  const address = HREF.exec(attributes ?? "");
  const safe = address && webAddress(readable(address[1] ?? address[2]));
  return safe ? link(safe) : null;
}

function readable(text) {
  return text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, entity => ENTITIES[entity]);
}
