// The slider between the shortest and the shadiest walk: minutes longer, minutes less sun.
import { element } from "./element.js";
import { isDark } from "./theme.js";
import { walkChoice } from "./walk_choice.js";

export class FrontSlider {
  constructor(root) {
    this.text = element("output", { for: "front", class: "budget-text" });
    this.label = element("label", { for: "front" });
    this.slider = element("input", {
      type: "range",
      id: "front",
      class: "front",
      min: 0,
      step: 1,
      oninput: () => walkChoice.set(Number(this.slider.value)),
    });
    const row = element("div", { class: "row budget" }, this.label, this.text, this.slider);
    this.frame = element("div", { class: "question choose" }, row);
    this.stop = walkChoice.on(() => this.say());
    root.append(this.frame);
  }

  update({ data }) {
    this.data = data;
    this.frame.classList.toggle("dark", isDark(this.frame));
    this.frame.hidden = data.stops.length < 2;
    this.label.textContent = data.words.label;
    this.slider.max = Math.max(data.stops.length - 1, 0);
    walkChoice.reset(data.shown, data.chosen + 1, data.chosen);
    this.say();
  }

  say() {
    if (!this.data?.stops.length) return;
    this.slider.value = walkChoice.number;
    this.text.textContent = this.data.stops[walkChoice.number] ?? "";
    this.slider.setAttribute("aria-valuetext", this.text.textContent);
  }

  remove() {
    this.stop();
    this.frame.remove();
  }
}
