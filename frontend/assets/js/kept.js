// What every page does about registers that this browser keeps for somebody: nothing, where there are none.
// Not here: what is kept (offline/store.js, whose names these are).

/** A page drawn for anybody else, or for nobody, wipes them. One that knows nobody, such as an error, wipes nothing. */
export function wipeForOthers() {
  const kept = localStorage.getItem("safefit-kept");
  const drawnFor = document.body.dataset.sfKeeper;
  if (!kept || drawnFor === undefined || drawnFor === kept) return;
  indexedDB.deleteDatabase("safefit-register").onsuccess = () => localStorage.removeItem("safefit-kept");
}

/** Signing out with marks that are not sent asks first: they stay, what people need does not. */
export function warnBeforeSigningOut() {
  for (const form of document.querySelectorAll("form[action$='/sign-out/']")) {
    form.addEventListener("submit", (event) => {
      const unsent = Number(localStorage.getItem("safefit-unsent"));
      const words = `${unsent === 1 ? "1 mark is" : `${unsent} marks are`} not sent yet. `;
      const then = "They stay on this phone and are sent when you sign in here again; notes do not stay. Sign out now?";
      if (unsent > 0 && !confirm(words + then)) event.preventDefault();
    });
  }
}
