// The service worker of the instructor's pages: answers with the saved page where no server does.
// It keeps the files that page is drawn with and nothing else; no page about anybody is ever put into a cache.
// The view that serves it says before which files those are (frontend/views/teach/offline.py). Built with Workbox.
import { clientsClaim } from "workbox-core";
import { matchPrecache, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { NetworkOnly } from "workbox-strategies";
import { askToSend, sendWaiting, SYNC } from "./offline/browser.js";
import { REPORTS } from "./offline/waits.js";

const PATIENCE = 5; // seconds, then the saved page is shown
const AWAY = [502, 503, 504]; // answered by something that stands before us, or by us without a database

self.skipWaiting();
clientsClaim();
precacheAndRoute(self.safefitFiles, { cleanURLs: false, directoryIndex: null });

const awayIsNoAnswer = {
  fetchDidSucceed: async ({ response }) => {
    if (AWAY.includes(response.status)) throw new Error("away");
    return response;
  },
};
const orSaved = (patience) => {
  const ask = new NetworkOnly({ ...patience, plugins: [awayIsNoAnswer] });
  return async (options) => {
    try {
      return await ask.handle(options);
    } catch {
      return matchPrecache(self.safefitShell);
    }
  };
};
const timed = orSaved({ networkTimeoutSeconds: PATIENCE });
registerRoute(new NavigationRoute(timed, { allowlist: [/^\/teach\//], denylist: REPORTS }));
registerRoute(new NavigationRoute(orSaved({}), { allowlist: REPORTS }));

// A register that is saved while the signal goes: its marks wait already (register_page.js). Not timed: a slow answer
// to a form is better than a second one.
const sendForm = async ({ request }) => {
  try {
    const answer = await fetch(request);
    if (AWAY.includes(answer.status)) throw new Error("away");
    return answer;
  } catch {
    await askToSend(self.registration); // not before: the form itself comes first
    return matchPrecache(self.safefitShell);
  }
};
registerRoute(
  ({ request, url }) => request.mode === "navigate" && /^\/teach\/classes\/\d+\/register\/(rest\/)?$/.test(url.pathname),
  sendForm,
  "POST",
);

self.addEventListener("sync", (event) => {
  if (event.tag === SYNC) event.waitUntil(sendWaiting());
});
