// Marks that wait to be sent: each is kept until the server says what became of it (pitfall 48). Pure: no browser.
// An item names no person and holds no note that can be read: { id, kind, session, booking, guest, state, knew, at,
// owner, note, noteOnly }. `kind` is "mark" today; whatever else is kept one day has another. `note` is sealed.
export const MOST_AT_ONCE = 100;
const SECOND = 1000;

/**
 * A mark of one line of a register; `knew` is the state that whoever marks has seen. One that says the same again is
 * made for its note alone, and waits until that can be read.
 */
export function newMark({ session, person, state, knew, owner, at, id, note = null }) {
  const { booking = null, guest = null } = person;
  const noteOnly = note !== null && state === knew;
  return { id, kind: "mark", session, booking, guest, state, knew, at, owner, note, noteOnly };
}

/** The note that goes with a mark: the one given, which may be none any more, else the one that the line has. */
export function noteWith(person, note) {
  return note ?? person.note ?? "";
}

/** The state that stands for a line: what was marked here last, else what the server had. */
export function stateOf(person, session, queue) {
  const here = queue.filter((item) => item.session === session && same(item, person));
  return here.length ? inOrder(here).at(-1).state : person.state;
}

export function inOrder(queue) {
  return [...queue].sort((one, other) => one.at - other.at);
}

/** What can be sent now for `owner`; an item that is only a note waits until it can be read. */
export function toSend(queue, owner, unlocked) {
  const ready = queue.filter((item) => item.owner === owner && (unlocked || !item.noteOnly));
  return inOrder(ready).slice(0, MOST_AT_ONCE);
}

/** What was set apart for `owner` to read; all of it where nobody knows who looks. */
export function toRead(apart, owner) {
  return apart.filter((item) => !owner || item.owner === owner);
}

/** What was kept by another login: it is not sent in this one's name. */
export function ofOthers(queue, owner) {
  return queue.filter((item) => item.owner !== owner);
}

/**
 * What follows from the server's answers: which items may be forgotten, which are set apart for somebody to read,
 * and which notes have still to be sent, because the mark went without one. `makeId` makes an id.
 */
export function afterAnswers(sent, answers, withNotes, makeId) {
  const told = new Map(answers.map((answer) => [answer.id, answer]));
  const after = { forget: [], apart: [], add: [] };
  for (const item of sent) {
    const answer = told.get(item.id);
    if (!answer || answer.fate === "not_yet") continue; // not acknowledged: it is kept and sent again
    after.forget.push(item.id);
    if (answer.fate !== "kept" || answer.differs) after.apart.push(read(item, answer));
    if (answer.fate !== "kept") continue;
    if (item.note && !withNotes && !answer.has_note) {
      after.add.push({ ...item, id: makeId(), knew: item.state, noteOnly: true });
    }
  }
  return after;
}

/** What is set apart for somebody to read: without its note, which stays with the mark or was never sent. */
function read(item, answer) {
  return { ...item, note: null, fate: answer.fate === "kept" ? "differs" : answer.fate };
}

/** How long to wait before trying again: 5 seconds, then twice as long each time, 5 minutes at most. */
export function waitBefore(attempt) {
  return Math.min(5 * SECOND * 2 ** attempt, 300 * SECOND);
}

function same(item, person) {
  return item.booking === (person.booking ?? null) && item.guest === (person.guest ?? null);
}
