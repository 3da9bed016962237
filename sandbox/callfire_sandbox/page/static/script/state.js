// What several parts of the page know: the time of the sandbox, and the counts of its records.

export const state = { now: Date.now(), credits: null, counts: {} };
