// What the pages and the service worker ask of the browser and of the server: who keeps, sending, saving, wiping.
// Not here: what may be sent or opened (queue.js, opening.js), any words.
import { mayKeep } from "../kept.js";
import { send } from "./sending.js";
import { knownByServer } from "./said.js";
import { save } from "./saving.js";
import { KEPT_FOR, marks, registers, TICKET, UNSENT, wipe } from "./store.js";

const REGISTERS = "/teach/offline/registers/";
const HAND_IN = "/teach/offline/kept/";
const SOMEBODY_ELSE = "-"; // a page drawn for somebody who does not teach (frontend/keeper.py)
export const SYNC = "safefit-marks"; // the name under which a browser sends by itself
const here = typeof localStorage === "undefined" ? null : localStorage; // a service worker has none

/** The mark of the login for whom something is kept, "" for nobody. */
export async function keeper() {
  return (await registers.get("about", "keeper")) ?? "";
}

export async function sendWaiting() {
  const outcome = await alone(async () => send(marks, post, await sender()));
  if (outcome === "signed-out") await wipeIfRevoked();
  await tellCount();
  return outcome;
}

/** `chosen`: the lock of a PIN that was chosen just now, else null. */
export async function saveRegisters(chosen = null) {
  const owner = await keeper();
  const known = await knownByServer(registers, marks);
  const came = await save(registers, askRegisters, owner, Date.now(), chosen);
  if (came.state === "gone") await wipeAll();
  if (came.state === "signed-out") await wipeIfRevoked();
  if (came.state === "saved") {
    for (const id of known) await registers.remove("said", id); // these registers say it themselves
    await registers.put("about", "keeper", came.owner);
    here?.setItem(KEPT_FOR, came.owner);
    here?.setItem(TICKET, came.ticket);
  }
  return came;
}

/** Nobody is signed in: what is saved stays, unless the server says that whoever it is for may keep it no more. */
async function wipeIfRevoked() {
  if (here?.getItem(TICKET) && !(await mayKeep())) await wipeAll();
}

/** Everything about people is gone; what waits to be sent is not. */
export async function wipeAll() {
  await wipe();
  await tellCount();
}

export async function keepItem(item) {
  await marks.put("waiting", item.id, item);
  await tellCount();
}

/** Where a browser can, it sends by itself when there is a signal, also with the page closed; else the pages send. */
export async function askToSend(registration) {
  await registration?.sync?.register(SYNC).catch(() => {});
}

/** How much waits, where a page that knows nothing of databases finds it. */
export async function tellCount() {
  here?.setItem(UNSENT, String((await marks.keys("waiting")).length));
}

/**
 * Who sends: whoever the page was drawn for, else the one for whom registers are kept, else who made the first item that
 * waits: somebody who does not teach any more hands in what they marked. The server looks whether it is they.
 */
export async function sender() {
  const drawnFor = typeof document === "undefined" ? "" : document.body.dataset.sfKeeper;
  const known = drawnFor === SOMEBODY_ELSE ? "" : drawnFor;
  return known || (await keeper()) || ((await marks.all("waiting"))[0]?.owner ?? "");
}

/** One sender at a time, of all open pages; sending twice would be harmless, and of no use. */
function alone(work) {
  return navigator.locks ? navigator.locks.request("safefit-marks", work) : work();
}

function askRegisters() {
  return fetch(REGISTERS, { redirect: "manual", cache: "no-store", headers: { Accept: "application/json" } });
}

async function post(body) {
  return fetch(HAND_IN, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": await token() },
    body: JSON.stringify(body),
  });
}

async function token() {
  if (typeof document !== "undefined") return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
  return (await self.cookieStore?.get("csrftoken"))?.value ?? "";
}
