// Sends the marks that wait. The store and what asks the server are handed in.
import { afterAnswers, ofOthers, toRead, toSend } from "./queue.js";
import { unseal } from "./vault.js";

export const NOTE = "note"; // the label under which a note is sealed

/**
 * "sent" (all that could be), "nothing" (there was none, and nobody was asked), "away" (try again), "signed-out" (sign in first), or "other" when another login is
 * signed in. Nothing leaves the store before the server has said what became of it. `secret`: null while locked.
 */
export async function send(store, post, owner, secret, makeId) {
  if (!owner) return "signed-out";
  for (let round = 0; ; round++) {
    const items = toSend(await store.all("waiting"), owner, secret !== null);
    if (!items.length) return round ? "sent" : "nothing";
    const sent = await Promise.all(items.map((item) => asSent(item, secret)));
    let told;
    try {
      const answer = await post({ for: owner, marks: sent });
      if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return "signed-out";
      if (answer.status === 409) return "other";
      if (!answer.ok) return "away";
      told = await answer.json();
    } catch {
      return "away";
    }
    const after = afterAnswers(items, told.marks, secret !== null, makeId);
    for (const item of after.apart) await store.put("apart", item.id, item);
    for (const item of after.add) await store.put("waiting", item.id, item);
    for (const id of after.forget) await store.remove("waiting", id);
    if (!after.forget.length) return "away"; // nothing was acknowledged: later, not at once
  }
}

/** How many wait, how many of them are another login's, how many are only notes, and how many were set apart. */
export async function countWaiting(store, owner) {
  const waiting = await store.all("waiting");
  return {
    waiting: waiting.length,
    others: ofOthers(waiting, owner).length,
    notes: waiting.filter((item) => item.noteOnly).length,
    apart: toRead(await store.all("apart"), owner).length,
  };
}

async function asSent(item, secret) {
  const { id, session, booking, guest, state, knew, at } = item;
  const note = item.note && secret ? await unseal(secret, item.note, NOTE) : "";
  return { id, session, booking, guest, state, knew, at, note };
}

/** Notes that nobody can open any more, because what locked them was wiped; the marks they came with stay. */
export async function forgetNotes(store) {
  for (const item of await store.all("waiting")) {
    if (item.noteOnly) await store.remove("waiting", item.id);
    else if (item.note) await store.put("waiting", item.id, { ...item, note: null });
  }
}
