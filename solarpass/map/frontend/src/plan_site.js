// What helps at one object: each measure with its effect, its price and what must be checked.
import { element } from "./element.js";
import { PlanDesk } from "./plan_desk.js";
import { duration, euros, sayCost, sayEffect, sayLevels, sayRange, sayWait } from "./plan_words.js";

const FIRST = 4; // offers that are shown at once; our choice

export class PlanSite {
  constructor() {
    this.kept = new Map();
    this.isGentle = true; // begins nothing that takes minutes, unless it is asked to
    this.status = element("p", { class: "helps-status", role: "status" });
    this.body = element("div", { class: "helps-body" });
    this.title = element("h3", {});
    this.frame = element("section", { class: "helps" }, this.title, this.status, this.body);
  }

  /** Show the measures of a `row`, of which `work` is what the plan has for it, or null. */
  update({ row, folder, words, work }) {
    const key = `${folder} ${words.language} ${row.id}`;
    this.words = words;
    this.title.textContent = words.say("helps_title");
    if (key !== this.key) {
      Object.assign(this, { key, folder, row, work: undefined });
      this.load();
    }
    if (this.work === work) return;
    this.work = work;
    if (this.kept.has(key)) this.show(this.kept.get(key));
  }

  async load() {
    const { key, folder, row, words } = this;
    this.asked?.abort();
    this.asked = new AbortController();
    this.body.replaceChildren();
    if (this.kept.has(key)) {
      this.show(this.kept.get(key));
      return;
    }
    this.say(words.say("helps_wait"));
    try {
      const desk = new PlanDesk(folder, words.language);
      const told = await desk.site(row.id, this.isGentle, {
        signal: this.asked.signal,
        waits: (far) => (far.since === null ? this.offer(far) : this.say(sayWait(far, this.words))),
      });
      if (told === null) return;
      this.kept.set(key, told);
      if (key === this.key) this.show(told);
    } catch (error) {
      if (error.name !== "AbortError") this.fail(error);
    }
  }

  stop() {
    this.asked?.abort();
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.hidden = !text;
  }

  /** Offer to reckon what takes minutes. */
  offer({ about }) {
    const { words } = this;
    this.say("");
    const begin = () => {
      this.isGentle = false;
      this.load();
    };
    const told = words.say("helps_begin", { about: duration(about, words) });
    this.body.replaceChildren(
      element("button", { type: "button", class: "more", onclick: begin }, told),
    );
  }

  fail({ term = "plan_lost", reason }) {
    const { words } = this;
    this.say(words.say(term, { reason }));
    const again = words.say("again");
    this.body.replaceChildren(
      element("button", { type: "button", class: "more", onclick: () => this.load() }, again),
    );
  }

  show(told) {
    const { words, work } = this;
    const { offers, worse, excluded, withheld } = told;
    const small = (text) => element("p", { class: "small" }, text);
    const cards = offers.map((offer) => this.card({ ...offer, horizon: told.horizon }));
    const none = words.say(told.hot_h ? "helps_none" : "helps_needless");
    const plan = work && {
      euros: euros(work.cost, words.language),
      names: work.names.join(" + "),
    };
    this.say("");
    this.body.replaceChildren(
      ...(plan
        ? [
            element(
              "p",
              { class: "planned-told" },
              `${words.say("plan_in_card", plan)} ${work.reason}`,
            ),
          ]
        : []),
      small(offers.length ? words.say("helps_order") : none),
      element("ol", { class: "offers" }, ...cards.slice(0, FIRST)),
      ...fold(words.say("offers_more", { n: cards.length - FIRST }), cards.slice(FIRST), "offers"),
      ...this.worse(worse, told),
      ...this.excluded(excluded, withheld),
      small(words.say("helps_how")),
    );
  }

  card(offer) {
    const { words, work } = this;
    const isPlanned = work && work.measures.join() === offer.ids.join();
    const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
    const effect = sayEffect(offer, words);
    const range = sayRange(offer.cost, offer.upkeep, words);
    return element(
      "li",
      { class: "offer" },
      element("b", { class: "offer-name" }, offer.names.join(" + ")),
      element(
        "span",
        { class: "chips" },
        isPlanned ? chip("planned", `✓ ${words.say("in_plan")}`) : null,
        offer.is_worse
          ? null
          : chip(offer.verdict ? "check" : "ok", words.say(`feasible_${offer.verdict}`)),
        offer.is_estimate ? chip("estimate", words.say("estimate_mark")) : null,
      ),
      ...effect.map((text, at) => element("span", { class: at ? "" : "effect" }, sentence(text))),
      this.levels(offer),
      element("span", {}, sayCost(offer.cost, offer.upkeep, words)),
      offer.each?.length ? element("span", { class: "small" }, offer.each.join(" + ")) : null,
      range ? element("span", { class: "small" }, range) : null,
      ...offer.warnings.map((term) => this.warning(term)),
      this.details(offer),
    );
  }

  /** By how much the level falls; of what only serves, that it makes nothing cooler. */
  levels(offer) {
    if (offer.serves.length && !offer.cooler)
      return element("span", { class: "small" }, this.words.say("serves_note"));
    const told = sayLevels(offer, this.words);
    return told && element("span", {}, told);
  }

  /** A warning, marked as one by a sign and by its words. */
  warning(term) {
    return element(
      "span",
      { class: "warning" },
      element("i", { "aria-hidden": "true" }, "⚠ "),
      this.words.say(term),
    );
  }

  details(offer) {
    const { words } = this;
    const item = (text) => element("li", {}, text);
    const years = offer.full_effect;
    const list = (term, texts) =>
      texts.length
        ? [element("b", {}, words.say(term)), element("ul", {}, ...texts.map(item))]
        : [];
    return element(
      "details",
      {},
      element(
        "summary",
        {},
        words.say("details_of"),
        element(
          "span",
          { class: "unseen" },
          ` ${words.say("details_for", { names: offer.names.join(" + ") })}`,
        ),
      ),
      ...list("check_first", offer.to_check),
      element(
        "p",
        {},
        [
          years ? words.say("grown_after", { n: years }) : words.say("grown_at_once"),
          words.say("lasts", { n: words.number(offer.life) }),
          words.say("who_decides", { who: offer.responsible.join("; ") }),
        ].join(" "),
      ),
      ...list("met_title", offer.met),
    );
  }

  worse(worse, { horizon }) {
    if (!worse.length) return [];
    const { words } = this;
    const cards = worse.map((offer) => this.card({ ...offer, horizon }));
    const title = `⚠ ${words.say("worse_title")}`;
    return [element("h4", {}, title), element("ul", { class: "offers worse" }, ...cards)];
  }

  excluded(excluded, withheld) {
    const { words } = this;
    const byReason = new Map(); // many have the same
    for (const { name, reasons } of excluded) {
      const reason = reasons.join(" ");
      byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
    }
    const items = [...byReason].map(([reason, names]) =>
      element("li", {}, element("b", {}, names.join(" · ")), `: ${reason}`),
    );
    const told = withheld.length
      ? [element("p", { class: "small" }, words.say("withheld_told", { names: withheld.join(", ") }))]
      : [];
    const title = words.say("excluded_n", { n: excluded.length });
    return [...fold(title, items, "excluded"), ...told];
  }
}

const chip = (kind, text) => element("span", { class: `chip ${kind}` }, text);

/** A list folded away; nothing where it is empty. */
function fold(title, items, kind) {
  if (!items.length) return [];
  const list = element("ul", { class: kind }, ...items);
  return [element("details", { class: "fold" }, element("summary", {}, title), list)];
}
