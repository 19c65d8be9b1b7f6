// The page that is shown without signal: which of its views, and what is done on them. Not here: how they look (views.js).
// What opens the registers lives in this module's memory alone, and goes after some minutes without a touch.
import { askToSend, keepItem, keeper, saveRegisters, sender, sendWaiting, wipeAll } from "./browser.js";
import { unanswered, worst } from "./check.js";
import { ours, standing } from "./clock.js";
import { fillIn, readDraft } from "./draft.js";
import { watchHiding } from "./hiding.js";
import { lookAtClock, openAll, saveMarked, throwAwayOld, tryPin } from "./opening.js";
import { faultOf } from "./pin.js";
import { labelOfItem, newItem, newMark, newTick, onceRead, stateOf, tickOf, toRead, waitBefore } from "./queue.js";
import { keepRefused, keepSaid, layOver } from "./said.js";
import { countWaiting } from "./sending.js";
import { marks, registers } from "./store.js";
import { makeLock, sealForServer } from "./vault.js";
import * as views from "./views.js";

const IDLE = 10 * 60 * 1000; // then the PIN is asked again
const HIDDEN = 5 * 60 * 1000; // the same, while another app is in front
const LOOK = 30 * 1000; // how often the clock is looked at
const WRITES = /-(?:walkin|incident|check|note)/; // of an address: something is typed there
const READS = /-(?:checked|reported|emergency)/; // and there is read what to do now
const NOT_CHOSEN = "Nothing is saved: SafeFit did not answer. Choose a PIN where there is a signal";

let place; // the element that is drawn into
let secret = null;
let owner = ""; // whose registers are open, and whose marks are made
let opened = { registers: [], why: [] };
const NOTHING_WRONG = { error: "", errors: {}, missing: [], typed: {} };
let told = { ...NOTHING_WRONG, wiped: false, stranger: false, outcome: "", answered: false, attempt: 0 };
let touched = Date.now();
let leftAt = () => 0; // since when the page is hidden
let draft = null; // what was typed when the PIN came to be asked: { address, owner, typed }
let locksLater = false; // nobody is signed in any more, and somebody was writing

export async function showShell(element) {
  place = element;
  const now = await lookAtClock(registers, Date.now());
  await throwAwayOld(registers, now);
  addEventListener("hashchange", () => {
    told = { ...told, ...NOTHING_WRONG };
    if (locksLater && secret && !isBusy()) return lockNow();
    draw(true);
  });
  addEventListener("online", trySending);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (touched = Date.now()));
  leftAt = watchHiding(document, lockWhenLeft);
  setInterval(lockWhenLeft, LOOK);
  await draw(false);
  await trySending();
}

// --- what is shown -----------------------------------------------------------

async function draw(moved) {
  const about = await aboutAll();
  const view = await choose(about);
  place.replaceChildren(...views.around(about, told, view, acts));
  if (secret && draft) takeUpDraft();
  view.drawn?.();
  const wrong = told.error || told.missing.length > 0 || Object.keys(told.errors).length > 0;
  document.title = `${wrong ? "Error: " : ""}${view.title} – SafeFit`;
  const start = place.querySelector(".nhsuk-error-summary") ?? (moved ? whereToStart() : null);
  start?.setAttribute("tabindex", "-1");
  start?.focus();
}

/** The heading of the view; or whom one comes back to, in a long register. */
function whereToStart() {
  const [, key] = /-person-([\w-]+)$/.exec(location.hash) ?? [];
  return place.querySelector(key ? `#person-${CSS.escape(key)} h2` : "h1") ?? place.querySelector("h1");
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
    phone: ourNumber(),
    elsewhere: location.pathname !== "/teach/offline/",
  };
}

/** As every page says it on top. */
const ourNumber = () => document.querySelector(".sf-help a").cloneNode(true);

async function choose(about) {
  if (!about.locked) return views.choosePin(about, told, acts);
  if (!secret) return about.kept ? views.enterPin(about, told, acts) : views.nothingKept(about, told, acts);
  const [, id, part, key] = /^#class-(\d+)(?:-([a-z]+))?(?:-([\w-]+))?$/.exec(location.hash) ?? [];
  const register = opened.registers.find((one) => one.id === Number(id));
  if (!register) return views.list(about, opened, acts);
  if (part === "emergency") return views.emergency(register, about);
  const queue = await marks.all("waiting");
  const written = chooseWritten(register, part, key, queue, about);
  if (written) return written;
  const lines = linesOf(register, queue);
  const started = ours(register, Date.now()) >= register.starts;
  if (part === "rest") return views.rest(register, lines, told, acts);
  return views.register(register, lines, started, about, told, acts);
}

/** Everybody, with what counts for them: what was marked here last, else what the server had. */
function linesOf({ id, people }, queue) {
  return people.map((person) => ({ person, state: stateOf(person, id, queue), tick: tickOf(person, id, queue) }));
}

/** The views of what is written besides marks; none for an address that is none of theirs. */
function chooseWritten(register, part, key, queue, about) {
  const person = register.people.find((one) => one.key === key);
  if (part === "walkin") return views.walkIn(register, told, acts);
  if (part === "incident") return views.incident(register, about, told, acts);
  if (part === "reported") return views.reported(register, standsOf(key, queue, about.apart), about);
  if (part === "note" && person?.asks) {
    return views.howItWent(register, person, views.nextToNote(register, linesOf(register, queue), key), told, acts);
  }
  if (part === "check" && person) return views.check(register, person, told, acts);
  const result = register.questions.results.find(({ id }) => id === person?.result);
  return part === "checked" && result ? views.checked(register, person, result, about) : null;
}

const standsOf = (id, queue, apart) => {
  const isIt = (item) => item.id === id;
  return queue.some(isIt) ? "waits" : apart.some(isIt) ? "refused" : "sent";
};

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
      draft = null;
      told = { ...told, error: "", wiped: true };
    } else {
      told.error = `That is not the PIN. ${came.left === 1 ? "1 try is" : `${came.left} tries are`} left, then what is saved is wiped`;
    }
    await draw(true);
  },
  async forgetPin() {
    await wipeAll();
    draft = null;
    told = { ...told, error: "" };
    await draw(true);
  },
  async mark(register, person, state, note) {
    if (!(await kept(() => keep(() => keepMark(register, person, state, note))))) return false;
    await drawAround();
    await trySending();
    return true;
  },
  async tick(register, person, came) {
    if (!(await kept(() => keep(() => keepTick(register, person, came))))) return;
    await drawAround();
    await trySending();
  },
  async markRest(register, people, state) {
    told.error = state ? "" : "Select a mark";
    if (!state) return draw(true);
    for (const person of people) if (!(await kept(() => keep(() => keepMark(register, person, state))))) return;
    location.hash = `class-${register.id}`;
    await trySending();
  },
  async addWalkIn(register, typed) {
    told = { ...told, typed, error: typed.name ? "" : "Enter their name" };
    if (told.error) return draw(true);
    const item = newItem({ ...newOf(register), kind: "walk_in" });
    await write(register, item, typed, { name: typed.name }, `class-${register.id}`);
  },
  async answerCheck(register, person, answers) {
    told = { ...told, typed: answers, missing: unanswered(register.questions, answers) };
    if (told.missing.length) return draw(true);
    const result = worst(register.questions, answers);
    const item = newItem({ ...newOf(register, person), kind: "check" });
    const sealed = { version: register.questions.version, answers };
    await write(register, item, sealed, { key: person.key, result }, `class-${register.id}-checked-${person.key}`);
  },
  async writeNote(register, person, next, typed) {
    told = { ...told, typed, errors: views.noteFaults(typed, register.note) };
    if (Object.keys(told.errors).length) return draw(true);
    const item = newItem({ ...newOf(register, person), kind: "note" });
    const note = { ...typed, effort: typed.effort === "" ? null : Number(typed.effort) };
    const then = next ? `class-${register.id}-note-${next.key}` : `class-${register.id}-person-${person.key}`;
    await write(register, item, note, { key: person.key, noted: true }, then);
  },
  async report(register, typed) {
    told = { ...told, typed, errors: views.faultsOf(typed, register.report) };
    if (Object.keys(told.errors).length) return draw(true);
    const { who, ...report } = typed;
    const person = register.people.find(({ key }) => key === who);
    const item = newItem({ ...newOf(register, person), kind: "incident" });
    await write(register, item, report, null, `class-${register.id}-reported-${item.id}`);
  },
  async sendNow() {
    told.attempt = 0;
    await trySending();
  },
  async readApart() {
    const who = await sender();
    if (who) for (const item of toRead(await marks.all("apart"), who)) await putAway(item);
    const [, reported] = /^(#class-\d+)-reported-/.exec(location.hash) ?? [];
    if (reported) return location.replace(reported); // what it said of the report is known there alone
    await draw(true);
  },
};

/** One after the other, also under a quick thumb: each mark knows of the one before it. */
let keeping = Promise.resolve();
let last = 0;
function keep(work) {
  keeping = keeping.catch(() => {}).then(work);
  return keeping;
}

async function putAway(item) {
  const rest = onceRead(item);
  if (item.fate !== "differs") await keepRefused(registers, item.id);
  await (rest ? marks.put("apart", item.id, rest) : marks.remove("apart", item.id));
}

/** Keeps an item with its words and what the register shows of it, goes where it leads, and sends it if it can. */
async function write(register, item, words, shows, then) {
  const said = shows && { id: item.id, at: item.at, ...shows };
  const keepIt = async () => {
    item.parcel = await sealForServer(register.seal_for, words, labelOfItem(item));
    await keepItem(item);
    await changed(register, () => said && layOver(register, said), said);
  };
  if (!(await kept(keepIt))) return;
  location.hash = then;
  await trySending();
}

/** Whether `work` was done. A telephone that keeps nothing (it is full, the window a private one) says so at once. */
async function kept(work) {
  try {
    await work();
    return true;
  } catch {
    views.sayNotKept(place, ourNumber()); // not drawn anew: for that, too, the telephone would have to answer
    return false;
  }
}

/** `note`: undefined where nobody touched it; then it stays as it is, here and on the server. */
async function keepMark(register, person, state, note) {
  const knew = stateOf(person, register.id, await marks.all("waiting"));
  const mark = newMark({ ...newOf(register, person), state, knew });
  if (note !== undefined) mark.parcel = await sealForServer(register.seal_for, { note }, labelOfItem(mark));
  await keepItem(mark);
  await changed(register, () => Object.assign(person, note === undefined ? { state } : { state, note }));
}

async function keepTick(register, person, came) {
  const knew = tickOf(person, register.id, await marks.all("waiting"));
  await keepItem(newTick({ ...newOf(register, person), came, knew }));
  await changed(register, () => Object.assign(person, { tick: came }));
}

/** What every new item says of where and when it was made; one is always later than the one before. */
function newOf(register, person = {}) {
  const at = (last = Math.max(ours(register, Date.now()), last + 1));
  return { session: register.id, person, owner, at, id: crypto.randomUUID() };
}

/** What was kept is asked to be sent, and shown when the saved register is opened again. */
async function changed(register, change, said = null) {
  await askToSend(await navigator.serviceWorker.getRegistration());
  change();
  const lock = await registers.get("lock", "lock");
  if (!lock) return lockWhenLeft(); // wiped by another page meanwhile: what was kept waits all the same
  if (said) await keepSaid(registers, lock, register, said);
  await saveMarked(registers, lock, register);
}

let sending = 0;
let waited = 0; // how much waited when it was last looked at
async function trySending() {
  clearTimeout(sending);
  const before = Math.max(waited, (await marks.keys("waiting")).length);
  const outcome = await sendWaiting();
  const after = (await marks.keys("waiting")).length;
  const news = outcome !== told.outcome || after !== before;
  const ended = outcome === "signed-out" && told.outcome !== outcome; // the session: its registers stay, under their PIN
  told.outcome = outcome;
  if (outcome !== "nothing") told.answered = outcome !== "away";
  else if (after < before) told.answered = true; // the browser itself has sent it
  waited = after;
  if (outcome === "away" && after) sending = setTimeout(trySending, waitBefore(told.attempt++));
  else told.attempt = 0;
  if (ended && secret && !isBusy()) return lockNow();
  if (ended && secret) locksLater = true;
  else if (outcome === "sent") locksLater = false; // signed in again
  if (news && location.hash.includes("-reported-")) await draw(false); // what it says was true while it waited
  else if (news) await drawAround();
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
  const unused = now - touched >= IDLE || (leftAt() > 0 && now - leftAt() >= HIDDEN);
  const wiped = !(await registers.get("lock", "lock")); // by another page: somebody signed out, or somebody else in
  if (unused || wiped) return lockNow();
  if (!over) return;
  keepDraft();
  await reopen();
  await draw(false);
}

/** What opens is forgotten: the PIN is asked again. */
async function lockNow() {
  keepDraft();
  locksLater = false;
  secret = null;
  opened = { registers: [], why: [] };
  await draw(false);
}

const isBusy = () => WRITES.test(location.hash) || READS.test(location.hash);

function keepDraft() {
  const address = location.hash;
  if (secret && WRITES.test(address)) draft = { address, owner, typed: readDraft(place) };
}

/** The same form of the same login is filled in again; for any other it is forgotten. */
function takeUpDraft() {
  if (draft.address === location.hash && draft.owner === owner) fillIn(place, draft.typed);
  draft = null;
}
