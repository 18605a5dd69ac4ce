// The city's face: how hot it gets where people wait, as a map, a list, and object by object.
import { Asking } from "./asking.js";
import { element } from "./element.js";
import { aboutData, sayWeather, trackOf } from "./heat_about.js";
import { HeatCard } from "./heat_card.js";
import { HeatHead, HeatTabs } from "./heat_head.js";
import { HeatList } from "./heat_list.js";
import { HeatMap } from "./heat_map.js";
import { HeatSite, isWorth, standAt } from "./heat_site.js";
import { asLink, elsewhereOf, NO_WISH, readPlace, rewrite, sieveOf, wishOf } from "./heat_link.js";
import { HeatShade } from "./heat_shade.js";
import { shareOf } from "./heat_share.js";
import { rowsOf, timeAt } from "./heat_table.js";
import { HeatWarning } from "./heat_warning.js";
import { HeatWords } from "./heat_words.js";
import { PlanPanel } from "./plan_panel.js";
import { PlanSite } from "./plan_site.js";
import { inviteTo } from "./report_invite.js";
import { ReportShown } from "./report_shown.js";
import { isDark } from "./theme.js";

const OPENED = "heatOpened"; // marks the steps of the browser's history that pick() made

export class HeatFace {
  constructor(root) {
    this.awaited = null;
    this.asking = new Asking();
    this.table = null;
    this.rows = null;
    this.view = "list";
    this.sieve = {};
    this.map = new HeatMap({
      picked: (id) => this.pick(this.find(id)),
      heard: (id) => this.hear(id),
      shone: (rank, at) => this.shine(this.shade.find(rank), at),
    });
    this.list = new HeatList({
      picked: (row) => this.pick(row),
      sifted: (isFinal) => this.sift(isFinal),
    });
    this.shade = new HeatShade({
      picked: (stretch) => {
        this.showMap();
        this.map.goTo(stretch);
        this.card.close();
        this.frame.scrollIntoView({ block: "start" }); // on a phone the map stands above
      },
      changed: () => this.showMap(),
    });
    this.card = new HeatCard({ picked: (id) => this.pick(this.find(id)) });
    this.warning = new HeatWarning();
    this.site = new HeatSite({ left: () => this.leave() });
    this.helps = new PlanSite();
    this.plan = new PlanPanel({
      picked: (row) => this.pick(row),
      wished: (_, isFinal) => isFinal && this.writeLink(),
      changed: (isNews) => {
        if (isNews) this.news.textContent = this.plan.news;
        this.showMap();
      },
    });
    this.voices = new ReportShown({ changed: () => this.table && this.show() });
    this.tabs = new HeatTabs({ turned: (view) => this.turnTo(view) });
    this.head = new HeatHead({ asked: (change) => this.ask(change) });
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
    this.hourRow = element("div", { class: "row hour" }, this.hourText, this.hours);
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
      this.head.row,
      this.head.faults,
      this.warning.frame,
      this.hourRow,
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
    const isWished = ({ budget, upkeep, fair, only }) => `${budget} ${upkeep} ${fair} ${only}`;
    const isSifted = ({ sieve, shade }) => JSON.stringify([sieve, shade]);
    if (!before || isSifted(before) !== isSifted(data)) {
      Object.assign(this.sieve, data.sieve);
      this.list.nearName = data.near_name ?? this.list.nearName;
    }
    if (!before || isWished(before) !== isWished(data) || before.shade !== data.shade)
      this.wish(data, data.shade);
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
    this.head.update(data, words);
    const { warnings, day_text: day, city } = data;
    this.warning.update({ warnings, words, city: city.name, day });
    this.day.value = data.day;
    this.sayAbout();
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
    this.head.tell([...this.data.faults, told]);
    this.show();
  }

  take(table) {
    this.table = table;
    this.rows = rowsOf(table);
    this.hold(null);
    if (this.chosen && !this.find(this.chosen)) {
      this.chosen = null;
      this.head.tell([...this.data.faults, this.words.say("bad_site")]);
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
    this.voices.update({ folder: data.report, words });
    const row = this.find(this.chosen);
    this.hours.value = time;
    this.sayHour();
    const label = row ? [] : [element("b", {}, `${words.say("not_official")}. `)];
    const means = row ? [element("br", {}), words.say("felt_means")] : [];
    this.note.replaceChildren(...label, this.sayDay(), ...means);
    const clock = words.hour(table.hours[time]);
    this.list.update({
      ...{ rows, time, clock, words, levels: data.levels, hour: this.hour, sieve: this.sieve },
      ...{ places: data.places, address: data.heat, reach: data.near_m },
      isMapped: table.is_mapped,
    });
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
        official: this.warning.frame,
        helps: this.helps.frame,
        voices: this.voicesOf(row),
      });
    const sifted = this.list.tell();
    const plans = { folder: data.plan, rows, words, levels: data.levels, sifted };
    if (this.view === "plan") this.plan.update(plans);
    if (this.view === "shade") this.shade.update({ address: data.missing, words });
    if (row) this.helps.update({ row, folder: data.plan, words, work: this.workOf(row) });
    this.lay(row);
    this.showMap();
  }

  /** What people report of an object, and the way to its form. */
  voicesOf(row) {
    const { words, data } = this;
    const isOpen = (name) => Boolean(this.site.body.querySelector(`details.${name}`)?.open);
    const asked = { words, city: data.city_key, folder: data.report, isOpen: isOpen("qr-told") };
    const [base, folder] = [data.heat.replace(/\/heat\/.*/, ""), data.heat.replace(/\/[^/]*$/, "")];
    const shared = { words, city: data.city_key, base, folder, isOpen: isOpen("share-told") };
    return [...this.voices.told(row), ...inviteTo(row, asked), ...shareOf(row, shared)];
  }

  /** Lay out the object, the plan or the list, with what stands around it. */
  lay(row) {
    this.tabs.update(this.view, this.words);
    this.hourRow.hidden = this.view === "shade" && !row; // which is of the whole day
    const { site, plan, list, shade, tabs, note } = this;
    const views = {
      list: [note, this.voices.frame, list.frame],
      plan: [plan.frame, note],
      shade: [shade.frame],
    };
    if (!row) this.hourRow.before(this.warning.frame); // beside the level of an object, else above all
    const shown = row ? [site.frame] : [tabs.frame, ...views[this.view]];
    const isSame = shown.length === this.body.children.length;
    if (!isSame || shown.some((part, at) => part !== this.body.children[at]))
      this.body.replaceChildren(...shown);
  }

  /** What the plan does at an object; null where nothing, or nothing is planned. */
  workOf(row) {
    return (this.view === "plan" && this.plan.works.get(row.id)) || null;
  }

  showMap() {
    const { data, words, time } = this;
    const chosen = this.find(this.chosen);
    const isPlanning = this.view === "plan";
    const isPlan = isPlanning && !chosen && this.rows;
    const rows = isPlan ? this.plan.turn(this.rows) : this.rows;
    const stand = chosen && standAt(chosen, this.table.places, time);
    this.map.update({
      city: data.city,
      levels: data.levels,
      words,
      rows,
      found: isPlan && !this.plan.wish.only ? rows : this.list.found,
      planned: isPlanning && rows ? [...this.plan.works.keys()] : [],
      time,
      chosen,
      stand: isWorth(stand) && chosen.levels[time] !== "0" ? stand : null,
      voices: this.voices,
      shade: this.view === "shade" && !chosen ? this.shade : null,
    });
  }

  sayHour() {
    const clock = this.words.hour(this.table.hours[this.time]);
    this.hourText.textContent = clock;
    this.hours.setAttribute("aria-valuetext", clock);
  }

  /** The day that the heat is reckoned for. */
  sayDay() {
    const { words, data, table } = this;
    if (this.awaited) return words.say(this.awaited, { day: data.day_text });
    return sayWeather(table.weather, data, words);
  }

  sayAbout() {
    const { words, table, data } = this;
    this.dayLabel.replaceChildren(element("span", {}, words.say("day")), this.day);
    this.about.replaceChildren(
      element("h2", {}, words.say("about")),
      this.dayLabel,
      this.wait,
      ...aboutData(table, data, words),
    );
  }

  /** Colour the slider by how hot each hour is on average. */
  paintTrack() {
    const { table, rows, data } = this;
    this.hours.style.setProperty("--track", trackOf(table.hours, rows, data.levels));
  }

  /** Turn to another hour of the day, wholly in the browser. */
  turn(time) {
    this.hour = Number(this.table.hours[time].slice(0, 2));
    this.turning ??= requestAnimationFrame(() => {
      this.turning = null;
      this.show();
    });
  }

  /** Take over a wish for a plan; one without a budget is for the list, or for missing shade. */
  wish({ budget, upkeep, fair, only }, isShade) {
    const isPlanning = budget !== null && budget !== undefined;
    this.view = isPlanning ? "plan" : isShade ? "shade" : "list";
    const [isFair, isOnly] = [Boolean(fair), Boolean(only)];
    if (isPlanning) this.plan.wishFor({ budget, upkeep: upkeep ?? null, fair: isFair, only: isOnly });
  }

  /** Wish, filter and view as the link has them; nothing of a plan where none is open. */
  get wished() {
    const shade = this.view === "shade" ? 1 : null;
    return { ...asLink(this.view === "plan" ? this.plan.wish : NO_WISH), ...this.sieve, shade };
  }

  /** Show what the filter leaves; around a place the map goes there. */
  sift(isFinal) {
    this.showMap();
    const near = readPlace(this.sieve.near);
    if (near && this.sieve.near !== this.gone) this.map.goAround(near, this.data.near_m);
    this.gone = this.sieve.near;
    if (isFinal) this.writeLink();
  }

  /** Open the card of a report on the map. */
  hear(id) {
    const report = this.voices.reports.find((one) => one.id === id);
    const { voices, words } = this;
    if (report) this.card.tell(this.map.map, { report, voices, words, row: this.find(report.site) });
  }

  /** Open the card of a stretch without shade, where it was tapped. */
  shine(stretch, at) {
    const { words, shade } = this;
    shade.mark(stretch);
    this.showMap();
    const told = shade.sentences(stretch).map((text) => element("p", {}, text));
    this.card.open(this.map.map, { at, title: stretch.name, told, words });
  }

  /** Turn to the plan, to the list, or to missing shade. */
  turnTo(view) {
    if (view === this.view) return;
    const { wish } = this.plan;
    this.view = view;
    this.card.close();
    if (view === "plan" && wish.budget === null)
      this.plan.wishFor({ ...wish, budget: this.data.usual_budget });
    history.pushState({ ...history.state }, "", location.href);
    this.writeLink();
    this.show();
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
    const isPlanning = this.view === "plan";
    const listed = isPlanning ? this.plan.answer.frame : this.list.rows;
    const row = [...listed.querySelectorAll("button")];
    const other = isPlanning ? this.plan.title : this.list.search;
    (row.find((button) => button.dataset.site === chosen) ?? other).focus();
  }

  /** Take a step back or forth of the browser's; between list and object, the hour stays. */
  step() {
    const { searchParams: asked } = new URL(location.href);
    if (asked.get("face") !== "heat") return;
    const at = elsewhereOf(location.href);
    if (at !== this.at) this.hour = asked.has("hour") ? Number(asked.get("hour")) : null;
    this.at = at;
    Object.assign(this.sieve, sieveOf(asked));
    this.wish(wishOf(asked), asked.get("shade") === "1");
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
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (this.card.close() || !this.chosen) return;
    if (!event.composedPath()[0].matches?.("select, input[type=date]")) this.leave();
  }

  /** Write hour and object into the address, without a word to the server. */
  writeLink() {
    this.at = elsewhereOf(rewrite({ hour: this.hour, site: this.chosen, ...this.wished }));
  }

  /** Ask the server for something else; it hears the hour, the object and the wish as well. */
  ask(change) {
    const kept = { hour: this.hour ?? null, site: this.chosen ?? null, ...this.wished };
    this.asking.ask({ ...kept, ...change });
  }

  paint() {
    this.panel.classList.toggle("dark", isDark(this.frame));
    this.map.paint();
  }

  remove() {
    this.asked?.abort();
    this.plan.stop();
    this.shade.stop();
    this.helps.stop();
    removeEventListener("popstate", this.stepped, true);
    removeEventListener("keydown", this.typed);
    this.preference.removeEventListener("change", this.repaint);
    this.map.remove();
    this.frame.remove();
  }
}
