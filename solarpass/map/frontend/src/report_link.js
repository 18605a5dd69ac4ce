// The way from a place on the walker's map to a report that its shade is shown wrong.

const KEPT = ["city", "lang"]; // of the link, as the lobby keeps them

/** Link to the form for a place (`lng`, `lat` in degrees); `search` is the page's own link. */
export function reportOf({ lng, lat }, search) {
  const now = new URLSearchParams(search);
  const kept = KEPT.filter((name) => now.has(name)).map((name) => [name, now.get(name)]);
  const at = `${lat.toFixed(5)},${lng.toFixed(5)}`; // about a metre
  return `?${new URLSearchParams([["face", "report"], ["at", at], ["category", "wrong_shade"], ...kept])}`;
}
