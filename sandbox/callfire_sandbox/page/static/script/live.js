// Live updates: the sandbox streams each change, and listeners refresh at most a few times a second.
import { ROOT } from "./api.js";
import { $, setText } from "./dom.js";

const KINDS = ["texts", "calls", "text_broadcasts", "call_broadcasts", "deliveries", "faults", "changed"];
const PAUSE = 250;
const POLL = 1000;

/** Returns a function that runs `action` soon; calls during a run lead to one more run. */
export function throttled(action, pause = PAUSE) {
  let waiting = false, running = false, again = false;
  async function run() {
    waiting = false;
    running = true;
    try { await action(); } catch { /* the header shows that the sandbox does not respond */ }
    running = false;
    if (again) { again = false; request(); }
  }
  function request() {
    if (running) again = true;
    else if (!waiting) { waiting = true; setTimeout(run, pause); }
  }
  return request;
}

/** Calls `listener(kind, record)` for each event, and with "connected" after each connection. */
export function listen(listener) {
  const events = new EventSource(`${ROOT}/events`);
  events.onopen = () => { showState("live", "Live"); listener("connected", {}); };
  events.onerror = () => showState("lost", "Disconnected");
  for (const kind of KINDS) {
    events.addEventListener(kind, event => listener(kind, JSON.parse(event.data)));
  }
}

/** Calls `action` about once a second while the page is visible. */
export function poll(action) {
  const step = async () => {
    if (!document.hidden) { try { await action(); } catch { /* shown by the state of the connection */ } }
    setTimeout(step, POLL);
  };
  step();
}

function showState(state, label) {
  $("live").dataset.state = state;
  setText($("live-label"), label);
}
