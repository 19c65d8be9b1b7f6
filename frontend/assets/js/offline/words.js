// Words of the offline register that more than one page says. UK time, whatever the telephone says.
const UK = "Europe/London";
const parts = (at, how) => new Intl.DateTimeFormat("en-GB", { timeZone: UK, ...how }).formatToParts(at);
const part = (found, type) => found.find((one) => one.type === type).value;

/** 8:12am, and the day where it is another one. */
export function clock(at, now = Date.now()) {
  const found = parts(at, { hour: "numeric", minute: "2-digit", hour12: true });
  const time = `${Number(part(found, "hour"))}:${part(found, "minute")}${part(found, "dayPeriod").toLowerCase()}`;
  return day(at) === day(now) ? time : `${time} on ${day(at)}`;
}

function day(at) {
  const found = parts(at, { weekday: "long", day: "numeric", month: "long" });
  return `${part(found, "weekday")} ${part(found, "day")} ${part(found, "month")}`;
}

export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

const KINDS = {
  incident: ["report"],
  check: ["safety check"],
  walk_in: ["person at the door", "people at the door"],
  note: ["note of how it went", "notes of how it went"],
  companion: ["mark of a companion", "marks of companions"],
  mark: ["mark"],
};

/** "2 marks and 1 report", the gravest first. `kinds`: how many of each. */
export function countKinds(kinds) {
  const found = Object.entries(KINDS).flatMap(([kind, words]) => (kinds[kind] ? [count(kinds[kind], ...words)] : []));
  return found.length > 1 ? `${found.slice(0, -1).join(", ")} and ${found.at(-1)}` : (found[0] ?? "");
}

/** What one item is called. */
export const kindWords = (kind) => (KINDS[kind] ?? KINDS.mark)[0];

/** What is said of what waits, by what came of the last try to send it. */
export function waitingWords({ waiting, others, kinds }, outcome) {
  const own = waiting - others;
  const found = [];
  if (own) {
    found.push(`${countKinds(kinds)} on this phone ${own === 1 ? "is" : "are"} not sent yet. ${WHY[outcome] ?? ""}`.trim());
  }
  if (others)
    found.push(
      `${count(others, "entry", "entries")} of somebody else ${others === 1 ? "waits" : "wait"} on this phone, sealed. ${others === 1 ? "It is" : "They are"} sent when they sign in here.`,
    );
  return found;
}

const WHY = {
  away: "Each is kept here, and sent by itself when there is a signal.",
  "signed-out": "Sign in to send: nothing is lost until then.",
  other: "Sign in as the one who marked to send.",
};
