// What waits to be sent: each item is kept until the server says what became of it (pitfall 48). Pure: no browser.
// An item names no person: { id, kind, session, booking, guest, at, owner, parcel }, a mark also { state, knew }, and one
// of whoever came along { came, knew }. What
// words there are lie in `parcel`, sealed for the server: nobody who has this telephone can read them, its owner included.
export const MOST_AT_ONCE = 100;
export const LATER = "not_yet"; // the server's word for: send it again
const UNREADABLE = "unreadable";
const SECOND = 1000;

export function newItem({ kind, session, person = {}, at, owner, id, parcel = null }) {
  const { booking = null, guest = null } = person;
  return { id, kind, session, booking, guest, at, owner, parcel };
}

/**
 * A mark of one line of a register; `knew` is the state that whoever marks has seen. Without a parcel its note stays as
 * it is; one that says the same again is made for its note alone.
 */
export function newMark({ state, knew, ...item }) {
  return { ...newItem({ ...item, kind: "mark" }), state, knew };
}

/** The tick of whoever came along with a line; `knew` as of a mark. */
export function newTick({ came, knew, ...item }) {
  return { ...newItem({ ...item, kind: "companion" }), came, knew };
}

/** Under which label the parcel of an item is sealed: it opens as part of that item alone. */
export const labelOfItem = ({ kind, id }) => `${kind}:${id}`;

/** The state that stands for a line: what was marked here last, else what the server had. */
export function stateOf(person, session, queue) {
  return lastOf("mark", person, session, queue)?.state ?? person.state;
}

/** The same of whoever comes along: null for nobody. */
export function tickOf(person, session, queue) {
  return lastOf("companion", person, session, queue)?.came ?? person.tick;
}

function lastOf(kind, person, session, queue) {
  return inOrder(queue.filter((item) => item.kind === kind && item.session === session && same(item, person))).at(-1);
}

export function inOrder(queue) {
  return [...queue].sort((one, other) => one.at - other.at);
}

/** What can be sent now for `owner`. */
export function toSend(queue, owner) {
  return inOrder(queue.filter((item) => item.owner === owner)).slice(0, MOST_AT_ONCE);
}

/** What was set apart for `owner` to read; all of it where nobody knows who looks. */
export function toRead(apart, owner) {
  return apart.filter((item) => !item.read && (!owner || item.owner === owner));
}

/** What the server could not open: it may be able to later, when a key that was missing is there again. */
export function toTryAgain(apart, owner) {
  return apart.filter((item) => item.owner === owner && item.fate === UNREADABLE && item.parcel);
}

/** What is left of an item set apart once it was read; null for nothing. */
export function onceRead(item) {
  return item.fate === UNREADABLE && item.parcel ? { ...item, read: true } : null;
}

/** What was kept by another login: it is not sent in this one's name. */
export function ofOthers(queue, owner) {
  return queue.filter((item) => item.owner !== owner);
}

/** What follows from the server's answers: which items may be forgotten, and which are set apart to be read. */
export function afterAnswers(sent, answers) {
  const told = new Map(answers.map((answer) => [answer.id, answer]));
  const after = { forget: [], apart: [] };
  for (const item of sent) {
    const answer = told.get(item.id);
    if (!answer || answer.fate === LATER) continue; // not acknowledged: it is kept and sent again
    after.forget.push(item.id);
    if (answer.fate !== "kept" || answer.differs) after.apart.push(read(item, answer));
  }
  return after;
}

/** What is set apart to be read: without its parcel, but for one that the server could not open. */
function read(item, { fate }) {
  return { ...item, parcel: fate === UNREADABLE ? item.parcel : null, fate: fate === "kept" ? "differs" : fate };
}

/** How long to wait before trying again: 5 seconds, then twice as long each time, 5 minutes at most. */
export function waitBefore(attempt) {
  return Math.min(5 * SECOND * 2 ** attempt, 300 * SECOND);
}

function same(item, person) {
  return item.booking === (person.booking ?? null) && item.guest === (person.guest ?? null);
}
