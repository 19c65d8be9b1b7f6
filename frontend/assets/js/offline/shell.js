// The page that is shown without signal: which of its views, and what is done on them. Not here: how they look (views.js).
// What opens the registers lives in this module's memory alone, and goes after some minutes without a touch.
import { askToSend, keepItem, keeper, saveRegisters, sender, sendWaiting, wipeAll } from "./browser.js";
import { ours, standing } from "./clock.js";
import { lookAtClock, openAll, saveMarked, throwAwayOld, tryPin } from "./opening.js";
import { faultOf } from "./pin.js";
import { labelOfItem, newMark, stateOf, toRead, waitBefore } from "./queue.js";
import { countWaiting } from "./sending.js";
import { marks, registers } from "./store.js";
import { makeLock, sealForServer } from "./vault.js";
import * as views from "./views.js";

const IDLE = 10 * 60 * 1000; // then the PIN is asked again
const HIDDEN = 5 * 60 * 1000; // the same, while another app is in front
const LOOK = 30 * 1000; // how often the clock is looked at
const NOT_CHOSEN = "Nothing is saved: SafeFit did not answer. Choose a PIN where there is a signal";

let place; // the element that is drawn into
let secret = null;
let owner = ""; // whose registers are open, and whose marks are made
let opened = { registers: [], why: [] };
let told = { error: "", wiped: false, stranger: false, outcome: "", answered: false, attempt: 0 };
let touched = Date.now();
let left = 0; // since when the page is hidden

export async function showShell(element) {
  place = element;
  const now = await lookAtClock(registers, Date.now());
  await throwAwayOld(registers, now);
  addEventListener("hashchange", () => draw(true));
  addEventListener("online", trySending);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (touched = Date.now()));
  document.addEventListener("visibilitychange", () => {
    left = document.hidden ? Date.now() : 0;
    lockWhenLeft();
  });
  setInterval(lockWhenLeft, LOOK);
  await draw(false);
  await trySending();
}

// --- what is shown -----------------------------------------------------------

async function draw(moved) {
  const about = await aboutAll();
  const view = await choose(about);
  place.replaceChildren(...views.around(about, told, view, acts));
  document.title = `${told.error ? "Error: " : ""}${view.title} – SafeFit`;
  const start = place.querySelector(".nhsuk-error-summary") ?? (moved ? place.querySelector("h1") : null);
  start?.setAttribute("tabindex", "-1");
  start?.focus();
}

async function aboutAll() {
  const lock = await registers.get("lock", "lock");
  const who = await sender();
  return {
    locked: Boolean(lock),
    kept: (await registers.keys("kept")).length,
    saved: await registers.get("about", "saved"),
    waiting: await countWaiting(marks, who),
    apart: toRead(await marks.all("apart"), who),
    mayRead: who !== "",
    home: place.dataset.sfHome,
    phone: document.querySelector(".sf-help a").cloneNode(true), // ours, as every page says it on top
    elsewhere: location.pathname !== "/teach/offline/",
  };
}

async function choose(about) {
  if (!about.locked) return views.choosePin(about, told, acts);
  if (!secret) return about.kept ? views.enterPin(about, told, acts) : views.nothingKept(about, told, acts);
  const [, id, part] = /^#class-(\d+)(?:-(\w+))?$/.exec(location.hash) ?? [];
  const register = opened.registers.find((one) => one.id === Number(id));
  if (!register) return views.list(about, opened, acts);
  if (part === "emergency") return views.emergency(register, about);
  const queue = await marks.all("waiting");
  const lines = register.people.map((person) => ({ person, state: stateOf(person, register.id, queue) }));
  const started = ours(register, Date.now()) >= register.starts;
  if (part === "rest") return views.rest(register, lines, told, acts);
  return views.register(register, lines, started, about, told, acts);
}

// --- what is done ------------------------------------------------------------

const acts = {
  async choosePin(pin) {
    told = { ...told, error: faultOf(pin) };
    if (!told.error) {
      navigator.storage?.persist?.(); // asks the browser not to tidy it away
      const chosen = await makeLock(pin);
      const { state, chosen: locks } = await saveRegisters(chosen.lock);
      told = { ...told, wiped: false, stranger: ["gone", "signed-out"].includes(state), error: state === "away" ? NOT_CHOSEN : "" };
      if (locks) secret = chosen.secret; // else another page was quicker, and its PIN is asked for
      await reopen();
    }
    await draw(true);
  },
  async enterPin(pin) {
    await lookAtClock(registers, Date.now());
    const came = await tryPin(registers, pin);
    if (came.secret) {
      secret = came.secret;
      touched = Date.now();
      told.error = "";
      await reopen();
      goToClassOfAddress();
      await trySending();
    } else if (came.left === 0) {
      await wipeAll();
      told = { ...told, error: "", wiped: true };
    } else {
      told.error = `That is not the PIN. ${came.left === 1 ? "1 try is" : `${came.left} tries are`} left, then what is saved is wiped`;
    }
    await draw(true);
  },
  async forgetPin() {
    await wipeAll();
    told = { ...told, error: "" };
    await draw(true);
  },
  async mark(register, person, state, note) {
    await keep(register, person, state, note);
    await drawAround();
    await trySending();
  },
  async markRest(register, people, state) {
    told.error = state ? "" : "Select a mark";
    if (!state) return draw(true);
    for (const person of people) await keep(register, person, state);
    location.hash = `class-${register.id}`;
    await trySending();
  },
  async sendNow() {
    told.attempt = 0;
    await trySending();
  },
  async readApart() {
    const who = await sender();
    if (who) for (const { id } of toRead(await marks.all("apart"), who)) await marks.remove("apart", id);
    await draw(true);
  },
};

/** One after the other, also under a quick thumb: each mark knows of the one before it. */
let keeping = Promise.resolve();
let last = 0;
function keep(...mark) {
  keeping = keeping.catch(() => {}).then(() => keepOne(...mark));
  return keeping;
}

/** `note`: undefined where nobody touched it; then it stays as it is, here and on the server. */
async function keepOne(register, person, state, note) {
  const knew = stateOf(person, register.id, await marks.all("waiting"));
  const mark = newMark({ ...newOf(register, person), state, knew });
  if (note !== undefined) mark.parcel = await sealForServer(register.seal_for, { note }, labelOfItem(mark));
  await keepItem(mark);
  await changed(register, () => Object.assign(person, note === undefined ? { state } : { state, note }));
}

/** What every new item says of where and when it was made; one is always later than the one before. */
function newOf(register, person) {
  const at = (last = Math.max(ours(register, Date.now()), last + 1));
  return { session: register.id, person, owner, at, id: crypto.randomUUID() };
}

/** What was kept is asked to be sent, and shown when the saved register is opened again. */
async function changed(register, change) {
  await askToSend(await navigator.serviceWorker.getRegistration());
  change();
  const lock = await registers.get("lock", "lock");
  if (!lock) return lockWhenLeft(); // wiped by another page meanwhile: what was kept waits all the same
  await saveMarked(registers, lock, register);
}

let sending = 0;
async function trySending() {
  clearTimeout(sending);
  const before = (await marks.keys("waiting")).length;
  const outcome = await sendWaiting();
  const after = (await marks.keys("waiting")).length;
  const news = outcome !== told.outcome || after !== before;
  const ended = outcome === "signed-out" && told.outcome !== outcome; // the session: its registers stay, under their PIN
  told.outcome = outcome;
  if (outcome !== "nothing") told.answered = outcome !== "away";
  if (outcome === "away" && after) sending = setTimeout(trySending, waitBefore(told.attempt++));
  else told.attempt = 0;
  if (ended && secret) return lockNow();
  if (news) await drawAround();
}

/** What is said around the view anew, and the view itself as it is: what has the focus stays where it is. */
async function drawAround() {
  const about = await aboutAll();
  place.querySelector("[data-sf-waiting]")?.replaceWith(views.waitingBox(about, told, acts));
  place.querySelector("[data-sf-signal]")?.replaceWith(views.signal(about, told));
  const bar = place.querySelector("[data-sf-register-count]");
  const id = Number(/^#class-(\d+)/.exec(location.hash)?.[1]);
  const register = opened.registers.find((one) => one.id === id);
  if (bar && register) bar.textContent = views.countWords(register.people, about.waiting.waiting);
}

async function reopen() {
  if (!secret) return;
  owner = await keeper();
  opened = await openAll(registers, secret, Date.now());
}

/** Whoever wanted the register of one class is shown that one. */
function goToClassOfAddress() {
  const id = Number(/^\/teach\/classes\/(\d+)\//.exec(location.pathname)?.[1]);
  if (!location.hash && opened.registers.some((one) => one.id === id)) history.replaceState(null, "", `#class-${id}`);
}

async function lockWhenLeft() {
  if (!secret) return;
  const now = Date.now();
  const seen = await lookAtClock(registers, now);
  const over = opened.registers.some((register) => standing(register, now, seen) !== "open");
  const unused = now - touched >= IDLE || (left > 0 && now - left >= HIDDEN);
  const wiped = !(await registers.get("lock", "lock")); // by another page: somebody signed out, or somebody else in
  if (unused || wiped) return lockNow();
  if (!over) return;
  await reopen();
  await draw(false);
}

/** What opens is forgotten: the PIN is asked again. */
async function lockNow() {
  secret = null;
  opened = { registers: [], why: [] };
  await draw(false);
}
