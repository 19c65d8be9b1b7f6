// Saves registers while there is a signal: a PIN is needed for it the first time alone. The store and what asks the
// server are handed in.
import { labelOf } from "./opening.js";
import { seal } from "./vault.js";

/**
 * What came of it: { state: "saved", at, owner, chosen } (whether `chosen` locks it), "no-pin", "away" (no answer, or a
 * fault of ours), "signed-out" (nobody is signed in any more: what is saved stays, under its PIN), or "gone" when the
 * server does not give registers to whoever is signed in, or gives them to somebody else: then all must be wiped.
 * `ask` answers like fetch; `owner` is for whom something is kept, "" for nobody yet. `chosen` is a lock made just now:
 * it is stored once the server has said for whom, so that nobody's registers are sealed under the PIN of another.
 */
export async function save(store, ask, owner, now, chosen = null) {
  const stored = await store.get("lock", "lock");
  const lock = stored ?? chosen;
  if (!lock) return { state: "no-pin" };
  let told;
  try {
    const answer = await ask();
    if (answer.type === "opaqueredirect" || answer.status === 401) return { state: "signed-out" };
    if ([403, 404].includes(answer.status)) return { state: "gone" };
    if (!answer.ok) return { state: "away" };
    told = await answer.json();
  } catch {
    return { state: "away" };
  }
  const keepers = [owner, stored?.owner].filter(Boolean);
  if ((stored && !keepers.length) || keepers.some((one) => one !== told.for)) return { state: "gone" };
  if (!stored) await store.put("lock", "lock", { ...chosen, tries: 0, owner: told.for });
  const ids = new Set();
  for (const register of told.classes) {
    const times = { phoneAt: now, savedAt: told.now, until: register.until };
    const sealed = await seal(lock, { ...register, ...told.shared, ...times }, labelOf(register.id));
    await store.put("kept", register.id, { id: register.id, ...times, sealed });
    ids.add(register.id);
  }
  for (const id of await store.keys("kept")) if (!ids.has(id)) await store.remove("kept", id);
  await store.put("about", "seen", now); // the server's time is known now, and a clock that was ahead is put right
  await store.put("about", "saved", { at: told.now, classes: told.classes.length });
  const { for: keeper, ticket } = told;
  return { state: "saved", at: told.now, owner: keeper, ticket, classes: told.classes.length, chosen: !stored };
}
