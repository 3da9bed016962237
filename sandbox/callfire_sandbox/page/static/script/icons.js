// Line icons, 24 × 24.
const PATHS = {
  conversations: "M21 12a8 8 0 0 1-8 8H4l2-3.2A8 8 0 1 1 21 12Z",
  calls: "M5 4h4l1.6 4.6-2.2 1.6a13 13 0 0 0 5.4 5.4l1.6-2.2L20 15v4a1.5 1.5 0 0 1-1.6 1.5A16 16 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4Z",
  broadcasts: "M4 10v4h3l7 4V6L7 10H4ZM18 9a4 4 0 0 1 0 6",
  media: "M4 5h16v14H4ZM4 16l5-5 4 4 3-3 4 4M15.5 9.200h.01",
  webhooks: "M13 3 5 14h6l-1 7 8-11h-6l1-7Z",
  requests: "M4 6h16M4 12h16M4 18h10",
  faults: "M12 4 2.8 19.5h18.400L12 4ZM12 10v4M12 17h.01",
  switches: "M4 8h9M17 8h3M4 16h3M11 16h9M15 6v4M9 14v4",
  connect: "M10 14 14 10M8 12l-2 2a3.5 3.5 0 0 0 5 5l2-2M16 12l2-2a3.5 3.5 0 0 0-5-5l-2 2",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3 2",
  credits: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM15 9.5c-.6-1-1.7-1.5-3-1.5-1.7 0-3 .8-3 2s1.2 1.7 3 2 3 .8 3 2-1.3 2-3 2c-1.3 0-2.4-.5-3-1.5M12 6.5v11",
  copy: "M9 9h11v11H9ZM5 15H4V4h11v1",
  check: "M5 12.5 10 17.5 19.5 7",
  back: "M15 5 8 12l7 7",
  incoming: "M17 7 7 17M7 9v8h8",
  outgoing: "M7 17 17 7M9 7h8v8",
  theme: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  reset: "M4 12a8 8 0 1 0 2.5-5.800M4 4v4.5h4.5",
  plus: "M12 5v14M5 12h14",
  send: "M4 12 20 4.5 15 20l-3.5-6.5L4 12Z",
  down: "M12 5v14M6 13l6 6 6-6",
};
const NAMESPACE = "http://www.w3.org/2000/svg";

/** Returns a decorative icon; the text beside it, or the label of its button, carries the meaning. */
export function icon(name) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Puts the icons into all elements that name one in `data-icon`. */
export function placeIcons() {
  for (const place of document.querySelectorAll("[data-icon]")) place.prepend(icon(place.dataset.icon));
}
