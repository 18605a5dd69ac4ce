// The city's face: how hot it gets where people wait, as a map, a list, and object by object.
import { Asking } from "./asking.js";
import { element } from "./element.js";
import { HeatList } from "./heat_list.js";
import { HeatMap } from "./heat_map.js";
import { HeatSite, isWorth, standAt } from "./heat_site.js";
import { rowsOf, timeAt } from "./heat_table.js";
import { HeatWords } from "./heat_words.js";
import { isDark } from "./theme.js";

export class HeatFace {
  constructor(root) {
    this.asking = new Asking();
    this.rows = null;
    this.map = new HeatMap({ picked: (id) => this.pick(this.find(id)) });
    this.list = new HeatList({
      picked: (row) => this.pick(row),
      sifted: () => this.showMap(),
    });
    this.site = new HeatSite({ left: () => this.leave() });
    this.title = element("h1", {});
    this.language = element("button", {
      type: "button",
      class: "language",
      onclick: () => this.ask({ lang: this.data.other_language }),
    });
    this.cities = element("select", { onchange: () => this.ask({ city: this.cities.value }) });
    this.faults = element("div", { class: "faults" });
    this.hourText = element("label", { for: "heat-hour", class: "hour-text" });
    this.hours = element("input", {
      type: "range",
      id: "heat-hour",
      class: "hours",
      min: 0,
      max: 23,
      step: 1,
      oninput: () => this.turn(Number(this.hours.value)),
      onchange: () => this.writeLink(), // not for each hour passed: browsers allow few a second
    });
    this.note = element("p", { class: "small note" });
    this.body = element("div", { class: "heat-body" });
    this.day = element("input", {
      type: "date",
      min: "1950-01-01",
      max: "2100-12-31",
      required: true,
      onchange: () => this.day.value && this.ask({ day: this.day.value }),
    });
    this.dayLabel = element("label", { class: "row day" });
    this.about = element("section", { class: "about" });
    this.news = element("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.panel = element(
      "div",
      { class: "question heat-panel" },
      element("div", { class: "row head" }, this.title, this.cities, this.language),
      this.faults,
      element("div", { class: "row hour" }, this.hourText, this.hours),
      this.body,
      this.about,
      this.news,
    );
    this.frame = element("div", { class: "heat" }, this.map.frame, this.panel);
    root.append(this.frame);
    this.preference = matchMedia("(prefers-color-scheme: dark)");
    this.repaint = () => setTimeout(() => this.paint(), 100); // Streamlit changes colours first
    this.preference.addEventListener("change", this.repaint);
  }

  update(component) {
    this.asking.update(component);
    const before = this.data;
    this.data = component.data;
    const { data } = this;
    if (before?.hour !== data.hour) this.hour = data.hour;
    if (before?.site !== data.site) this.chosen = data.site;
    this.words = new HeatWords(data);
    document.documentElement.lang = data.language;
    this.panel.classList.toggle("dark", isDark(this.frame));
    this.sayWords();
    if (before?.heat !== data.heat) this.load(data.heat);
    this.show();
  }

  sayWords() {
    const { data, words } = this;
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
    this.tellFaults(data.faults);
    this.day.value = data.day;
    this.sayAbout();
  }

  tellFaults(faults) {
    this.faults.replaceChildren(
      ...faults.map((text) => element("p", { class: "fault", role: "alert" }, text)),
    );
  }

  /** Fetch the heat, which the server may still be reckoning. */
  async load(address) {
    this.asked?.abort();
    this.asked = new AbortController();
    Object.assign(this, { table: null, rows: null });
    this.map.say(this.words.say("heat_reckoned"));
    try {
      const answer = await fetch(new URL(address, location.href), { signal: this.asked.signal });
      const table = answer.ok ? await answer.json() : null;
      if (!table || "fault" in table) this.fail(table);
      else this.take(table);
    } catch (error) {
      if (error.name !== "AbortError") this.fail(null);
    }
  }

  fail(table) {
    const told = table?.fault
      ? this.words.say("heat_fault", { reason: table.fault })
      : this.words.say("heat_lost");
    this.map.say("");
    this.tellFaults([...this.data.faults, told]);
  }

  take(table) {
    this.table = table;
    this.rows = rowsOf(table);
    this.map.say("");
    if (this.chosen && !this.find(this.chosen)) {
      this.chosen = null;
      this.tellFaults([...this.data.faults, this.words.say("bad_site")]);
    }
    this.hours.max = table.hours.length - 1;
    this.paintTrack();
    this.sayAbout();
    this.show();
    performance.mark("hiro-heat-shown");
  }

  find(id) {
    return this.rows?.find((row) => row.id === id) ?? null;
  }

  get time() {
    return this.table ? timeAt(this.table, this.hour) : 0;
  }

  show() {
    const { table, rows, words, data, time } = this;
    this.hours.disabled = !table;
    if (!table) {
      this.hourText.textContent = words.say("hour");
      this.note.textContent = words.say("not_official");
      this.body.replaceChildren(this.note, element("p", {}, words.say("heat_intro")));
      this.showMap();
      return;
    }
    const row = this.find(this.chosen);
    this.hours.value = time;
    this.sayHour();
    const label = row ? [] : [element("b", {}, `${words.say("not_official")}. `)];
    this.note.replaceChildren(...label, `${words.say("dwd_short")} ${this.sayDay()}.`);
    const clock = words.hour(table.hours[time]);
    this.list.update({ rows, time, clock, words, levels: data.levels });
    if (row)
      this.site.update({
        row,
        table,
        time,
        words,
        levels: data.levels,
        reach: data.reach_m,
        city: data.city_key,
        note: this.note,
      });
    const shown = row ? this.site.frame : this.list.frame;
    if (this.body.lastChild !== shown) this.body.replaceChildren(shown);
    if (!row) this.body.prepend(this.note);
    this.showMap();
  }

  showMap() {
    const { data, words, rows, time } = this;
    const chosen = this.find(this.chosen);
    const stand = chosen && standAt(chosen, this.table.places, time);
    this.map.update({
      city: data.city,
      levels: data.levels,
      words,
      rows,
      found: this.list.found,
      time,
      chosen,
      stand: isWorth(stand) && chosen.levels[time] !== "0" ? stand : null,
    });
  }

  sayHour() {
    const clock = this.words.hour(this.table.hours[this.time]);
    this.hourText.textContent = clock;
    this.hours.setAttribute("aria-valuetext", clock);
    this.hours.setAttribute("aria-label", this.words.say("hour"));
  }

  /** The day that the heat is reckoned for. */
  sayDay() {
    const { words, data } = this;
    const { is_assumed: isAssumed, source, air, vapour, wind } = this.table.weather;
    if (!isAssumed) return words.say("assumed_weather", { source });
    return words.say("assumed_day", {
      day: data.day_text,
      air: words.number(air),
      vapour: words.number(vapour),
      wind: words.number(wind, Number.isInteger(wind) ? 0 : 1),
    });
  }

  sayAbout() {
    const { words, table, data } = this;
    const paragraph = (text) => element("p", { class: "small" }, text);
    const credit = element("p", { class: "small credit" });
    credit.innerHTML = data.city.attribution; // links of our own, escaped by the server
    credit.prepend(`${words.say("data")}: `);
    if (table?.credits.length) credit.append(`; ${table.credits.join("; ")}`);
    this.dayLabel.replaceChildren(element("span", {}, words.say("day")), this.day);
    this.about.replaceChildren(
      element("h2", {}, words.say("about")),
      this.dayLabel,
      ...(table ? [paragraph(words.say("assumed_why", table.weather))] : []),
      paragraph(words.say("dwd")),
      credit,
    );
  }

  /** Colour the slider by how hot each hour is on average. */
  paintTrack() {
    const { table, rows, data } = this;
    const n = table.hours.length;
    const parts = table.hours.map((_, at) => {
      const known = rows.map((row) => row.levels[at]).filter((digit) => digit !== "?");
      const mean = known.reduce((sum, digit) => sum + Number(digit), 0) / (known.length || 1);
      const { colour } = data.levels[known.length ? Math.round(mean) : data.levels.length - 1];
      return `${colour} ${((100 * at) / n).toFixed(2)}% ${((100 * (at + 1)) / n).toFixed(2)}%`;
    });
    this.hours.style.setProperty("--track", `linear-gradient(90deg, ${parts.join(", ")})`);
  }

  /** Turn to another hour of the day, wholly in the browser. */
  turn(time) {
    this.hour = Number(this.table.hours[time].slice(0, 2));
    this.turning ??= requestAnimationFrame(() => {
      this.turning = null;
      this.show();
    });
  }

  pick(row) {
    if (!row) return;
    this.chosen = row.id;
    this.writeLink();
    this.show();
    this.news.textContent = this.words.name(row);
    this.site.title.focus({ preventScroll: true });
    this.panel.scrollTop = 0;
    this.frame.scrollIntoView({ block: "start" }); // on a phone: the map, and the answer below it
  }

  leave() {
    const { chosen } = this;
    this.chosen = null;
    this.writeLink();
    this.show();
    const row = [...this.list.rows.querySelectorAll("button")];
    (row.find((button) => button.dataset.site === chosen) ?? this.list.search).focus();
  }

  /** Write hour and object into the address, without a word to the server. */
  writeLink() {
    const url = new URL(location.href);
    const told = { hour: this.hour, site: this.chosen };
    for (const [key, value] of Object.entries(told))
      if (value === null || value === undefined) url.searchParams.delete(key);
      else url.searchParams.set(key, value);
    history.replaceState(history.state, "", url);
  }

  /** Ask the server for something else; it hears the hour and the object as well. */
  ask(change) {
    this.asking.ask({ hour: this.hour ?? null, site: this.chosen ?? null, ...change });
  }

  paint() {
    this.panel.classList.toggle("dark", isDark(this.frame));
    this.map.paint();
  }

  remove() {
    this.asked?.abort();
    this.preference.removeEventListener("change", this.repaint);
    this.map.remove();
    this.frame.remove();
  }
}
