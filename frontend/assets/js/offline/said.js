// What was said without signal, as the register shows it: what a check came to, who stood at the door. It lies on a shelf
// of its own, sealed as the register is, and over every register that is opened, until the server has it.
// Not here: what is sent (queue.js). The stores are handed in; no page.
import { saidOf } from "./check.js";
import { inOrder } from "./queue.js";
import { seal, unseal } from "./vault.js";
import { clock } from "./words.js";

const labelOfSaid = (id) => `said:${id}`;

/** `said`: { id, at } of what was kept, and { key, result } of a check, { key, noted } of a note, { name } at the door. */
export function layOver(register, { id, at, key, result, noted, name }) {
  const came = register.came ?? [];
  const person = register.people.find((one) => one.key === key);
  if (person && noted) person.noted = noted;
  else if (person) Object.assign(person, saidOf(register.questions, person, result, clock(at)));
  else if (name && !came.some((one) => one.id === id)) register.came = [...came, { id, name }];
}

export async function keepSaid(store, lock, { id: session, phoneAt, savedAt, until }, said) {
  const { id } = said;
  const sealed = await seal(lock, said, labelOfSaid(id));
  await store.put("said", id, { id, session, phoneAt, savedAt, until, sealed });
}

/** Over each of `registers` what was said of its class, in the order in which it was said. */
export async function layAllOver(store, secret, registers) {
  for (const register of registers) {
    const rows = (await store.all("said")).filter(({ session }) => session === register.id);
    const said = await Promise.all(rows.map(({ id, sealed }) => unseal(secret, sealed, labelOfSaid(id))));
    for (const one of inOrder(said)) layOver(register, one);
  }
}

/**
 * What the server has by now: neither waiting nor refused. To be asked before registers are, and forgotten once they have
 * come. What was refused stays as long as its register, also when that was read.
 */
export async function knownByServer(store, marks) {
  const rows = await store.all("said"); // first: whatever is on this shelf was on the other one before
  const waiting = await marks.keys("waiting"); // before those apart: that is the way an item goes
  const refused = (await marks.all("apart")).filter(({ fate }) => fate !== "differs").map(({ id }) => id);
  const open = new Set([...waiting, ...refused]);
  return rows.filter(({ id, refused }) => !refused && !open.has(id)).map(({ id }) => id);
}

/** That the server did not take it was read: nothing else says so from now on. */
export async function keepRefused(store, id) {
  const row = await store.get("said", id);
  if (row) await store.put("said", id, { ...row, refused: true });
}
