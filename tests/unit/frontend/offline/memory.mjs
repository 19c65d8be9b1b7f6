// A store in memory with the shelves of store.js: what it gives is a copy, as from a database.
export function memory() {
  const shelves = new Map();
  const rows = (shelf) => shelves.get(shelf) ?? shelves.set(shelf, new Map()).get(shelf);
  const copy = (value) => (value === undefined ? undefined : structuredClone(value));
  return {
    get: async (shelf, key) => copy(rows(shelf).get(key)),
    all: async (shelf) => [...rows(shelf).values()].map(copy),
    keys: async (shelf) => [...rows(shelf).keys()],
    put: async (shelf, key, value) => void rows(shelf).set(key, copy(value)),
    remove: async (shelf, key) => void rows(shelf).delete(key),
  };
}
