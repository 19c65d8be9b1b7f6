// Opening what is saved, with the PIN it was locked with. The store is handed in; no page.
import { standing } from "./clock.js";
import { TRIES } from "./pin.js";
import { layAllOver } from "./said.js";
import { seal, unlock, unseal, WrongPin } from "./vault.js";

export const labelOf = (session) => `register:${session}`;

/**
 * { secret } when the PIN is right, else { left } with the number of tries that are left; 0 means: wipe now.
 * A try is counted before it is made, so that closing the page takes none back.
 */
export async function tryPin(store, pin) {
  const lock = await store.get("lock", "lock");
  if (!lock || lock.tries >= TRIES) return { left: 0 };
  await store.put("lock", "lock", { ...lock, tries: lock.tries + 1 });
  try {
    const secret = await unlock(lock, pin);
    await store.put("lock", "lock", { ...lock, tries: 0 });
    return { secret };
  } catch (error) {
    if (!(error instanceof WrongPin)) throw error;
    return { left: TRIES - lock.tries - 1 };
  }
}

/** The latest time that this telephone has seen; a clock that goes back from it opens nothing. */
export async function lookAtClock(store, now) {
  const seen = (await store.get("about", "seen")) ?? 0;
  if (now > seen) await store.put("about", "seen", now);
  return Math.max(seen, now);
}

/** Every register that may be opened now, with what was said here since, in the order of the classes; why others not. */
export async function openAll(store, secret, now) {
  const seen = (await store.get("about", "seen")) ?? 0;
  const found = { registers: [], why: [] };
  for (const row of await store.all("kept")) {
    const register = await unseal(secret, row.sealed, labelOf(row.id));
    const stands = standing(register, now, seen);
    if (stands === "open") found.registers.push(register);
    else found.why.push(stands);
    if (stands === "expired") await store.remove("kept", row.id);
  }
  await layAllOver(store, secret, found.registers);
  found.registers.sort((one, other) => one.starts - other.starts);
  return found;
}

/**
 * A register that was marked, so that a page that is opened again shows the marks. Not over one that another page saved
 * meanwhile, which knows more, and not where it was wiped.
 */
export async function saveMarked(store, lock, register) {
  const { id, phoneAt, savedAt, until } = register;
  if ((await store.get("kept", id))?.savedAt !== savedAt) return;
  await store.put("kept", id, { id, phoneAt, savedAt, until, sealed: await seal(lock, register, labelOf(id)) });
}

/** Without the PIN: what has run out by the time outside the seal goes; the time inside decides about the rest. */
export async function throwAwayOld(store, now) {
  for (const shelf of ["kept", "said"]) {
    for (const row of await store.all(shelf)) {
      if (standing(row, now, 0) === "expired") await store.remove(shelf, row.id);
    }
  }
}
