// A plan as it is told: its sums, before and after, each work, and how sure all that is.
import { element } from "./element.js";
import { levelDot } from "./heat_legend.js";
import { euros, sayProof } from "./plan_words.js";

export const PAGE = 20; // works that are shown at once; our choice
const KINDS = { csv: "CSV", geojson: "GeoJSON", gpkg: "GeoPackage", json: "JSON" };
const PAPERS = ["html", "docx"];

/** At how many places something is done. */
export function sayCount({ works }, words) {
  const n = works.length;
  return words.say(n === 1 ? "sum_works_one" : "sum_works", { n: words.number(n) });
}

export class PlanAnswer {
  /** `picked(row)` is told whom one chose, `flipped()` that the map shall show the other side. */
  constructor({ picked, flipped }) {
    Object.assign(this, { picked, flipped });
    this.isAfter = true;
    this.n = PAGE;
    this.frame = element("div", { class: "plan-answer" });
  }

  /** Show a `plan` with its `works` by id; null while there is none. */
  update(told) {
    this.told = told;
    this.frame.setAttribute("aria-busy", String(Boolean(told.isAwaited || told.isOld)));
    if (!told.plan || !told.about) {
      this.frame.replaceChildren();
      return;
    }
    const open = new Set(
      [...this.frame.querySelectorAll("details[open]")].map(({ dataset }) => dataset.name),
    );
    const how = told.words.say("plan_how", { years: told.about.horizon });
    this.frame.replaceChildren(
      this.sums(),
      ...this.fairness(),
      this.levelTable(),
      this.sides(),
      ...this.proof(),
      ...this.list(),
      ...this.districts(open.has("districts")),
      ...this.files(),
      element("p", { class: "small" }, how),
    );
  }

  sums() {
    const { words, plan, about } = this.told;
    const percent = (value) => words.say("percent", { n: words.number(value ?? 0, 1) });
    const facts = [
      ["sum_cost", `${euros(plan.cost, words.language)} (${sayCount(plan, words)})`],
      ["sum_upkeep", euros(plan.upkeep, words.language)],
      ["sum_share", percent(plan.share)],
      ["sum_grown", percent(plan.share_grown)],
    ];
    return element(
      "dl",
      { class: "facts plan-sums" },
      ...facts.map(([term, text]) =>
        element(
          "div",
          {},
          element("dt", {}, words.say(term, { years: about.horizon })),
          element("dd", {}, text),
        ),
      ),
    );
  }

  fairness() {
    const { words, plan } = this.told;
    if (plan.price === null) return [];
    const term = plan.price > 0 ? "fair_price" : "fair_free";
    const told = words.say(term, { n: words.number(plan.price, 1) });
    return [element("p", { class: "fair-price" }, told)];
  }

  levelTable() {
    const { words, plan, levels } = this.told;
    const known = levels.filter(({ digit }) => digit !== "?");
    const head = known.map((level) =>
      element(
        "th",
        { scope: "col" },
        levelDot(level),
        element("span", { class: "unseen" }, `${level.digit} ${level.word}`),
      ),
    );
    const line = (side) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, words.say(side)),
        ...known.map(({ digit }) => {
          const n = plan[side][Number(digit)];
          const isOther = side === "after" && n !== plan.before[Number(digit)];
          return element("td", { class: isOther ? "other" : null }, words.number(n));
        }),
      );
    return element(
      "table",
      { class: "level-table" },
      element("caption", {}, words.say("sum_levels")),
      element("thead", {}, element("tr", {}, element("td", {}), ...head)),
      element("tbody", {}, line("before"), line("after")),
    );
  }

  /** Whether the map shows how it is, or how it will be. */
  sides() {
    const { words } = this.told;
    const side = (term, isAfter) =>
      element(
        "button",
        {
          type: "button",
          "aria-pressed": String(this.isAfter === isAfter),
          onclick: (event) => this.flip(isAfter, event.currentTarget),
        },
        words.say(term),
      );
    return element(
      "div",
      { class: "row sides", role: "group", "aria-label": words.say("shown_on_map") },
      element("span", { "aria-hidden": "true" }, `${words.say("shown_on_map")}:`),
      side("before", false),
      side("after", true),
    );
  }

  flip(isAfter, button) {
    this.isAfter = isAfter;
    for (const other of button.parentElement.querySelectorAll("button"))
      other.setAttribute("aria-pressed", String(other === button));
    this.flipped();
  }

  proof() {
    const { words, plan, sure, isTrying, isAwaited, isOld } = this.told;
    const small = (text) => element("p", { class: "small" }, text);
    if (isOld) return [small(words.say("proof_wait"))];
    const told = [small(sayProof(plan, isAwaited, words))];
    if (isTrying) told.push(small(words.say("sure_wait")));
    if (sure) {
      const works = words.number(plan.works.length);
      const n = words.number(sure.n_sure);
      told.push(small(words.say("sure_n", { n, works, depends: sure.depends })));
      told.push(small(words.say("sure_why", { draws: words.number(sure.draws) })));
    }
    return told;
  }

  list() {
    const { words, plan, works } = this.told;
    const left = Math.min(PAGE, plan.works.length - this.n);
    const more = element("button", { type: "button", class: "more", onclick: () => this.grow() });
    more.textContent = words.say("works_more", { n: left });
    const title = element("h3", {}, words.say("works_title"));
    if (!plan.works.length) return [title, element("p", {}, words.say("works_none"))];
    this.items = element(
      "ol",
      { class: "heat-rows works" },
      ...[...works.values()].slice(0, this.n).map((work) => this.item(work)),
    );
    return [title, this.items, ...(left > 0 ? [more] : [])];
  }

  grow() {
    const first = this.n;
    this.n += PAGE;
    this.update(this.told);
    this.items.children[first]?.querySelector("button").focus();
  }

  item(work) {
    const { words, levels, sure, rowOf } = this.told;
    const row = rowOf(work.id);
    const { level_before: before, level_after: after } = work;
    const money = [euros(work.cost, words.language)];
    if (work.upkeep)
      money.push(words.say("cost_yearly", { euros: euros(work.upkeep, words.language) }));
    const effect = [];
    if (work.share) effect.push(words.say("work_less", { n: words.number(work.share) }));
    if (before >= 0 && after >= 0)
      effect.push(words.say(before === after ? "work_same" : "work_level", { before, after }));
    const share = sure?.shares[work.id];
    const dot = (digit) => (digit >= 0 ? levelDot(levels[digit]) : null);
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", onclick: () => this.picked(row), "data-site": work.id },
        element("span", { class: "pair", "aria-hidden": "true" }, dot(before), "→", dot(after)),
        element(
          "span",
          { class: "what" },
          element("b", {}, row ? words.name(row) : work.id),
          element("span", { class: "doing" }, work.names.join(" + ")),
          element("span", {}, money.join(", ")),
          effect.length ? element("span", {}, effect.join(" · ")) : null,
          element("span", { class: "small" }, work.reason),
          element(
            "span",
            { class: "chips" },
            work.verdict ? element("span", { class: "chip check" }, words.say("feasible_1")) : null,
            share === undefined
              ? null
              : sure.sure.includes(work.id)
                ? element("span", { class: "chip ok" }, words.say("sure_mark"))
                : element("span", { class: "chip" }, words.say("sure_share", { n: share })),
          ),
        ),
      ),
    );
  }

  districts(isOpen) {
    const { words, plan, about } = this.told;
    if (plan.districts.length < 2) return [];
    const isDue = plan.districts.some(({ due }) => due !== null);
    const place = about.is_mapped ? "district" : "quarter";
    const head = [place, "works_head", "cost_head", ...(isDue ? ["due_head"] : []), "less_head"];
    const cell = (text) => element("td", {}, text);
    const money = (value) => cell(value === null ? "–" : euros(value, words.language));
    const lines = plan.districts.map(({ name, works, cost, due, share }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, name ?? words.say("nowhere")),
        cell(words.number(works)),
        money(cost),
        ...(isDue ? [money(due)] : []),
        cell(share === null ? "–" : `${share ? "\u2212" : ""}${words.say("percent", { n: share })}`),
      ),
    );
    const table = element(
      "table",
      {},
      element(
        "thead",
        {},
        element("tr", {}, ...head.map((term) => element("th", { scope: "col" }, words.say(term)))),
      ),
      element("tbody", {}, ...lines),
    );
    const term = about.is_mapped ? "districts_table" : "cells_table";
    return [
      element(
        "details",
        { open: isOpen, "data-name": "districts" },
        element("summary", {}, words.say(term)),
        element(
          "div",
          { class: "scrolled", tabindex: 0, role: "group", "aria-label": words.say(term) },
          table,
        ),
      ),
    ];
  }

  files() {
    const { words, plan, file, isOld } = this.told;
    if (isOld || plan.is_live || !plan.works.length) return [];
    const links = Object.entries(KINDS).map(([ending, kind]) =>
      element(
        "a",
        { class: "file", href: file(`file.${ending}`), download: "" },
        words.say("save_as", { kind }),
      ),
    );
    const papers = PAPERS.map((ending) => {
      const opened = ending === "html" ? { target: "_blank" } : { download: "" };
      const address = { class: "file", href: file(`paper.${ending}`), ...opened };
      return element("a", address, words.say(`paper_${ending}`));
    });
    return [
      element("h3", {}, words.say("save_paper")),
      element("p", { class: "small" }, words.say("save_paper_why")),
      element("p", { class: "row files" }, ...papers),
      element("h3", {}, words.say("save_plan")),
      element("p", { class: "row files" }, ...links),
    ];
  }
}
