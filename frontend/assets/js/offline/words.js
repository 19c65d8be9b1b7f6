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

/** What is said of marks that wait, by what came of the last try to send them. */
export function waitingWords({ waiting, others, notes }, outcome) {
  const own = waiting - others;
  const found = [];
  if (own && notes === own) {
    found.push(
      `${count(notes, "note")} on this phone ${notes === 1 ? "is" : "are"} not sent yet. Give your PIN to send.`,
    );
  } else if (own) {
    found.push(
      `${count(own, "mark")} on this phone ${own === 1 ? "is" : "are"} not sent yet. ${WHY[outcome] ?? ""}`.trim(),
    );
  }
  if (others)
    found.push(
      `${count(others, "mark")} of somebody else ${others === 1 ? "waits" : "wait"} on this phone. ${others === 1 ? "It is" : "They are"} sent when they sign in here.`,
    );
  return found;
}

const WHY = {
  away: "Each is kept here, and sent by itself when there is a signal.",
  "signed-out": "Sign in to send them.",
  other: "Sign in as the one who marked to send them.",
};
