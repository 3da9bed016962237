// The log of a call: lines of the loggers, and everything that the component prints.
import { h } from "./dom.js";

const MOST_LINES = 500;

/** Empties a fold, and returns a function that adds a line and shows the fold. */
export function outputInto(details) {
  const lines = h("pre", { tabindex: "0", role: "group", "aria-label": "Log" });
  let count = 0;
  details.hidden = true;
  details.replaceChildren(details.querySelector("summary"), lines);
  details.querySelector("summary").textContent = "Log";
  return text => {
    count++;
    details.hidden = false;
    details.querySelector("summary").textContent = `Log (${count} ${count === 1 ? "line" : "lines"})`;
    if (count <= MOST_LINES) lines.append(`${text}\n`);
    else if (count === MOST_LINES + 1) lines.append("… further lines are not shown\n");
  };
}
