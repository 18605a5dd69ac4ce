// The objects as a list, most burdened first, with a search and filters: the map in words.
import { element } from "./element.js";
import { readPlace, SIEVE } from "./heat_link.js";
import { paintDot } from "./heat_legend.js";
import { HeatNear } from "./heat_near.js";
import { saveLinks } from "./heat_save.js";
import { choose, occurring } from "./heat_table.js";

const PAGE = 50; // rows that are shown at once

export class HeatList {
  /** `picked(row)` is told whom one chose, `sifted(isFinal)` that others are left by the sieve. */
  constructor({ picked, sifted }) {
    this.picked = picked;
    this.sifted = sifted;
    this.n = PAGE;
    this.sieve = {};
    this.search = element("input", {
      id: "heat-search",
      type: "search",
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      oninput: () => this.ask({ q: this.search.value || null }, false),
      onchange: () => this.sifted(true), // not for each letter: browsers allow few a second
    });
    this.searchLabel = element("label", { for: "heat-search", class: "unseen" });
    const filter = (key) =>
      element("select", { onchange: (event) => this.ask({ [key]: event.target.value || null }) });
    this.kind = filter("kind");
    this.shelter = filter("shelter");
    this.level = filter("level");
    this.district = filter("district");
    this.near = new HeatNear({ picked: (change) => this.ask({ q: null, ...change }) });
    this.chip = element("button", {
      type: "button",
      class: "near-chip",
      onclick: () => this.ask({ near: null }),
    });
    this.title = element("h2", {});
    this.count = element("p", { class: "count", role: "status" });
    this.ranked = element("p", { class: "small" });
    this.why = element("p", { class: "small" });
    this.rows = element("ol", { class: "heat-rows" });
    this.more = element("button", { type: "button", class: "more", onclick: () => this.grow() });
    this.clear = element("button", { type: "button", class: "more", onclick: () => this.reset() });
    this.files = element("div", { class: "saved" });
    this.frame = element(
      "section",
      { class: "heat-list" },
      element("div", { class: "row list-head" }, this.title, this.count),
      this.searchLabel,
      this.search,
      this.near.frame,
      this.chip,
      element(
        "div",
        { class: "row filters" },
        ...[this.kind, this.level, this.shelter, this.district],
      ),
      this.ranked,
      this.rows,
      this.more,
      this.clear,
      this.why,
      this.files,
    );
  }

  /** Show `rows` as a `sieve` leaves them; `reach` metres around a place are near it. */
  update({ rows, time, hour, clock, words, levels, places, address, isMapped, reach, sieve }) {
    const isNew = rows !== this.all || words.language !== this.words?.language;
    Object.assign(this, { all: rows, time, hour, clock, words, levels, places, address });
    Object.assign(this, { isMapped, reach, sieve });
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
    this.kinds = kinds;
    this.offer(this.kind, "kind", "all_kinds", kinds);
    this.offer(this.shelter, "shelter", "all_shelters", shelters);
    this.offer(this.level, "level", "all_levels", digits);
    const names = occurring(this.all, "district").sort(new Intl.Collator(words.language).compare);
    const [place, all] = this.isMapped ? ["district", "all_districts"] : ["quarter", "all_quarters"];
    this.offer(this.district, place, all, names.map((name) => [name, name]));
    this.district.hidden = names.length < 2;
  }

  offer(select, label, all, options) {
    select.setAttribute("aria-label", this.words.say(label));
    select.replaceChildren(
      element("option", { value: "" }, this.words.say(all)),
      ...options.map(([key, text]) => element("option", { value: key }, text)),
    );
  }

  /** Ask for other objects: part of a sieve, and what a place that is near is called. */
  ask({ name, ...change }, isFinal = true) {
    if (name) this.nearName = name;
    Object.assign(this.sieve, change);
    this.n = PAGE;
    this.show();
    this.sifted(isFinal);
    if (change.near) this.chip.focus(); // the button that was pressed is gone
  }

  reset() {
    this.ask(Object.fromEntries(SIEVE.map((key) => [key, null])));
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
    this.fill();
    const near = readPlace(this.sieve.near);
    this.found = choose(all, { ...this.sieve, near }, this.time, this.reach);
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
    this.ranked.textContent = words.say("sifted_list");
    this.ranked.hidden = n === all.length || n === 0;
    this.clear.hidden = n === all.length;
    this.why.hidden = n === 0;
    this.files.replaceChildren(...(n ? saveLinks(this) : []));
  }

  /** Tell the filter but for its level, which is of an hour; `told` is empty where there is none. */
  tell() {
    const { words, sieve, all, reach } = this;
    const kept = { ...sieve, level: null };
    const near = { reach: words.number(reach), name: this.nearName ?? words.say("near_here") };
    const told = [
      sieve.kind && words.kind(sieve.kind),
      sieve.shelter && words.shelter(sieve.shelter),
      sieve.district,
      sieve.q && `"${sieve.q}"`,
      sieve.near && words.say("near_told", near),
    ];
    const found = choose(all, { ...kept, near: readPlace(sieve.near) }, this.time, reach);
    return { sieve: kept, told: told.filter(Boolean).join(" · "), n: found.length };
  }

  /** Fill the fields in as the sieve has it; what the city has none of is no filter. */
  fill() {
    const { sieve, words } = this;
    if (this.search.value !== (sieve.q ?? "")) this.search.value = sieve.q ?? "";
    for (const key of ["kind", "shelter", "level", "district"]) {
      const select = this[key];
      const isThere = [...select.options].some(({ value }) => value === (sieve[key] ?? ""));
      if (!isThere) sieve[key] = null;
      select.value = sieve[key] ?? "";
    }
    if (!readPlace(sieve.near)) sieve.near = null;
    const said = { reach: words.number(this.reach), name: this.nearName ?? words.say("near_here") };
    this.chip.hidden = !sieve.near;
    this.chip.replaceChildren(
      element("span", {}, words.say("near_told", said)),
      element("span", { class: "unseen" }, `. ${words.say("near_clear")}`),
    );
    this.near.update({ text: sieve.q ?? "", kinds: this.kinds, words, address: this.places });
  }

  /** A row's item, built once, and `turn(time)`, which tells its level at another hour. */
  card(row) {
    if (!this.cards.has(row.id)) this.cards.set(row.id, this.build(row));
    return this.cards.get(row.id);
  }

  /** A rank, and beneath it between which it lies with other weights. */
  rankTold(row) {
    const [rank, range] = this.words.rank(row).split(" ");
    return [rank, ...(range ? [element("span", { class: "rank-range" }, range)] : [])];
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
          element("span", { "aria-hidden": "true" }, ...this.rankTold(row)),
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
