// The ordinary register: its marks are kept on the telephone before the form is sent, so that a signal that goes takes
// none along. They carry the ids of the form: whatever arrived twice is there once (classes/register/taking.py).
import { keepItem } from "./browser.js";
import { ours } from "./clock.js";
import { labelOfItem, newMark, newTick } from "./queue.js";
import { sealForServer } from "./vault.js";

/** `linesOf` reads what is marked on the form: that of the register, or the one that marks everybody without a mark. */
export function keepBeforeSaving(form, linesOf) {
  let keeping = false;
  const [came] = performance.getEntriesByType("navigation");
  const clock = clockOf(came?.type === "back_forward" ? null : form, Date.now());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (keeping) return;
    keeping = true;
    try {
      await keepAll(linesOf(form), ticksOfRegister(form), form.dataset.sfSealFor, clock);
    } catch {
      // A browser that keeps nothing (a private window, a full telephone) still sends the form.
    }
    addSubmitter(form, event.submitter);
    form.submit();
  });
  addEventListener("pageshow", ({ persisted }) => {
    keeping = false;
    if (persisted) renewIds(form); // gone back to: what is marked now is another mark than what was sent
  });
}

/** Everybody of the register, each with a mark and a note of their own. */
export function linesOfRegister(form) {
  const lines = [...form.querySelectorAll("[data-sf-person]")].map((person) => lineOf(form, person));
  return lines.some((line) => line.note && !line.state) ? [] : lines; // the page will say so, and saves nothing
}

/** Whoever comes along with somebody, where their tick was changed. */
export function ticksOfRegister(form) {
  const ids = [...form.querySelectorAll("[name^=id_c]")];
  const ticks = ids.map(({ name, value }) => {
    const { key, person } = placeOf(`id_${name.slice("id_c".length)}`);
    return { person, id: value, came: form.elements[`companion_${key}`].value, knew: form.elements[`had_${key}`].value };
  });
  return ticks.filter(({ came, knew }) => came && came !== knew);
}

/** Everybody who had no mark, with one for all. */
export function linesOfRest(form) {
  const state = form.querySelector("[name=state]:checked")?.value ?? "";
  const ids = [...form.querySelectorAll("[name^=id_]")];
  return ids.map(({ name, value }) => ({ ...placeOf(name), id: value, state, was: "", note: "", said: "" }));
}

/** What was changed on the page: nobody's mark or note that only stands there is sent again. */
export function linesToKeep(lines) {
  return lines.filter(({ state, was, note, said }) => state && (state !== was || note !== said));
}

/**
 * The telephone's time and the server's when the form was drawn: marks are dated by the server's (clock.js). Null for a
 * form that may be an old one from the browser's memory: it says the time of another day.
 */
export function clockOf(form, now) {
  return { phoneAt: now, savedAt: Number(form?.closest("[data-sf-now]")?.dataset.sfNow) || now };
}

async function keepAll(lines, ticks, sealFor, clock) {
  const { session, owner } = drawnFor();
  for (const tick of ticks) await keepItem(newTick({ ...tick, session, owner, at: ours(clock, Date.now()) }));
  for (const { note, said, was, ...line } of linesToKeep(lines)) {
    const mark = newMark({ ...line, session, owner, knew: was, at: ours(clock, Date.now()) });
    if (note !== said) mark.parcel = await sealForServer(sealFor, { note }, labelOfItem(mark));
    await keepItem(mark);
  }
}

function placeOf(name) {
  const key = name.slice("id_".length);
  const number = Number(key.slice(1));
  return { key, person: key.startsWith("b") ? { booking: number } : { guest: number } };
}

function renewIds(form) {
  for (const id of form.querySelectorAll("[name^=id_]")) id.value = crypto.randomUUID();
}

function lineOf(form, person) {
  const value = (name) => form.elements[name]?.value.trim() ?? "";
  const { key, person: place } = placeOf(person.querySelector("[name^=id_]").name);
  return {
    person: place,
    id: value(`id_${key}`),
    state: person.querySelector(":checked")?.value ?? "",
    was: value(`was_${key}`),
    note: value(`note_${key}`),
    said: value(`said_${key}`),
  };
}

function drawnFor() {
  return {
    session: Number(/\/classes\/(\d+)\//.exec(location.pathname)[1]),
    owner: document.body.dataset.sfKeeper,
  };
}

/** `form.submit()` does not say which button was pressed. */
function addSubmitter(form, submitter) {
  if (!submitter?.name) return;
  const told = document.createElement("input");
  Object.assign(told, { type: "hidden", name: submitter.name, value: submitter.value });
  form.append(told);
}
