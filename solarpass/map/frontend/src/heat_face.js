// The city's face: how hot it gets where people wait, as a map, a list, and object by object.
import { Asking } from "./asking.js";
import { element } from "./element.js";
import { HeatList } from "./heat_list.js";
import { HeatMap } from "./heat_map.js";
import { HeatSite, isWorth, standAt } from "./heat_site.js";
import { rowsOf, timeAt } from "./heat_table.js";
import { HeatWords } from "./heat_words.js";
import { isDark } from "./theme.js";

const OPENED = "heatOpened"; // marks the steps of the browser's history that pick() made

/** What a link asks beside the hour and the object. */
function elsewhereOf(href) {
  const { searchParams } = new URL(href);
  for (const key of ["hour", "site"]) searchParams.delete(key);
  searchParams.sort();
  return searchParams.toString();
}

export class HeatFace {
  constructor(root) {
    this.awaited = null;
    this.asking = new Asking();
    this.table = null;
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
    this.wait = element("p", { hidden: true });
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
    this.stepped = () => this.step();
    addEventListener("popstate", this.stepped, true); // before Streamlit sends the link on
    this.typed = (event) => this.type(event);
    addEventListener("keydown", this.typed);
    this.at = elsewhereOf(location.href);
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
    if (before?.heat !== data.heat) this.load(data.heat, Boolean(before));
    else if (this.awaited) this.sayAwaited();
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
  async load(address, isAgain) {
    this.asked?.abort();
    this.asked = new AbortController();
    this.hold(isAgain ? "heat_again" : "heat_reckoned");
    try {
      const answer = await fetch(new URL(address, location.href), { signal: this.asked.signal });
      const table = answer.ok ? await answer.json() : null;
      if (answer.status === 503) this.fail(null, "heat_busy");
      else if (!table || "fault" in table) this.fail(table);
      else this.take(table);
    } catch (error) {
      if (error.name !== "AbortError") this.fail(null);
    }
  }

  /** Say that heat is awaited; what stands there of another day is dimmed meanwhile. */
  hold(term) {
    this.awaited = term;
    this.frame.classList.toggle("stale", Boolean(term && this.table));
    this.body.setAttribute("aria-busy", String(term !== null));
    if (term) this.hours.style.removeProperty("--track");
    this.sayAwaited();
  }

  sayAwaited() {
    const told = this.awaited ? this.words.say(this.awaited, { day: this.data.day_text }) : "";
    this.map.say(told);
    this.wait.textContent = told; // beside the day, which on a phone is far below the map
    this.wait.hidden = !told;
  }

  fail(table, term = "heat_lost") {
    const told = table?.fault
      ? this.words.say("heat_fault", { reason: table.fault })
      : this.words.say(term);
    Object.assign(this, { table: null, rows: null });
    this.hold(null);
    this.tellFaults([...this.data.faults, told]);
    this.show();
  }

  take(table) {
    this.table = table;
    this.rows = rowsOf(table);
    this.hold(null);
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
    this.hours.disabled = !table || this.awaited !== null;
    this.hours.setAttribute("aria-label", words.say("hour"));
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
    this.note.replaceChildren(...label, this.sayDay(), element("br", {}), words.say("felt_means"));
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
  }

  /** The day that the heat is reckoned for. */
  sayDay() {
    const { words, data } = this;
    if (this.awaited) return words.say(this.awaited, { day: data.day_text });
    const { is_assumed: isAssumed, source, air, vapour, wind } = this.table.weather;
    if (!isAssumed) return `${words.say("assumed_weather", { source })}.`;
    const told = words.say(data.is_summer ? "assumed_day" : "assumed_off_season", {
      day: data.day_text,
      air: words.number(air),
      vapour: words.number(vapour),
      wind: words.number(wind, Number.isInteger(wind) ? 0 : 1),
    });
    return `${told}.`;
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
      this.wait,
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

  /** Open an object: one step back is the list, also after others were opened on the map. */
  pick(row) {
    if (!row) return;
    if (!this.chosen) history.pushState({ ...history.state, [OPENED]: true }, "", location.href);
    this.chosen = row.id;
    this.writeLink();
    this.show();
    this.news.textContent = this.words.name(row);
    this.site.title.focus({ preventScroll: true });
    this.panel.scrollTop = 0;
    this.frame.scrollIntoView({ block: "start" }); // on a phone: the map, and the answer below it
  }

  /** Close the object: a step back where it was opened from the list, so that none is left over. */
  leave() {
    if (history.state?.[OPENED]) history.back();
    else this.close();
  }

  close() {
    const { chosen } = this;
    this.chosen = null;
    this.writeLink();
    this.show();
    const row = [...this.list.rows.querySelectorAll("button")];
    (row.find((button) => button.dataset.site === chosen) ?? this.list.search).focus();
  }

  /** Take a step back or forth of the browser's; between list and object, the hour stays. */
  step() {
    const { searchParams: asked } = new URL(location.href);
    if (asked.get("face") !== "heat") return;
    const at = elsewhereOf(location.href);
    if (at !== this.at) this.hour = asked.has("hour") ? Number(asked.get("hour")) : null;
    this.at = at;
    const site = asked.get("site");
    if (this.chosen && !site) {
      this.close();
      return;
    }
    this.chosen = site;
    this.writeLink();
    this.show();
  }

  /** Escape closes the object, unless it is pressed to close what a field has unfolded. */
  type(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.chosen) return;
    if (!event.composedPath()[0].matches?.("select, input[type=date]")) this.leave();
  }

  /** Write hour and object into the address, without a word to the server. */
  writeLink() {
    const url = new URL(location.href);
    const told = { hour: this.hour, site: this.chosen };
    for (const [key, value] of Object.entries(told))
      if (value === null || value === undefined) url.searchParams.delete(key);
      else url.searchParams.set(key, value);
    history.replaceState(history.state, "", url);
    this.at = elsewhereOf(url);
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
    removeEventListener("popstate", this.stepped, true);
    removeEventListener("keydown", this.typed);
    this.preference.removeEventListener("change", this.repaint);
    this.map.remove();
    this.frame.remove();
  }
}
