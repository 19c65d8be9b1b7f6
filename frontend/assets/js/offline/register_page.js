// The ordinary register: its marks are kept on the telephone before the form is sent, so that a signal that goes takes
// none along. They carry the ids of the form: whatever arrived twice is there once (classes/register/taking.py).
import { keepMark } from "./browser.js";
import { newMark } from "./queue.js";
import { NOTE } from "./sending.js";
import { registers } from "./store.js";
import { seal } from "./vault.js";

export function keepBeforeSaving(form) {
  let keeping = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (keeping) return;
    keeping = true;
    try {
      await keepAll(form);
    } catch {
      // A browser that keeps nothing (a private window, a full telephone) still sends the form.
    }
    addSubmitter(form, event.submitter);
    form.submit();
  });
  addEventListener("pageshow", () => {
    keeping = false;
  });
}

async function keepAll(form) {
  const lines = [...form.querySelectorAll("[data-sf-person]")].map((person) => lineOf(form, person));
  if (lines.some((line) => line.note && !line.state)) return; // the page will say so, and nothing is to be kept
  const lock = await registers.get("lock", "lock");
  for (const line of lines.filter(({ state, was, note, said }) => state && (state !== was || note !== said))) {
    const note = line.note && lock ? await seal(lock, line.note, NOTE) : null;
    const { session, owner } = drawnFor();
    await keepMark(newMark({ ...line, session, owner, note, knew: line.was, at: Date.now() }));
  }
}

function lineOf(form, person) {
  const value = (name) => form.elements[name]?.value.trim() ?? "";
  const key = person.querySelector("[name^=id_]").name.slice("id_".length);
  const number = Number(key.slice(1));
  return {
    person: key.startsWith("b") ? { booking: number } : { guest: number },
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
