// What one may mean by a search: a kind of object, or all that is near a place of the city.
import { element } from "./element.js";
import { folded } from "./heat_table.js";

const WAIT_MS = 250; // after the last letter
const LEAST = 3; // letters from which places are searched
const MOST = 3; // places that are offered; our choice

export class HeatNear {
  /** `picked(change)` is told what to ask of the list instead, `{ kind }` or `{ near, name }`. */
  constructor({ picked }) {
    this.picked = picked;
    this.title = element("span", { class: "small" });
    this.buttons = element("span", { class: "near-buttons" });
    this.frame = element("p", { class: "near", hidden: true }, this.title, this.buttons);
  }

  /** Offer what `text` may mean; `kinds` are pairs of a key and its word. */
  update({ text, kinds, words, address }) {
    const key = `${words.language} ${text}`;
    if (key === this.key) return;
    Object.assign(this, { key, words, address });
    clearTimeout(this.waiting);
    this.asked?.abort();
    const sought = folded(text.trim());
    this.kinds = sought.length < LEAST ? [] : kinds.filter(([, word]) => folded(word).includes(sought));
    this.show([]);
    if (sought.length >= LEAST) this.waiting = setTimeout(() => this.search(text.trim()), WAIT_MS);
  }

  async search(text) {
    this.asked = new AbortController();
    const { signal } = this.asked;
    try {
      const answer = await fetch(`${this.address}?q=${encodeURIComponent(text)}`, { signal });
      if (answer.ok) this.show((await answer.json()).slice(0, MOST));
    } catch {
      // The list itself is searched without the server.
    }
  }

  show(places) {
    const { words } = this;
    const button = (text, change) =>
      element("button", { type: "button", onclick: () => this.picked(change) }, text);
    const near = ({ latitude, longitude }) => `${latitude.toFixed(5)},${longitude.toFixed(5)}`;
    this.title.textContent = words.say("near_title");
    this.buttons.replaceChildren(
      ...this.kinds.map(([kind, word]) => button(word, { kind })),
      ...places.map((place) =>
        button(words.say("near_button", { name: place.name }), {
          near: near(place),
          name: place.name,
        }),
      ),
    );
    this.frame.hidden = !this.buttons.children.length;
  }
}
