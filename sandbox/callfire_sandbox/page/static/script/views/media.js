// Uploaded media files.
import { callfire, read } from "../api.js";
import { $, empty, h, showList } from "../dom.js";
import { copyButton, notify, onSubmit } from "../feedback.js";
import { localMedia, size } from "../format.js";
import { icon } from "../icons.js";

const PAGE = 50;
let limit = PAGE;

export const kinds = [];

export function start() {
  onSubmit($("media-form"), async form => {
    await callfire("POST", "media", new FormData(form));
    form.reset();
    notify("File uploaded.");
    await refresh();
  });
  $("more-media").addEventListener("click", () => { limit += PAGE; refresh(); });
}

export const open = refresh;

export async function refresh() {
  const found = await read("media", { limit });
  showList($("media-list"), found.items, item => item.id, createTile, () => empty(icon("media"), "No media files yet",
    "Upload a picture with the form, then select it in a conversation to send a picture message (MMS)."));
  $("more-media").hidden = !found.more;
}

function createTile(item) {
  const name = item.name || `File ${item.id}`;
  return { node: h("li", { class: "tile" }, h("div", { class: "tile-picture" }, preview(item, name)),
    h("div", { class: "tile-about" }, h("div", {}, h("strong", { title: name }, name),
      h("span", { class: "row-note" }, `${item.mediaType} · ${size(item.lengthInBytes)}`)), copyButton(`address of ${name}`, item.publicUrl))) };
}

function preview(item, name) {
  const path = localMedia(item.publicUrl);
  if (path && item.mediaType.startsWith("image/")) return h("img", { src: path, alt: name, loading: "lazy" });
  if (path && item.mediaType.startsWith("audio/")) return h("audio", { src: path, controls: true, preload: "none", "aria-label": name });
  if (path && item.mediaType.startsWith("video/")) return h("video", { src: path, controls: true, preload: "none", "aria-label": name });
  return icon("media");
}
