// Whether a PIN may lock a register. Pure: no browser.
// Not here: what is locked with it (vault.js).
export const SHORTEST = 6;
export const TRIES = 5; // wrong PINs, then what is saved is wiped

const SEQUENCE = "01234567890123456789";

/** What is wrong with `pin` as a new one, in words; empty when it will do. */
export function faultOf(pin) {
  if (!/^\d*$/.test(pin)) return "Use numbers only";
  if (pin.length < SHORTEST) return `Use ${SHORTEST} numbers or more`;
  if (/^(\d)\1+$/.test(pin)) return "Choose numbers that are not all the same";
  if (SEQUENCE.includes(pin) || SEQUENCE.includes([...pin].reverse().join(""))) {
    return "Choose numbers that are not in a row, as in 123456";
  }
  if (/^(\d{1,3})\1+$/.test(pin)) return "Choose numbers that do not repeat";
  return "";
}
