// Whether what was saved may still be opened, by a clock that somebody may have moved. Pure: no browser.
export const SLACK = 5 * 60 * 1000; // a telephone that sets its clock by the network is put right by seconds or minutes

/**
 * "open", "expired", or "clock" when the telephone's clock is earlier than it has been before.
 * `kept`: { phoneAt, savedAt, until }, in milliseconds: the telephone's time at saving, the server's, and the end.
 * `seen`: the latest time at which this telephone has had the page open.
 */
export function standing(kept, now, seen) {
  if (now < Math.max(kept.phoneAt, seen) - SLACK) return "clock";
  return ours(kept, now) >= kept.until ? "expired" : "open";
}

/** The time by the server's clock, as far as the telephone can know it. */
export function ours(kept, now) {
  return now + (kept.savedAt - kept.phoneAt);
}
