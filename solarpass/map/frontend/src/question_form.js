// The question in words and numbers: from where to where, when, and how much longer at most.
import { Asking } from "./asking.js";
import { clockText, dayTrack, minutesOf, STEP_MIN } from "./clock.js";
import { dayClock } from "./day_clock.js";
import { element } from "./element.js";
import { copyLink } from "./link.js";
import { PlaceField } from "./place_field.js";
import { isDark } from "./theme.js";

const KINDS = ["address", "place", "stop", "street"];
const WHO = ["walk", "pram", "wheelchair"];
const WISHES = ["lit", "quiet"];
const PACES = { slow: "0.83", usual: "", fast: "1.67" }; // metres a second; our choice
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export class QuestionForm {
  constructor(root) {
    this.asking = new Asking();
    this.from = new PlaceField("from", "A", (place) => this.ask({ from: place }));
    this.to = new PlaceField("to", "B", (place) => this.ask({ to: place }));
    this.title = element("h1", {}, "SolarPass");
    this.language = element("button", {
      type: "button",
      class: "language",
      onclick: () => this.ask({ lang: this.data.other_language }),
    });
    this.city = element("select", { onchange: () => this.ask({ city: this.city.value }) });
    this.swap = this.button("swap", () => this.ask({ from: this.ends.to, to: this.ends.from }));
    this.clear = this.button("clear", () => this.ask({ from: null, to: null, check: null }));
    this.share = this.button("share", () => this.copy());
    this.address = element("input", { class: "address", readonly: true, hidden: true });
    this.day = element("input", {
      type: "date",
      min: "1950-01-01",
      max: "2100-12-31",
      required: true,
      onchange: () => this.askTime(this.time.value),
    });
    this.timeNote = element("div", { class: "no-match", role: "status", hidden: true });
    // As text, for a native time field shows 2 PM to whoever's browser speaks American.
    this.time = element("input", {
      type: "text",
      inputmode: "numeric",
      maxlength: 5,
      autocomplete: "off",
      onfocus: () => this.time.select(),
      oninput: () => {
        this.typingTime = true;
      },
      onblur: () => {
        this.typingTime = false;
      },
      onchange: () => this.askTime(this.time.value),
    });
    this.now = this.button("now", () => this.ask({ at: null }));
    this.hours = element("input", {
      type: "range",
      class: "hours",
      min: 0,
      max: 24 * 60 - STEP_MIN,
      step: STEP_MIN,
      oninput: () => {
        const minutes = Number(this.hours.value); // before the clock's pause writes it anew
        this.sliding = true;
        dayClock.pause();
        dayClock.set(minutes);
      },
      onchange: () => {
        this.sliding = false;
        this.askTime(clockText(Number(this.hours.value)));
      },
    });
    this.play = this.button("play", () => this.playOrPause());
    this.ignoreClock = dayClock.on(() => this.sayClock());
    this.budget = element("input", {
      type: "range",
      min: 0,
      max: 50,
      step: 5,
      id: "budget",
      oninput: () => this.sayBudget(),
      onchange: () => this.ask({ budget: Number(this.budget.value) / 100 }),
    });
    this.budgetText = element("label", { for: "budget", class: "budget-text" });
    this.who = element("select", { id: "who", onchange: () => this.askProfile() });
    this.whoText = element("label", { for: "who" });
    this.pace = element("select", {
      id: "pace",
      onchange: () => this.ask({ speed: this.pace.value || null }),
    });
    this.paceText = element("label", { for: "pace" });
    this.wishes = Object.fromEntries(
      WISHES.map((wish) => {
        const box = element("input", { type: "checkbox", onchange: () => this.askProfile() });
        return [wish, { box, text: element("span") }];
      }),
    );
    this.summary = element("summary");
    this.news = element("div", { class: "unseen", role: "status" });
    this.frame = this.lay();
    root.append(this.frame);
  }

  button(name, onclick) {
    return element("button", { type: "button", class: name, onclick });
  }

  lay() {
    const row = (name, ...parts) => element("div", { class: `row ${name}` }, ...parts);
    return element(
      "div",
      { class: "question" },
      row("head", this.title, this.city, this.language),
      row(
        "ends",
        element("div", { class: "fields" }, ...this.from.parts, ...this.to.parts),
        this.swap,
      ),
      row("when", this.day, this.time, this.now),
      this.timeNote,
      row("track", this.play, this.hours),
      row("budget", this.budgetText, this.budget),
      element(
        "details",
        { class: "options" },
        this.summary,
        row("option", this.whoText, this.who),
        row("option", this.paceText, this.pace),
        ...Object.values(this.wishes).map(({ box, text }) =>
          element("label", { class: "row wish" }, box, text),
        ),
      ),
      row("actions", this.share, this.clear),
      this.address,
      this.news,
    );
  }

  update(component) {
    this.asking.update(component);
    this.data = component.data;
    const { words, ends, at, budget, cities } = this.data;
    this.ends = { ...ends };
    document.documentElement.lang = this.data.language;
    this.frame.classList.toggle("dark", isDark(this.frame));
    this.sayWords(words);
    this.sayCities(cities);
    const kinds = Object.fromEntries(KINDS.map((kind) => [kind, words[`kind_${kind}`]]));
    const search = { address: this.data.places, nothing: words.nothing_found, kinds };
    this.from.update({
      ...search,
      place: ends.from,
      label: words.from,
      placeholder: words.from_hint,
    });
    this.to.update({ ...search, place: ends.to, label: words.to, placeholder: words.to_hint });
    const [day, time] = at.split("T");
    if (this.day.value || !this.day.matches(":focus")) this.day.value = day; // else half typed
    this.timeNote.hidden = true;
    if (!this.sliding && !dayClock.isPlaying) {
      if (!this.typingTime) this.time.value = time;
      this.hours.value = minutesOf(time);
      this.hours.setAttribute("aria-valuetext", time);
      dayClock.show(day, minutesOf(time));
    }
    this.hours.style.setProperty(
      "--track",
      dayTrack({ ...this.data.day, light: "#f2b33d", dark: "#3b4a68" }),
    );
    this.budget.value = Math.round(budget * 100);
    this.sayBudget();
    this.sayOptions();
    this.swap.hidden = !ends.from && !ends.to;
    this.clear.hidden = this.swap.hidden && !this.data.is_checking;
    this.share.hidden = !(ends.from && ends.to);
    this.address.hidden = true;
  }

  sayWords(words) {
    for (const name of ["now", "clear", "share"]) this[name].textContent = words[name];
    this.swap.setAttribute("aria-label", words.swap);
    this.swap.title = words.swap;
    this.day.setAttribute("aria-label", words.date);
    this.time.setAttribute("aria-label", words.time);
    this.hours.setAttribute("aria-label", words.time_of_day);
    this.address.setAttribute("aria-label", words.share);
    this.city.setAttribute("aria-label", words.city);
    this.sayPlay();
    this.language.textContent = words.other_language;
    this.language.lang = this.data.other_language;
  }

  sayCities(cities) {
    this.city.hidden = cities.length < 2;
    this.city.replaceChildren(
      ...cities.map(({ key, name }) =>
        element("option", { value: key, selected: key === this.data.city }, name),
      ),
    );
  }

  sayBudget() {
    const { words, shortest_s: shortest } = this.data;
    const percent = Number(this.budget.value);
    // As the cards round them, so that "3 min longer" never exceeds what is allowed here.
    const whole = (seconds) => Math.floor(seconds / 60 + 0.5);
    const more = whole(shortest * (1 + percent / 100)) - whole(shortest);
    const text = shortest === null ? words.budget : words.budget_minutes;
    this.budgetText.textContent = fill(text, {
      percent: `${percent}\u00a0%`,
      minutes: `${more}\u00a0min`,
    });
    this.budget.setAttribute("aria-valuetext", this.budgetText.textContent);
  }

  sayOptions() {
    const { words, profile, speed } = this.data;
    this.whoText.textContent = words.who;
    this.paceText.textContent = words.pace;
    const choose = (select, options, chosen) =>
      select.replaceChildren(
        ...options.map(([value, text]) =>
          element("option", { value, selected: value === chosen }, text),
        ),
      );
    choose(
      this.who,
      WHO.map((who) => [who, words[`who_${who}`]]),
      profile.who,
    );
    const pace = speed === null ? "" : String(speed);
    const paces = Object.entries(PACES).map(([name, value]) => [value, words[`pace_${name}`]]);
    if (!paces.some(([value]) => value === pace)) paces.push([pace, words.pace_own]);
    choose(this.pace, paces, pace);
    for (const [wish, { box, text }] of Object.entries(this.wishes)) {
      box.checked = profile[wish];
      text.textContent = words[`wish_${wish}`];
    }
    const wished = WISHES.filter((wish) => profile[wish]).map((wish) => words[`wish_${wish}`]);
    const told = [words[`who_${profile.who}`], ...wished];
    if (pace) told.push(paces.find(([value]) => value === pace)[1]);
    this.summary.textContent = `${words.options}: ${told.join(", ")}`;
  }

  askProfile() {
    const wished = WISHES.filter((wish) => this.wishes[wish].box.checked);
    this.ask({ profile: [this.who.value, ...wished].join("+") });
  }

  /** Say what the clock shows, whoever moved it. */
  sayClock() {
    this.hours.value = dayClock.minutes;
    this.time.value = clockText(dayClock.minutes);
    this.hours.setAttribute("aria-valuetext", this.time.value);
    this.sayPlay();
    if (this.wasPlaying && !dayClock.isPlaying && !this.sliding) this.askTime(this.time.value);
    this.wasPlaying = dayClock.isPlaying;
  }

  sayPlay() {
    const { play, pause } = this.data.words;
    this.play.textContent = dayClock.isPlaying ? "\u23f8\ufe0e" : "\u25b6\ufe0e";
    this.play.title = dayClock.isPlaying ? pause : play;
    this.play.setAttribute("aria-label", this.play.title);
  }

  playOrPause() {
    if (dayClock.isPlaying) dayClock.pause();
    else dayClock.play();
  }

  askTime(text) {
    const minutes = minutesOf(text);
    this.typingTime = false;
    this.timeNote.hidden = minutes !== null;
    this.timeNote.textContent = minutes === null ? this.data.words.bad_time : "";
    this.time.value = minutes === null ? this.data.at.split("T")[1] : clockText(minutes);
    if (minutes === null || !this.day.value || !this.day.validity.valid) return; // half typed
    this.ask({ at: `${this.day.value}T${this.time.value}` });
  }

  ask(change) {
    for (const end of ["from", "to"]) if (end in change) this.ends[end] = change[end];
    this.asking.ask(change);
  }

  async copy() {
    const copied = await copyLink(location.href);
    this.news.textContent = copied ? this.data.words.copied : "";
    if (copied) {
      this.share.textContent = this.data.words.copied;
      return;
    }
    this.address.value = location.href; // no right to the clipboard: to be copied by hand
    this.address.hidden = false;
    this.address.select();
  }

  remove() {
    this.ignoreClock();
    dayClock.halt();
    this.frame.remove();
  }
}
