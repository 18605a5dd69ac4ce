// Big tiles of which one is chosen: radio buttons, so that arrows and screen readers know them.
import { element } from "./element.js";

/** One of `count` steps as a thermometer, filled so far; the words beside it say the same. */
export function steps(filled, count) {
  const marks = Array.from({ length: count }, (_, at) =>
    element("i", { class: at < filled ? "full" : null }),
  );
  return element("span", { class: "steps", "aria-hidden": "true" }, ...marks);
}

/** Show a fault, name it to screen readers at what it is about, and bring it into view. */
export function tellFault(fault, about, text) {
  fault.textContent = text;
  fault.hidden = !text;
  if (text) {
    about.setAttribute("aria-invalid", "true");
    about.setAttribute("aria-describedby", fault.id);
  } else for (const name of ["aria-invalid", "aria-describedby"]) about.removeAttribute(name);
}

export class ReportTiles {
  /** `options` are pairs of a value and a symbol, which may be null. */
  constructor({ name, options, chosen }) {
    this.name = name;
    this.inputs = options.map(([value]) =>
      element("input", {
        type: "radio",
        name: `report-${name}`,
        id: `report-${name}-${value}`,
        value,
        onchange: () => {
          this.refuse("");
          chosen();
        },
      }),
    );
    this.texts = options.map(() => element("span", { class: "tile-text" }));
    const tiles = options.map(([value, symbol], at) =>
      element(
        "label",
        { class: "tile", for: `report-${name}-${value}` },
        this.inputs[at],
        symbol,
        this.texts[at],
      ),
    );
    this.title = element("legend", {});
    this.fault = element("p", { id: `report-${name}-fault`, class: "fault", hidden: true });
    this.frame = element(
      "fieldset",
      { class: `part tiles ${name}`, role: "radiogroup" },
      this.title,
      this.fault,
      element("div", { class: "tile-list" }, ...tiles),
    );
  }

  say(title, textOf) {
    this.title.textContent = title;
    this.inputs.forEach((input, at) => {
      this.texts[at].textContent = textOf(input.value);
    });
  }

  get value() {
    return this.inputs.find((input) => input.checked)?.value ?? null;
  }

  set value(value) {
    for (const input of this.inputs) input.checked = input.value === value;
  }

  /** Say what is wrong where it is to be mended; nothing if `text` is empty. */
  refuse(text) {
    tellFault(this.fault, this.frame, text);
  }

  focus() {
    this.inputs[0].focus({ preventScroll: !this.fault.hidden });
  }
}
