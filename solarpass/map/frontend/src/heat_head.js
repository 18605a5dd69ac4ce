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

/** Two buttons that turn between the list and the plan. */
export class HeatTabs {
  /** `turned(isPlanning)` is told which one wants. */
  constructor({ turned }) {
    const tab = (isPlanning) =>
      element("button", { type: "button", onclick: () => turned(isPlanning) });
    this.frame = element("div", { class: "row tabs", role: "group" }, tab(false), tab(true));
  }

  update(isPlanning, words) {
    this.frame.setAttribute("aria-label", words.say("tabs"));
    ["tab_list", "tab_plan"].forEach((term, at) => {
      const button = this.frame.children[at];
      button.textContent = words.say(term);
      button.setAttribute("aria-pressed", String(Boolean(at) === isPlanning));
    });
  }
}
