// Which walk of the answer is looked at: one object for the slider, the map and the cards, so
// that choosing another takes nothing from the server.
const ANSWER = ".stApp";

class WalkChoice {
  constructor() {
    this.number = 0;
    this.key = undefined;
    this.listeners = new Set();
  }

  /** Take over a new answer of `n` walks; one that is known already keeps what was chosen. */
  reset(key, n, chosen) {
    if (key === this.key) return;
    this.key = key;
    this.n = n;
    this.number = undefined;
    this.set(chosen);
  }

  set(number) {
    if (!Number.isInteger(number) || number < 0 || number >= this.n) return;
    if (number === this.number) return;
    this.number = number;
    if (globalThis.document) showPicked(number);
    for (const listener of this.listeners) listener(number);
  }

  /** Be told of every choice; gives what ends that. */
  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Show the chosen walk's texts; as a rule of style, which outlives what the server writes. */
function showPicked(number) {
  let style = document.querySelector("style[data-walk]");
  if (!style) {
    style = document.createElement("style");
    style.dataset.walk = "";
    document.head.append(style);
  }
  style.textContent = `${ANSWER} .pick[data-number]:not([data-number="${number}"]){display:none}`;
}

export const makeWalkChoice = () => new WalkChoice();
export const walkChoice = makeWalkChoice();

/** The walks that are neither the shortest nor the chosen one. */
export function otherWalks(collection, number) {
  return (collection?.features ?? []).filter((_, index) => index !== 0 && index !== number);
}

/** What the map draws: the shortest walk, and over it the chosen one as the one to take. */
export function pickWalks(collection, number) {
  const features = collection?.features ?? [];
  const chosen = features[number];
  if (!chosen || number === 0) return { ...collection, features: features.slice(0, 1) };
  const properties = { ...chosen.properties, kind: "shadiest" };
  return { ...collection, features: [features[0], { ...chosen, properties }] };
}
