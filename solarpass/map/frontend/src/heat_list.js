// The objects as a list, most burdened first, with a search and filters: the map in words.
import { element } from "./element.js";
import { choose, occurring } from "./heat_table.js";
import { paintDot } from "./heat_legend.js";

const PAGE = 50; // rows that are shown at once

export class HeatList {
  /** `picked(row)` is told whom one chose, `sifted(rows)` which are left by the search. */
  constructor({ picked, sifted }) {
    this.picked = picked;
    this.sifted = sifted;
    this.n = PAGE;
    this.search = element("input", {
      id: "heat-search",
      type: "search",
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      oninput: () => this.sift(),
    });
    this.searchLabel = element("label", { for: "heat-search", class: "unseen" });
    const filter = () => element("select", { onchange: () => this.sift() });
    this.kind = filter();
    this.shelter = filter();
    this.level = filter();
    this.title = element("h2", {});
    this.count = element("p", { class: "count", role: "status" });
    this.why = element("p", { class: "small" });
    this.rows = element("ol", { class: "heat-rows" });
    this.more = element("button", { type: "button", class: "more", onclick: () => this.grow() });
    this.clear = element("button", { type: "button", class: "more", onclick: () => this.reset() });
    this.frame = element(
      "section",
      { class: "heat-list" },
      element("div", { class: "row list-head" }, this.title, this.count),
      this.searchLabel,
      this.search,
      element("div", { class: "row filters" }, this.kind, this.shelter, this.level),
      this.rows,
      this.more,
      this.clear,
      this.why,
    );
  }

  update({ rows, time, clock, words, levels }) {
    const isNew = rows !== this.all || words.language !== this.words?.language;
    Object.assign(this, { all: rows, time, clock, words, levels });
    if (isNew) {
      this.cards = new Map(); // of rows once shown
      this.sayWords();
    }
    this.show();
  }

  sayWords() {
    const { words } = this;
    this.title.textContent = words.say("list");
    this.searchLabel.textContent = this.search.placeholder = words.say("search_sites");
    this.why.textContent = words.say("person_kh_why");
    this.clear.textContent = words.say("clear_filters");
    const kinds = occurring(this.all, "kind").map((kind) => [kind, words.kind(kind)]);
    const shelters = occurring(this.all, "shelter").map((kind) => [kind, words.shelter(kind)]);
    const digits = this.levels.map(({ digit, word }) => [digit, `${digit} ${word}`]);
    this.offer(this.kind, "kind", "all_kinds", kinds);
    this.offer(this.shelter, "shelter", "all_shelters", shelters);
    this.offer(this.level, "level", "all_levels", digits);
  }

  offer(select, label, all, options) {
    const { value } = select;
    select.setAttribute("aria-label", this.words.say(label));
    select.replaceChildren(
      element("option", { value: "" }, this.words.say(all)),
      ...options.map(([key, text]) => element("option", { value: key }, text)),
    );
    select.value = options.some(([key]) => key === value) ? value : "";
  }

  get sought() {
    const { search, kind, shelter, level } = this;
    return { text: search.value, kind: kind.value, shelter: shelter.value, level: level.value };
  }

  sift() {
    this.n = PAGE;
    this.show();
    this.sifted(this.found);
  }

  reset() {
    for (const field of [this.search, this.kind, this.shelter, this.level]) field.value = "";
    this.sift();
    this.search.focus();
  }

  grow() {
    const first = this.n;
    this.n += PAGE;
    this.show();
    this.rows.children[first]?.querySelector("button").focus();
  }

  show() {
    const { words, all } = this;
    this.found = choose(all, this.sought, this.time);
    const n = this.found.length;
    const none = all.length ? "count_none" : "no_sites";
    const term = n === 0 ? none : n === 1 ? "count_one" : "count";
    this.count.textContent = words.say(term, { n: words.number(n) });
    const cards = this.found.slice(0, this.n).map((row) => this.card(row));
    const items = cards.map(({ item }) => item);
    const isSame = items.length === this.rows.children.length;
    if (!isSame || items.some((item, at) => item !== this.rows.children[at]))
      this.rows.replaceChildren(...items);
    for (const card of cards) card.turn(this.time);
    const left = Math.min(PAGE, n - this.n);
    this.more.hidden = left <= 0;
    this.more.textContent = words.say("more", { n: left });
    this.clear.hidden = n > 0 || all.length === 0;
    this.why.hidden = n === 0;
  }

  /** A row's item, built once, and `turn(time)`, which tells its level at another hour. */
  card(row) {
    if (!this.cards.has(row.id)) this.cards.set(row.id, this.build(row));
    return this.cards.get(row.id);
  }

  build(row) {
    const { words, levels } = this;
    const most = row.worst === null ? null : row.utci[row.worst];
    const felt = most === null ? [] : [words.say("most_felt", { utci: words.degrees(most) })];
    const dot = element("i", { class: "level-dot", "aria-hidden": "true" });
    const now = element("span", {});
    const item = element(
      "li",
      {},
      element(
        "button",
        { type: "button", onclick: () => this.picked(row), "data-site": row.id },
        element(
          "span",
          { class: "rank" },
          element("span", { "aria-hidden": "true" }, words.rank(row)),
          element("span", { class: "unseen" }, `${words.rankSpoken(row)}: `),
        ),
        dot,
        element(
          "span",
          { class: "what" },
          element("b", {}, words.name(row)),
          now,
          ...[...felt, words.burden(row)].map((told) => element("span", {}, told)),
        ),
      ),
    );
    const turn = (time) => {
      const level = levels.find(({ digit }) => digit === row.levels[time]);
      paintDot(dot, level);
      const told = [words.kindBeneath(row), `${this.clock}: ${level.word}`];
      now.textContent = told.filter(Boolean).join(" · ");
    };
    return { item, turn };
  }
}
