// What the browser keeps, in two databases: registers, which are wiped, and what waits, which is not until it is sent.
// Not here: what is in them (saving.js, sending.js). A database is opened for one step and closed again, so that
// another page can wipe it at any time.
const DATABASES = { register: "safefit-register", marks: "safefit-marks" };
const VERSIONS = { register: 2, marks: 1 };
const SHELVES = { register: ["lock", "kept", "about", "said"], marks: ["waiting", "apart"] };
export const KEPT_FOR = "safefit-kept"; // in localStorage: the mark of the login for whom something is kept
export const TICKET = "safefit-ticket"; // what is shown to the server to ask whether it may still be kept
export const UNSENT = "safefit-unsent"; // how much waits, so that signing out can warn

export const registers = database("register");
export const marks = database("marks");

/** The registers, the lock and everything about them are gone; what waits to be sent is not. */
export function wipe() {
  return new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(DATABASES.register);
    request.onerror = () => failed(request.error);
    request.onsuccess = () => {
      for (const name of [KEPT_FOR, TICKET]) localStorage.removeItem(name);
      done();
    };
  });
}

function database(which) {
  return {
    get: (shelf, key) => step(which, shelf, "readonly", (rows) => rows.get(key)),
    all: (shelf) => step(which, shelf, "readonly", (rows) => rows.getAll()),
    keys: (shelf) => step(which, shelf, "readonly", (rows) => rows.getAllKeys()),
    put: (shelf, key, value) => step(which, shelf, "readwrite", (rows) => rows.put(value, key)),
    remove: (shelf, key) => step(which, shelf, "readwrite", (rows) => rows.delete(key)),
  };
}

async function step(which, shelf, mode, work) {
  const base = await opened(which);
  try {
    return await new Promise((done, failed) => {
      const change = base.transaction(shelf, mode, { durability: "strict" });
      const request = work(change.objectStore(shelf));
      change.oncomplete = () => done(request.result);
      change.onerror = change.onabort = () => failed(change.error);
    });
  } finally {
    base.close();
  }
}

function opened(which) {
  return new Promise((done, failed) => {
    const request = indexedDB.open(DATABASES[which], VERSIONS[which]);
    request.onupgradeneeded = () => {
      const there = request.result.objectStoreNames;
      for (const shelf of SHELVES[which]) if (!there.contains(shelf)) request.result.createObjectStore(shelf);
    };
    request.onerror = () => failed(request.error);
    request.onsuccess = () => done(request.result);
  });
}
