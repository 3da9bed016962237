// How numbers, times and results are written.
import { ROOT } from "./api.js";

/** Returns 12135550177 as +1 213 555 0177; short codes stay as they are. */
export function phone(number) {
  const parts = /^1(\d{3})(\d{3})(\d{4})$/.exec(number ?? "");
  return parts ? `+1 ${parts[1]} ${parts[2]} ${parts[3]}` : String(number ?? "");
}

const CLOCK = new Intl.DateTimeFormat("en-US", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECONDS = new Intl.DateTimeFormat("en-US", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en-US", { weekday: "short", month: "short", day: "numeric", year: "numeric" });
const SHORT_DAY = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" });

export const clockTime = milliseconds => CLOCK.format(milliseconds);
export const exactTime = milliseconds => SECONDS.format(milliseconds);
export const day = milliseconds => DAY.format(milliseconds);

/** Returns the time of day for the day of `now`, else date and time. */
export function when(milliseconds, now = Date.now()) {
  const today = DAY.format(milliseconds) === DAY.format(now);
  return today ? CLOCK.format(milliseconds) : `${SHORT_DAY.format(milliseconds)}, ${CLOCK.format(milliseconds)}`;
}

/** Returns a number with separators. */
export const count = number => number.toLocaleString("en-US", { maximumFractionDigits: 1 });

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** Returns a number of seconds as 1:05. */
export const duration = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(0)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

// result or state: [label, tone]
const RESULTS = {
  SENT: ["Sent", "good"], RECEIVED: ["Received", "good"], DNT: ["Do not text (DNT)", "bad"],
  TOO_BIG: ["Message too big", "bad"], INTERNAL_ERROR: ["Internal error", "bad"], CARRIER_ERROR: ["Carrier error", "bad"],
  CARRIER_TEMP_ERROR: ["Temporary carrier error", "bad"], UNDIALED: ["Not dialed", "bad"], INVALID_NUMBER: ["Invalid number", "bad"],
  LA: ["Live answer (LA)", "good"], AM: ["Answering machine (AM)", "good"], BUSY: ["Busy", "warn"],
  DNC: ["Do Not Contact (DNC)", "bad"], XFER: ["Transferred", "good"], XFER_LEG: ["Transfer leg", "good"],
  NO_ANS: ["No answer", "warn"], SD: ["Disconnected number", "bad"], POSTPONED: ["Postponed", "warn"], ABANDONED: ["Abandoned", "warn"],
  SKIPPED: ["Skipped", "warn"], READY: ["Sending", "wait"], SELECTED: ["Sending", "wait"], CALLBACK: ["Waiting", "wait"],
  FINISHED: ["Finished", "good"], DISABLED: ["Disabled", "warn"], DUP: ["Duplicate", "warn"], INVALID: ["Invalid number", "bad"],
  TIMEOUT: ["Timeout", "bad"], PERIOD_LIMIT: ["Limit reached", "warn"], RESTRICTED_NUMBER: ["Restricted number", "bad"],
};

/** Returns {label, tone} of a text or call; the tone is good, bad, warn or wait. */
export function resultOf(action) {
  const value = action.finalTextResult ?? action.finalCallResult ?? action.state;
  const [label, tone] = RESULTS[value] ?? [value, "warn"];
  return { label: action.state === "READY" && "answerTime" in action ? "Calling" : label, tone };
}

const STATUSES = {
  RUNNING: ["Running", "wait"], FINISHED: ["Finished", "good"], STOPPED: ["Stopped", "warn"], SETUP: ["Not started", "plain"],
  SCHEDULED: ["Scheduled", "plain"], START_PENDING: ["Starting", "wait"], VALIDATING_START: ["Validating", "wait"],
  ARCHIVED: ["Archived", "plain"],
};

export function broadcastStatus(status) {
  const [label, tone] = STATUSES[status] ?? [status, "warn"];
  return { label, tone };
}

/** Returns the tone of an HTTP status, or of the name of a failure. */
export function statusTone(status) {
  if (typeof status !== "number" || status === 0) return "bad";
  return status < 300 ? "good" : status < 400 ? "wait" : status < 500 ? "warn" : "bad";
}

export const otherNumber = action => action.inbound ? action.fromNumber : action.toNumber;

/** Returns the path of a media file of this sandbox, or null for an address elsewhere. */
export function localMedia(address) {
  const key = /^https?:\/\/[^/]+\/v2\/media\/public\/(\w+)\.\w+$/.exec(address ?? "");
  return key ? `${ROOT}/page/media/${key[1]}` : null;
}
