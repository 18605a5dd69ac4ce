// One end of the walk as text: a search box with a short list of matches from the server.
import { element } from "./element.js";

const WAIT_MS = 130; // after the last key

/** Follows the ARIA 1.2 pattern of an editable combobox with a listbox. */
export class PlaceField {
  /** `chosen(place)` is told { latitude, longitude, title }, or null when the field is emptied. */
  constructor(end, letter, chosen) {
    this.chosen = chosen;
    this.matches = [];
    this.active = -1;
    this.shown = "";
    this.typing = false; // what stands in the field is the visitor's, and no update's
    this.list = element("ul", {
      id: `${end}-list`,
      role: "listbox",
      class: "matches",
      hidden: true,
    });
    this.note = element("div", { class: "no-match", role: "status", hidden: true });
    this.input = element("input", {
      id: end,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `${end}-list`,
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onfocus: () => this.entered(),
      onclick: () => this.clicked(),
      onblur: () => setTimeout(() => this.left(), 150), // a tap on a match comes first
    });
    this.label = element("label", { for: end, class: "unseen" });
    this.field = element(
      "div",
      { class: "place" },
      element("span", { class: `letter ${end}`, "aria-hidden": "true" }, letter),
      this.label,
      this.input,
    );
    this.parts = [this.field, this.list, this.note];
  }

  update({ address, place, label, placeholder, nothing, kinds }) {
    this.address = address;
    this.nothing = nothing;
    this.kinds = kinds;
    this.label.textContent = label;
    this.list.setAttribute("aria-label", label);
    this.input.placeholder = placeholder;
    this.shown = place?.title ?? "";
    if (!this.typing) this.show();
  }

  get focused() {
    return this.input.getRootNode().activeElement === this.input;
  }

  /** Write the name of the place, all marked while one is in the field, to be typed over. */
  show() {
    this.typing = false;
    if (this.input.value === this.shown) return;
    this.input.value = this.shown;
    if (this.focused) this.input.select();
  }

  entered() {
    this.fresh = true;
    this.input.select();
  }

  /** Mark all again after the click that entered the field, which has set the cursor. */
  clicked() {
    const { selectionStart, selectionEnd } = this.input;
    if (this.fresh && !this.typing && selectionStart === selectionEnd) this.input.select();
    this.fresh = false;
  }

  typed() {
    this.typing = true;
    clearTimeout(this.waiting);
    const text = this.input.value.trim();
    if (!text) {
      this.close();
      if (this.shown) this.chosen(null);
      return;
    }
    this.waiting = setTimeout(() => this.search(text), WAIT_MS);
  }

  async search(text) {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(`${this.address}?q=${encodeURIComponent(text)}`, {
        signal: this.asked.signal,
      });
      this.open(answer.ok ? await answer.json() : []);
    } catch (error) {
      if (error.name !== "AbortError") this.open([]);
    }
  }

  open(matches) {
    this.matches = matches;
    this.list.replaceChildren(...matches.map((match, index) => this.option(match, index)));
    this.list.hidden = !matches.length;
    this.note.hidden = matches.length > 0;
    this.note.textContent = matches.length ? "" : this.nothing;
    this.input.setAttribute("aria-expanded", String(matches.length > 0));
    this.mark(-1);
    // A phone's keyboard covers the lower half, where the matches would be.
    if (matchMedia("(max-width: 760px)").matches) this.field.scrollIntoView({ block: "start" });
  }

  option(match, index) {
    const detail = [this.kinds[match.kind], match.detail].filter(Boolean).join(", ");
    return element(
      "li",
      {
        id: `${this.list.id}-${index}`,
        role: "option",
        "aria-selected": "false",
        onpointerdown: (event) => event.preventDefault(), // keeps the focus, hence the list
        onclick: () => this.pick(index),
      },
      element("span", {}, match.name),
      element("small", {}, detail),
    );
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  key(event) {
    const n = this.matches.length;
    if (event.key === "ArrowDown" && n) this.mark((this.active + 1) % n);
    else if (event.key === "ArrowUp" && n) this.mark((Math.max(this.active, 0) + n - 1) % n);
    else if (event.key === "Enter" && n) this.pick(Math.max(this.active, 0));
    else if (event.key === "Escape") this.leave();
    else return;
    event.preventDefault();
  }

  pick(index) {
    const { name, latitude, longitude } = this.matches[index];
    this.shown = name;
    this.leave();
    this.chosen({ latitude, longitude, title: name });
  }

  leave() {
    this.close();
    this.show();
  }

  /** Leave, unless one has come back meanwhile. */
  left() {
    if (!this.focused) this.leave();
  }

  close() {
    clearTimeout(this.waiting);
    this.asked?.abort();
    this.matches = [];
    this.list.hidden = this.note.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }
}
