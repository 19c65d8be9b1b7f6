// The script of the instructor's pages, loaded nowhere else: counting marks, and registers for halls without signal.
import { keepBeforeSaving } from "./offline/register_page.js";
import { showShell } from "./offline/shell.js";
import { showSaved } from "./offline/status.js";
import { countMarks } from "./register.js";

const shell = document.querySelector("[data-sf-shell]");
const able = globalThis.indexedDB && globalThis.crypto?.subtle && navigator.serviceWorker;

for (const form of document.querySelectorAll("[data-sf-register]")) {
  countMarks(form);
  if (able) keepBeforeSaving(form);
}
if (able) {
  navigator.serviceWorker.register("/teach/service-worker.js");
  if (shell) showShell(shell);
  else showSaved();
}
