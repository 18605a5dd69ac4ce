// What stands above the heat: its title, the cities, the other language, what could not be read.
import { element } from "./element.js";

export class HeatHead {
  /** `asked(change)` is told which city or language one wants. */
  constructor({ asked }) {
    this.title = element("h1", {});
    this.language = element("button", {
      type: "button",
      class: "language",
      onclick: () => asked({ lang: this.other }),
    });
    this.cities = element("select", { onchange: () => asked({ city: this.cities.value }) });
    this.faults = element("div", { class: "faults" });
    this.row = element("div", { class: "row head" }, this.title, this.cities, this.language);
  }

  update(data, words) {
    this.other = data.other_language;
    this.title.textContent = words.say("heat_title");
    this.language.textContent = data.other_language_name;
    this.language.lang = data.other_language;
    this.cities.hidden = data.cities.length < 2;
    this.cities.setAttribute("aria-label", words.say("city"));
    this.cities.replaceChildren(
      ...data.cities.map(({ key, name }) =>
        element("option", { value: key, selected: key === data.city_key }, name),
      ),
    );
    this.tell(data.faults);
  }

  tell(faults) {
    this.faults.replaceChildren(
      ...faults.map((text) => element("p", { class: "fault", role: "alert" }, text)),
    );
  }
}

/** What stands beside the map: the list, the plan, or where shade is missing. */
export const VIEWS = ["list", "plan", "shade"];

/** Buttons that turn between the views. */
export class HeatTabs {
  /** `turned(view)` is told which one wants. */
  constructor({ turned }) {
    const tab = (view) => element("button", { type: "button", onclick: () => turned(view) });
    this.frame = element("div", { class: "row tabs", role: "group" }, ...VIEWS.map(tab));
  }

  update(view, words) {
    this.frame.setAttribute("aria-label", words.say("tabs"));
    VIEWS.forEach((name, at) => {
      const button = this.frame.children[at];
      button.textContent = words.say(`tab_${name}`);
      button.setAttribute("aria-pressed", String(name === view));
    });
  }
}
