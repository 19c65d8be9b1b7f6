// What every page does about registers that this browser keeps for somebody: nothing, where there are none.
// Not here: what is kept (offline/store.js, whose names these are).
const KEPT = "safefit-kept";
const TICKET = "safefit-ticket";
const LEAVING = "safefit-leaving"; // somebody has pressed "Sign out": the next page drawn for nobody is their answer
const MAY_KEEP = "/teach/offline/may-keep/";

/**
 * A page drawn for anybody else wipes them; one for nobody after signing out, or when the server says that whoever they
 * are kept for may keep them no more. A session that ran out leaves them, under their PIN; an error page, which knows
 * nobody, too.
 */
export async function wipeForOthers() {
  const kept = localStorage.getItem(KEPT);
  const drawnFor = document.body.dataset.sfKeeper;
  if (drawnFor === undefined) return;
  const left = localStorage.getItem(LEAVING) !== null;
  localStorage.removeItem(LEAVING); // here is a page, of whoever it is: if that is still them, they did not leave
  if (!kept || drawnFor === kept) return;
  if (drawnFor === "" && !left && (await mayKeep())) return;
  const gone = indexedDB.deleteDatabase("safefit-register");
  gone.onsuccess = () => [KEPT, TICKET].forEach((name) => localStorage.removeItem(name));
}

/** Whether whoever something is kept for may still keep it. No answer, and one that is none, are no reason to wipe. */
export async function mayKeep() {
  try {
    const ticket = localStorage.getItem(TICKET) ?? "";
    const answer = await fetch(MAY_KEEP, { cache: "no-store", headers: { "X-SafeFit-Ticket": ticket } });
    return (await answer.json()).keep !== false;
  } catch {
    return true;
  }
}

/** Signing out with something that is not sent asks first: it stays, sealed; what people need does not. */
export function warnBeforeSigningOut() {
  for (const form of document.querySelectorAll("form[action$='/sign-out/']")) {
    form.addEventListener("submit", (event) => {
      const unsent = Number(localStorage.getItem("safefit-unsent"));
      const words = `${unsent === 1 ? "1 entry is" : `${unsent} entries are`} not sent yet. `;
      const it = unsent === 1 ? "It stays on this phone, sealed, and is" : "They stay on this phone, sealed, and are";
      if (unsent > 0 && !confirm(`${words}${it} sent when you sign in here again. Sign out now?`)) {
        event.preventDefault();
        return;
      }
      localStorage.setItem(LEAVING, "yes");
    });
  }
}
