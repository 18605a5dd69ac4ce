// The plan: a budget, what is best done for it, and how hot it is where then.
import { element } from "./element.js";
import { NO_WISH, readEuros } from "./heat_link.js";
import { PAGE, PlanAnswer, sayCount } from "./plan_answer.js";
import { PlanDesk } from "./plan_desk.js";
import { euros, sayWait, stepOf } from "./plan_words.js";

const SETTLED_MS = 700; // after the last stroke the best plan is asked for

export class PlanPanel {
  /**
   * `picked(row)` is told whom one chose, `wished(wish, isFinal)` what one asks for, and
   * `changed(isNews)` that another plan, or another side of it, is to be shown.
   */
  constructor({ picked, wished, changed }) {
    Object.assign(this, { picked, wished, changed });
    this.wish = NO_WISH;
    this.build();
  }

  build() {
    this.title = element("h2", { tabindex: -1 });
    this.intro = element("p", {});
    this.status = element("p", { class: "plan-status", role: "status" });
    this.again = element("button", { type: "button", class: "more", onclick: () => this.open() });
    this.fieldLabel = element("label", { for: "plan-euros" });
    const field = (id, read) =>
      element("input", {
        id,
        type: "text", // a number field reads 80.000 as 80, where thousands have dots
        inputmode: "numeric",
        autocomplete: "off",
        oninput: () => this.type(read, false),
        onchange: () => this.type(read, true),
      });
    this.field = field("plan-euros", "budget");
    this.slider = element("input", {
      id: "plan-budget",
      type: "range",
      min: 0,
      step: 1,
      oninput: () => this.slide(false),
      onchange: () => this.slide(true),
    });
    this.told = element("b", { class: "budget-told", "aria-hidden": "true" });
    this.upkeepLabel = element("label", { for: "plan-upkeep" });
    this.upkeep = field("plan-upkeep", "upkeep");
    this.fair = element("input", {
      id: "plan-fair",
      type: "checkbox",
      onchange: () => this.ask({ fair: this.fair.checked }, true),
    });
    this.fairText = element("span", {});
    this.fairWhy = element("p", { class: "small", id: "plan-fair-why" });
    this.fair.setAttribute("aria-describedby", "plan-fair-why");
    this.fairRow = element("label", { class: "switch", for: "plan-fair" }, this.fair, this.fairText);
    this.only = element("input", {
      id: "plan-only",
      type: "checkbox",
      onchange: () => this.ask({ only: this.only.checked, fair: false }, true),
    });
    this.onlyText = element("span", {});
    this.onlyWhy = element("p", { class: "small", id: "plan-only-why" });
    this.only.setAttribute("aria-describedby", "plan-only-why");
    this.onlyRow = element("label", { class: "switch", for: "plan-only" }, this.only, this.onlyText);
    this.form = element(
      "div",
      { class: "plan-form" },
      element("div", { class: "row" }, this.fieldLabel, this.field),
      element("div", { class: "row slide" }, this.slider, this.told),
      element("div", { class: "row" }, this.upkeepLabel, this.upkeep),
      this.onlyRow,
      this.onlyWhy,
      this.fairRow,
      this.fairWhy,
    );
    this.answer = new PlanAnswer({ picked: this.picked, flipped: () => this.changed(false) });
    this.frame = element(
      "section",
      { class: "heat-plan" },
      this.title,
      this.intro,
      this.status,
      this.again,
      this.form,
      this.answer.frame,
    );
  }

  /**
   * Show plans of a `folder`; `rows` are the objects. `sifted` is the list's filter: its parts as
   * a link has them (`sieve`), what they say (`told`), and how many objects they leave (`n`).
   */
  update({ folder, rows, words, levels, sifted }) {
    const key = `${folder} ${words.language}`;
    const isSame = key === this.key && rows === this.rows;
    const isSifted = JSON.stringify(sifted) !== JSON.stringify(this.sifted);
    this.sifted = sifted;
    if (isSame && isSifted && this.about) {
      if (this.wish.only) this.ask({ only: Boolean(sifted.told) }, true);
      else this.sayForm();
    }
    if (isSame) return;
    const isOther = folder !== this.folder;
    Object.assign(this, { key, folder, rows, words, levels });
    this.desk = new PlanDesk(folder, words.language);
    this.byId = new Map(rows.map((row) => [row.id, row]));
    if (isOther) Object.assign(this, { about: null, plan: null, sure: null, found: null });
    this.sayWords();
    this.open();
  }

  sayWords() {
    const { words } = this;
    this.title.textContent = words.say("plan_title");
    this.intro.textContent = words.say("plan_intro");
    this.again.textContent = words.say("again");
    this.fieldLabel.textContent = words.say("budget_field");
    this.slider.setAttribute("aria-label", words.say("budget_slider"));
    this.upkeepLabel.textContent = words.say("upkeep_field");
    this.upkeep.placeholder = words.say("upkeep_any");
  }

  /** Wait for the options, then ask for the plan. */
  async open() {
    this.stop();
    this.opening = new AbortController();
    this.say(this.about ? "" : this.words.say("helps_wait"));
    this.again.hidden = true;
    this.show();
    try {
      const about = await this.desk.open({
        signal: this.opening.signal,
        waits: (far) => this.say(sayWait(far, this.words)),
      });
      this.about = about;
      this.slider.max = about.steps.length - 1;
      this.say("");
      this.ask({}, true);
    } catch (error) {
      this.fail(error);
    }
  }

  fail({ name, term = "plan_lost", reason }) {
    if (name === "AbortError") return;
    this.say(this.words.say(term, { reason }));
    this.again.hidden = false;
    Object.assign(this, { plan: null, sure: null, isAwaited: false });
    this.show();
    this.changed(false);
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.hidden = !text;
  }

  // --- wishes

  /** Take over a wish of a link. */
  wishFor(wish) {
    if (["budget", "upkeep", "fair", "only"].every((key) => wish[key] === this.wish[key])) return;
    if (this.about) this.ask(wish, true);
    else this.wish = wish;
  }

  slide(isFinal) {
    this.ask({ budget: this.about.steps[Number(this.slider.value)] }, isFinal);
  }

  type(what, isFinal) {
    const input = what === "budget" ? this.field : this.upkeep;
    const value = readEuros(input.value);
    if (value === null && what === "budget") {
      if (isFinal) this.sayForm();
      return;
    }
    this.ask({ [what]: value }, isFinal);
  }

  /** Ask for a plan: at once for one that is near the best, and in the end for the best. */
  ask(change, isFinal) {
    this.wish = { ...this.wish, ...change };
    this.wish.sieve = this.wish.only ? this.sifted.sieve : {};
    this.answer.n = PAGE;
    this.wished(this.wish, isFinal);
    if (!this.about || this.wish.budget === null) {
      this.show();
      return;
    }
    this.finding?.abort();
    clearTimeout(this.settling);
    // Where a value ends as it began the browser tells of no change.
    if (!isFinal) this.settling = setTimeout(() => this.ask({}, true), SETTLED_MS);
    this.sure = null;
    this.isAwaited = isFinal;
    this.isOld = true; // what is shown is of another wish
    this.show();
    this.glance();
    if (isFinal) this.find();
  }

  /** Fetch a quick plan; one at a time, and the last wish is never left out. */
  async glance() {
    this.isStale = true;
    if (this.isGlancing) return;
    this.isGlancing = true;
    try {
      while (this.isStale && this.isLive()) {
        this.isStale = false;
        const { wish, desk } = this;
        const plan = await desk.live(wish);
        if (desk === this.desk && this.isLive()) this.take(plan, false);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.isGlancing = false;
    }
  }

  isLive() {
    return this.found !== this.wish;
  }

  /** Fetch the best plan, and then how sure it is. */
  async find() {
    const { wish, desk } = this;
    this.found = null;
    this.finding = new AbortController();
    const { signal } = this.finding;
    try {
      const plan = await desk.plan(wish, { signal });
      this.found = wish;
      this.isAwaited = false;
      this.isTrying = plan.works.length > 0;
      this.take(plan, true);
      if (!this.isTrying) return;
      this.sure = await desk.sure(wish, { signal });
      this.isTrying = false;
      this.show();
    } catch (error) {
      this.isTrying = false;
      if (this.found === wish && error.name !== "AbortError") this.show();
      else this.fail(error);
    }
  }

  take(plan, isNews) {
    this.plan = plan;
    this.isOld = false;
    this.again.hidden = true;
    this.say("");
    this.show();
    this.changed(isNews);
  }

  // --- what the map and the cards are told

  /** The work at each site, by id, with the names of its measures. */
  get works() {
    if (this.kept?.plan !== this.plan) {
      const named = (work) => ({ names: this.names(work), ...work }); // counted names win
      const works = (this.plan?.works ?? []).map((work) => [work.id, named(work)]);
      this.kept = { plan: this.plan, works: new Map(works) };
    }
    return this.kept.works;
  }

  names({ measures }) {
    return measures.map((id) => this.about.names[id] ?? id);
  }

  /** `rows` as they are, or as they will be once the plan is done and grown. */
  turn(rows) {
    if (!this.answer.isAfter) return rows;
    const { works } = this;
    if (this.later?.works !== works || this.later.before !== rows) {
      const turned = (row) => ({ ...row, levels: works.get(row.id)?.levels ?? row.levels });
      this.later = { works, before: rows, rows: rows.map(turned) };
    }
    return this.later.rows;
  }

  /** The plan in a sentence. */
  get news() {
    const { words, plan } = this;
    return `${sayCount(plan, words)}, ${euros(plan.cost, words.language)}, ${words.say("work_less", {
      n: words.number(plan.share ?? 0, 1),
    })}`;
  }

  // --- shown

  sayForm() {
    const { words, wish, about } = this;
    this.form.hidden = !about;
    if (!about) return;
    const told = euros(wish.budget, words.language);
    const active = this.frame.getRootNode().activeElement;
    if (active !== this.field) this.field.value = wish.budget;
    if (active !== this.upkeep) this.upkeep.value = wish.upkeep ?? "";
    this.slider.value = stepOf(about.steps, wish.budget);
    this.slider.setAttribute("aria-valuetext", told);
    this.told.textContent = told;
    this.fair.checked = wish.fair;
    this.fair.disabled = about.n_districts < 2 || wish.only;
    this.onlyRow.hidden = this.onlyWhy.hidden = !this.sifted.told;
    this.only.checked = wish.only;
    this.onlyText.textContent = words.say("only_switch", { n: words.number(this.sifted.n) });
    this.onlyWhy.textContent = words.say("only_why", { told: this.sifted.told });
    const place = about.is_mapped ? "" : "_cells";
    this.fairText.textContent = words.say(about.is_mapped ? "fair_switch" : "fair_cells");
    const asked = { alpha: about.alpha, n: words.number(about.n_districts) };
    this.fairWhy.textContent = words.say(`fair_why${place}`, asked);
  }

  show() {
    const { about, plan, sure, words, levels, wish } = this;
    this.sayForm();
    this.answer.update({
      ...{ about, plan, sure, words, levels, wish },
      works: this.works,
      rowOf: (id) => this.byId.get(id),
      file: (name) => this.desk.file(wish, name),
      isAwaited: this.isAwaited,
      isOld: this.isOld,
      isTrying: this.isTrying,
    });
  }

  stop() {
    clearTimeout(this.settling);
    this.opening?.abort();
    this.finding?.abort();
  }
}
