// What the address of the heat asks, as far as the browser writes it without the server.

/** Which objects are shown: the parts of a link, each null where nothing is asked. */
export const SIEVE = ["kind", "shelter", "level", "district", "q", "near"];
const OWN = ["hour", "site", "shade", "budget", "upkeep", "fair", "only", ...SIEVE];
const MOST_EUR = 9_999_999_999; // as the server reads them

export const NO_WISH = { budget: null, upkeep: null, fair: false, only: false };

/** What a link asks beside what the browser writes itself. */
export function elsewhereOf(href) {
  const { searchParams } = new URL(href);
  for (const key of OWN) searchParams.delete(key);
  searchParams.sort();
  return searchParams.toString();
}

/** Whole euros out of what was typed, German or English; null where it holds none. */
export function readEuros(text) {
  const plain = text.replace(/[\s\u00a0\u202f'\u2019€]/g, "");
  const whole = /^\d{1,3}([.,]\d{3})+$/.test(plain)
    ? plain.replace(/[.,]/g, "") // 80.000 and 80,000 are thousands
    : plain.replace(/[.,]\d{0,2}$/, "");
  return /^\d+$/.test(whole) ? Math.min(Number(whole), MOST_EUR) : null;
}

/** The wish for a plan of a link's parts; its budget is null where none is open. */
export function wishOf(asked) {
  const euros = (key) => (asked.has(key) ? readEuros(asked.get(key)) : null);
  const [fair, only] = ["fair", "only"].map((key) => asked.get(key) === "1");
  return { budget: euros("budget"), upkeep: euros("upkeep"), fair, only };
}

/** Which objects a link's parts ask for. */
export function sieveOf(asked) {
  return Object.fromEntries(SIEVE.map((key) => [key, asked.get(key) || null]));
}

/** A place as a link has it, `{ latitude, longitude }`; null where it does not read. */
export function readPlace(text) {
  const found = /^(-?\d{1,3}(?:\.\d+)?),\s?(-?\d{1,3}(?:\.\d+)?)$/.exec(text ?? "");
  return found && { latitude: Number(found[1]), longitude: Number(found[2]) };
}

/** A wish as a link has it. */
export function asLink({ budget, upkeep, fair, only }) {
  return { budget, upkeep, fair: fair ? 1 : null, only: only ? 1 : null };
}

/** Write parts into the address, without a step of the history; null takes one out. */
export function rewrite(told) {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(told))
    if (value === null || value === undefined) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  history.replaceState(history.state, "", url);
  return url;
}
