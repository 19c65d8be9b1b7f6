// The script of the instructor's pages, loaded nowhere else: counting marks, and registers for halls without signal.
import { keepBeforeSaving, linesOfRegister, linesOfRest } from "./offline/register_page.js";
import { showShell } from "./offline/shell.js";
import { showNotSaved, showSaved } from "./offline/status.js";
import { countMarks } from "./register.js";

const shell = document.querySelector("[data-sf-shell]");
const able = globalThis.indexedDB && globalThis.crypto?.subtle && navigator.serviceWorker;

for (const form of document.querySelectorAll("[data-sf-register]")) {
  countMarks(form);
  if (able) keepBeforeSaving(form, linesOfRegister);
}
for (const form of document.querySelectorAll("[data-sf-rest] form")) if (able) keepBeforeSaving(form, linesOfRest);
if (able) {
  navigator.serviceWorker.register("/teach/service-worker.js").catch(() => {}); // where it may not, pages are as before
  if (shell) showShell(shell);
  else showSaved().catch(showNotSaved);
}
