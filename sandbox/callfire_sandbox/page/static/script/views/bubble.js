// One text of a conversation.
import { h, setText } from "../dom.js";
import { clockTime, day, exactTime, localMedia, phone, resultOf } from "../format.js";

export const dayOf = text => day(text.created);

/** Returns the row of a text, for showRows. */
export function createBubble() {
  const words = h("span"), pictures = h("span"), time = h("time"), result = h("span", { class: "result" }), via = h("span");
  const bubble = h("div", { class: "bubble" }, pictures, words);
  const node = h("div", { class: "bubble-row" }, bubble, h("p", { class: "bubble-note" }, time, result, via));
  let media = "";
  return { node, update };

  function update(text) {
    const { label, tone } = resultOf(text);
    node.className = `bubble-row ${text.inbound ? "in" : "out"} ${tone === "bad" ? "failed" : ""}`;
    setText(words, text.message ?? "");
    setText(time, clockTime(text.created));
    time.dateTime = new Date(text.created).toISOString();
    time.title = `${day(text.created)}, ${exactTime(text.created)}`;
    setText(result, tone === "bad" ? `Not delivered: ${label}` : label);
    setText(via, `${text.inbound ? "to" : "from"} ${phone(text.inbound ? text.toNumber : text.fromNumber)}`);
    showMedia(text.media ?? []);
  }

  function showMedia(entries) {
    const signature = JSON.stringify(entries);
    if (signature === media) return;
    media = signature;
    pictures.replaceChildren(...entries.map(mediaOf));
  }
}

// A file elsewhere is a link: the page loads nothing from other servers.
function mediaOf(entry) {
  const path = localMedia(entry.publicUrl);
  const name = entry.name || "Media file";
  if (path && /^image\//.test(entry.mediaType ?? "")) return h("img", { src: path, alt: name });
  if (path && /^audio\//.test(entry.mediaType ?? "")) return h("audio", { controls: true, preload: "none", src: path, "aria-label": name });
  return h("span", {}, `Media: ${entry.publicUrl ?? name} `);
}
