// On the instructor's pages, with a signal: sends what waits, saves the registers, and says how both stand.
import { saveRegisters, sender, sendWaiting } from "./browser.js";
import { h, notice } from "./dom.js";
import { lookAtClock, throwAwayOld } from "./opening.js";
import { waitBefore } from "./queue.js";
import { countWaiting } from "./sending.js";
import { marks, registers } from "./store.js";
import { clock, count, waitingWords } from "./words.js";

const OFFLINE = "/teach/offline/";
let attempt = 0;

export async function showSaved() {
  await throwAwayOld(registers, await lookAtClock(registers, Date.now()));
  await trySending();
  addEventListener("online", trySending);
  const place = document.querySelector("[data-sf-saved]");
  if (place) place.replaceChildren(...savedWords(await saveRegisters(), await registers.get("about", "saved")));
}

/** A browser that keeps nothing, such as a private window. */
export function showNotSaved() {
  const place = document.querySelector("[data-sf-saved]");
  const words = " This browser keeps nothing. Is the window a private one?";
  place?.replaceChildren(h("p", {}, h("strong", {}, "Saving for offline failed."), words));
}

async function trySending() {
  const outcome = await sendWaiting();
  const there = await countWaiting(marks, await sender());
  showWaiting(there, outcome);
  if (outcome === "away" && there.waiting) setTimeout(trySending, waitBefore(attempt++));
  else attempt = 0;
}

function showWaiting(there, outcome) {
  document.querySelector("[data-sf-waiting]")?.remove();
  const words = waitingWords(there, outcome);
  if (there.apart)
    words.push(`${count(there.apart, "entry needs", "entries need")} a look: not recorded, or marked differently elsewhere.`);
  if (!words.length) return;
  const box = notice("few", ...words.map((one) => h("p", {}, one)));
  if (there.apart) box.append(h("p", {}, h("a", { href: OFFLINE }, "Read what became of it")));
  box.dataset.sfWaiting = "";
  box.setAttribute("role", "status");
  document.querySelector("main").prepend(box);
}

function savedWords(came, last) {
  const link = (words) => h("a", { href: OFFLINE }, words);
  if (came.state === "no-pin") {
    return [
      h(
        "p",
        {},
        h("strong", {}, "Not saved for offline yet."),
        " Halls without signal need it. ",
        link("Choose a PIN"),
      ),
    ];
  }
  if (came.state === "saved") {
    const what = came.classes ? `${count(came.classes, "register")}.` : "No class in the next two days.";
    return [
      h(
        "p",
        {},
        h("strong", {}, `Saved for offline at ${clock(came.at)}:`),
        ` ${what} `,
        link("Open the saved registers"),
      ),
    ];
  }
  const before = last ? `Last saved at ${clock(last.at)}.` : "Nothing is saved.";
  return [
    h("p", {}, h("strong", {}, "Saving for offline failed."), ` ${before} Open this page again before you leave.`),
  ];
}
