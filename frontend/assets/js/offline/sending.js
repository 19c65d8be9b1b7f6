// Sends what waits. The store and what asks the server are handed in.
import { afterAnswers, ofOthers, toRead, toSend, toTryAgain } from "./queue.js";

/**
 * "sent" (all that could be), "nothing" (there was none, and nobody was asked), "away" (try again), "signed-out" (sign in
 * first), or "other" when another login is signed in. Nothing leaves the store before the server has said what became
 * of it.
 */
export async function send(store, post, owner) {
  if (!owner) return "signed-out";
  for (let round = 0; ; round++) {
    const again = round ? [] : toTryAgain(await store.all("apart"), owner);
    const items = toSend([...(await store.all("waiting")), ...again], owner);
    if (!items.length) return round ? "sent" : "nothing";
    let told;
    try {
      const answer = await post({ for: owner, items: items.map(asSent) });
      if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return "signed-out";
      if (answer.status === 409) return "other";
      if (!answer.ok) return "away";
      told = await answer.json();
    } catch {
      return "away";
    }
    const after = afterAnswers(items, told.items);
    for (const item of after.apart) await store.put("apart", item.id, item);
    for (const { id } of again.filter((item) => isDone(item, after))) await store.remove("apart", id);
    for (const id of after.forget) await store.remove("waiting", id);
    if (!after.forget.length) return "away"; // nothing was acknowledged: later, not at once
  }
}

/** How much waits, how much of it is another login's, what the rest is by kind, and how much was set apart. */
export async function countWaiting(store, owner) {
  const waiting = await store.all("waiting");
  const others = ofOthers(waiting, owner).length;
  const kinds = {};
  for (const { kind } of toSend(waiting, owner)) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return { waiting: waiting.length, others, kinds, apart: toRead(await store.all("apart"), owner).length };
}

function isDone({ id }, { forget, apart }) {
  return forget.includes(id) && !apart.some((item) => item.id === id);
}

function asSent({ owner, fate, read, ...item }) {
  return item;
}
