// Saves registers while there is a signal: no PIN is needed for it. The store and what asks the server are handed in.
import { labelOf } from "./opening.js";
import { seal } from "./vault.js";

/**
 * What came of it: { state: "saved", at, owner }, "no-pin", "away" (no answer, or a fault of ours), or "gone" when the
 * server does not give registers to whoever asks, or gives them to somebody else: then all must be wiped.
 * `ask` answers like fetch; `owner` is for whom something is kept, "" for nobody yet.
 */
export async function save(store, ask, owner, now) {
  const lock = await store.get("lock", "lock");
  if (!lock) return { state: "no-pin" };
  let told;
  try {
    const answer = await ask();
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return { state: "gone" };
    if (!answer.ok) return { state: "away" };
    told = await answer.json();
  } catch {
    return { state: "away" };
  }
  if (owner && told.for !== owner) return { state: "gone" };
  const ids = new Set();
  for (const register of told.classes) {
    const times = { phoneAt: now, savedAt: told.now, until: register.until };
    const sealed = await seal(lock, { ...register, ...times }, labelOf(register.id));
    await store.put("kept", register.id, { id: register.id, ...times, sealed });
    ids.add(register.id);
  }
  for (const id of await store.keys("kept")) if (!ids.has(id)) await store.remove("kept", id);
  await store.put("about", "seen", now); // the server's time is known now, and a clock that was ahead is put right
  await store.put("about", "saved", { at: told.now, classes: told.classes.length });
  return { state: "saved", at: told.now, owner: told.for, classes: told.classes.length };
}
