// How far a key moves a pin on the screen.

/** Pixels a press, alone and with Shift. */
export const NEAR = 8;
export const FAR = 40;

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The keys a pin hears, as `aria-keyshortcuts` writes them. */
export const KEYS = [...Object.keys(WAYS), "Enter", "Escape"].join(" ");

/** Pixels to the right and down, or null for a key that moves nothing. */
export function stepOf(key, length) {
  if (!Object.hasOwn(WAYS, key)) return null;
  return WAYS[key].map((way) => way * length);
}
