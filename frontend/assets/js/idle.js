// Tells in time that a session ends when nothing is done, and keeps it while somebody types.
// When it ends is decided by the server (accounts/idle.py); what was typed is kept there. Pages without this show nothing.
const SEEN = "safefit-seen"; // shared by all windows of this browser
const WARN = 120; // seconds before the end
const TYPING = 60; // seconds between two words to the server that somebody types

export function warnBeforeTheEnd() {
  const box = document.querySelector("[data-sf-idle]");
  if (!box || !globalThis.localStorage) return;
  const limit = Number(box.dataset.sfIdle);
  const said = box.querySelector("[data-sf-idle-said]");
  const form = box.querySelector("form");
  const seen = () => localStorage.setItem(SEEN, String(Date.now()));
  const quiet = () => (Date.now() - Number(localStorage.getItem(SEEN))) / 1000;
  const say = (words) => {
    if (said.textContent !== words) said.textContent = words;
  };
  let told = Date.now();

  async function stay() {
    told = Date.now();
    try {
      const answer = await fetch(box.dataset.sfIdleStay, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.type === "opaqueredirect") seen();
    } catch {
      // no signal: what is typed stays on the page
    }
    look();
  }

  function look() {
    const left = limit - quiet();
    box.hidden = left > WARN;
    form.hidden = left <= 0;
    if (left <= 0) say("You are signed out. What you typed stays here: send it, and sign in again.");
    else if (left <= WARN) say("You will be signed out in 2 minutes, because nothing was done here for a while.");
  }

  seen();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    stay();
  });
  document.addEventListener("input", () => {
    if (quiet() < limit && Date.now() - told > TYPING * 1000) stay();
  });
  document.addEventListener("visibilitychange", look);
  setInterval(look, 5000);
}
