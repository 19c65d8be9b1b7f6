// A report is not sent into nowhere: without signal it is held back, and what was typed stays. Its page is never stored,
// so that a page that says "no answer" would take it along. Not here: a signal that goes while it is sent.
import { isReport } from "./offline/waits.js";

const WORDS =
  "There is no signal, so nothing was sent. What you wrote is still here: leave this page open, and send it when there is a signal. If it cannot wait, phone the desk; in an emergency, 999.";

export function holdReportsWithoutSignal() {
  if (!isReport(location.pathname)) return;
  for (const form of document.querySelectorAll("main form[method=post]")) {
    const told = document.createElement("p");
    told.className = "nhsuk-error-message";
    told.setAttribute("role", "alert");
    form.append(told);
    form.addEventListener("submit", (event) => {
      const away = navigator.onLine === false;
      told.textContent = away ? WORDS : "";
      if (away) event.preventDefault();
    });
  }
}
