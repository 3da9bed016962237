// The newest requests to the API.
import { read } from "../api.js";
import { $, empty, h, showList } from "../dom.js";
import { exactTime, statusTone } from "../format.js";
import { icon } from "../icons.js";

const MOST = 200;

export const kinds = [];
export const polled = true;

export const open = refresh;

export async function refresh() {
  showRequests($("request-list"), (await read("requests", { limit: MOST })).items);
}

/** Shows requests in a list; the activity column uses it too. */
export function showRequests(list, requests) {
  // Requests have no id: the position from the oldest one identifies those of the same time.
  const seen = new Map();
  const keyed = [...requests].reverse().map(entry => {
    const same = `${entry.at} ${entry.method} ${entry.path} ${entry.status}`;
    seen.set(same, (seen.get(same) ?? 0) + 1);
    return { ...entry, key: `${same} ${seen.get(same)}` };
  }).reverse();
  showList(list, keyed, entry => entry.key, createRow, () => empty(icon("requests"), "No requests yet",
    "Point your program at this sandbox: see ", h("a", { href: "#/connect" }, "Connect"), "."));
}

function createRow(entry) {
  const fault = entry.fault ? h("span", { class: "status warn" }, `Fault: ${entry.fault}`) : null;
  // The log has the status 0 for a request that was not executed because of a fault.
  const status = entry.status ? h("span", { class: `status ${statusTone(entry.status)}` }, String(entry.status)) : null;
  return { node: h("li", { class: "row" }, h("time", {}, exactTime(entry.at)), h("span", { class: "method" }, entry.method),
    h("span", { class: "path", title: entry.path }, entry.path), h("span", {}, fault, fault && status ? " " : null, status)) };
}
