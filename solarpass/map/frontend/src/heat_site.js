// One object: how hot, when, where to stand, and why.
import { element } from "./element.js";
import { wayTo } from "./geometry.js";
import { hourBars, reasonBars } from "./heat_bars.js";
import { levelDot } from "./heat_legend.js";
import { UNKNOWN } from "./heat_table.js";

const COOLER = 1; // K from which a place is worth going to; our choice
const STOPS = { bus_stop: "stand_bay", tram_stop: "stand_platform" };
const COMPASS = [
  "north",
  "north_east",
  "east",
  "south_east",
  "south",
  "south_west",
  "west",
  "north_west",
];

/** The best place to wait, where it is cooler by something and elsewhere: null where none is. */
export function standAt(row, places, time) {
  const place = row.stand[time];
  if (place < 0 || row.utci[time] === null) return null;
  const at = [places.longitude[place], places.latitude[place]];
  const way = wayTo([row.longitude, row.latitude], at);
  const less = row.utci[time] - row.stand_utci[time];
  const [shelter, kind] = [places.shelter[place], places.kind[place]];
  return { at, ...way, less, utci: row.stand_utci[time], shelter, kind, of: row.stand_of[time] };
}

export const isWorth = (stand) => stand !== null && stand.less >= COOLER;

export class HeatSite {
  /** `left()` is told that one wants the list again. */
  constructor({ left }) {
    this.back = element("button", { type: "button", class: "back", onclick: left });
    this.title = element("h2", { tabindex: -1 });
    this.body = element("div", { class: "site-body" });
    this.head = element("div", { class: "row site-head" }, this.back, this.title);
    this.frame = element("section", { class: "heat-site" }, this.head, this.body);
  }

  /**
   * Show a `row` of the `table`; `note` and `official` are elements that stand below what matters
   * first: of the day, and of official warnings. `helps` is one that tells what can be done,
   * `voices` are those that tell what people report.
   */
  update({ row, table, time, words, levels, reach, city, note, official, helps, voices = [] }) {
    const clock = words.hour(table.hours[time]);
    const digit = row.levels[time];
    const isKnown = digit !== UNKNOWN;
    const level = levels.find((one) => one.digit === digit);
    this.back.setAttribute("aria-label", words.say("back"));
    this.back.title = words.say("back");
    this.title.textContent = words.name(row);
    const wasOpen = this.body.querySelector("details.hours-told")?.open;
    this.body.replaceChildren(
      element("p", { class: "sort" }, this.sort(row, words)),
      element(
        "p",
        { class: "verdict" },
        levelDot(level),
        element(
          "span",
          {},
          element("b", {}, isKnown ? words.sure(level, row.sure[time]) : level.word),
          isKnown ? element("span", {}, this.felt(row, time, words)) : null,
          isKnown ? element("span", {}, this.sun(row, time, words)) : null,
          element("span", { class: "small" }, words.say("not_official")),
        ),
      ),
      element("p", { class: "plain" }, this.plain(row, table, clock, digit, words)),
      ...this.stand(row, table, time, clock, words, reach),
      official,
      note,
      element("h3", {}, words.say("hours_title")),
      hourBars(row, { hours: table.hours, time, levels, title: words.say("hours_alt") }),
      element("p", { class: "small" }, words.say("hours_legend")),
      this.hours(row, table, words, wasOpen),
      this.facts(row, table, words),
      ...this.why(row, words),
      helps,
      element(
        "p",
        {},
        element(
          "a",
          { class: "walk-here", href: this.walk(row, words, city), target: "_self" },
          words.say("walk_here"),
        ),
      ),
      ...voices,
    );
  }

  sort(row, words) {
    const shelter = row.shelter === "unknown" ? null : words.shelter(row.shelter);
    const term = row.rank === null ? "no_rank" : "rank";
    const rank = words.say(term, { rank: words.rank(row) });
    return [words.kindBeneath(row), shelter, rank].filter(Boolean).join(" · ");
  }

  felt(row, time, words) {
    const [utci, low, high] = [row.utci, row.low, row.high].map((all) => all[time]);
    if (low === null || high === null) return words.say("felt", { utci: words.degrees(utci) });
    const told = { utci: words.degrees(utci), low: words.number(low), high: words.number(high) };
    return words.say("felt_range", told);
  }

  /** How much of the sun gets there, which hangs on the roof where that is not known. */
  sun({ sun, shelter }, time, words) {
    const n = sun[time];
    if (n === null) return words.say("sun_unknown");
    if (n === 0) return words.say("sun_none");
    return words.say(words.has(`sun_share_${shelter}`) ? `sun_share_${shelter}` : "sun_share", { n });
  }

  /** What one who waits there should know, in plain words. */
  plain(row, table, clock, digit, words) {
    const said = [words.say(digit === UNKNOWN ? "say_unknown" : `say_${digit}`, { hour: clock })];
    if (row.worst !== null) {
      const hour = words.hour(table.hours[row.worst]);
      said.push(words.say("say_worst", { hour, utci: words.degrees(row.utci[row.worst]) }));
    }
    if (row.above_32) said.push(words.say("say_hours", { hours: words.hours(row.above_32) }));
    return said.join(" ");
  }

  stand(row, table, time, clock, words, reach) {
    const stand = standAt(row, table.places, time);
    if (row.levels[time] === "0") return [];
    let told;
    if (!stand) told = words.say("stand_unknown", { hour: clock });
    else if (!isWorth(stand)) told = words.say("stand_here", { reach: `${reach}\u00a0m` });
    else told = this.wayTold(row, stand, words);
    return [
      element("h3", {}, words.say("stand_title")),
      element("p", { class: "stand-told" }, told),
    ];
  }

  /** Where it is cooler, counted from where, what is there, and whose it is. */
  wayTold(row, stand, words) {
    const [utci, less] = [words.degrees(stand.utci), words.less(stand.utci + stand.less, stand.utci)];
    const told = [];
    if (stand.of === "0") told.push(words.say("stand_spot", { utci, less }));
    else {
      const metres = `${Math.max(1, Math.round(stand.metres))}\u00a0m`;
      const compass = words.say(`stand_${COMPASS[stand.eighth]}`);
      const start = words.say(row.kind in STOPS ? "stand_from_stop" : "stand_from_dot");
      told.push(words.say("stand_there", { metres, compass, start, utci, less }));
    }
    if (!["none", "unknown"].includes(stand.shelter)) told.push(words.say("stand_sheltered"));
    const whose = this.whose(row, stand);
    if (whose) told.push(words.say(whose, { kind: words.kind(stand.kind) }));
    return told.join(" ");
  }

  /** The term that tells of another platform, or another place; null for the object's own. */
  whose(row, { of, kind }) {
    if (of !== "0" && row.kind in STOPS && kind in STOPS) return STOPS[kind];
    return of === "2" ? "stand_elsewhere" : null;
  }

  hours(row, table, words, wasOpen) {
    const head = ["hour", "felt_head", "range", "level"].map((term) =>
      element("th", { scope: "col" }, words.say(term)),
    );
    const lines = table.hours.map((clock, at) => {
      const [utci, low, high] = [row.utci, row.low, row.high].map((all) => all[at]);
      const cells = [
        utci === null ? words.level(UNKNOWN) : `${words.degrees(utci)}\u00a0°C`,
        low === null ? "–" : `${words.number(low)}–${words.number(high)}`,
        words.level(row.levels[at]),
      ];
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, clock),
        ...cells.map((text) => element("td", {}, text)),
      );
    });
    return element(
      "details",
      { class: "hours-told", open: Boolean(wasOpen) },
      element("summary", {}, words.say("hours_table")),
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...lines),
      ),
    );
  }

  facts(row, table, words) {
    const unknown = words.say("unknown_fact");
    const facts = [
      ["worst_hour", row.worst === null ? unknown : words.hour(table.hours[row.worst])],
      ["above_32", row.above_32 === null ? unknown : words.hours(row.above_32)],
      ["sky_view", row.sky_view === null ? unknown : `${row.sky_view}\u00a0%`],
      ["shelter", words.shelter(row.shelter)],
      ["persons", this.persons(row, words, unknown)],
      ["age", this.age(row, words, unknown)],
    ];
    return element(
      "dl",
      { class: "facts" },
      ...facts.map(([term, text]) =>
        element("div", {}, element("dt", {}, words.say(term)), element("dd", {}, text)),
      ),
    );
  }

  persons(row, words, unknown) {
    if (row.persons === null) return unknown;
    const n = words.number(row.persons, row.persons < 10 ? 1 : 0);
    return `${words.say("persons_n", { n })} (${words.say(`exposure_${row.persons_from}`)})`;
  }

  age(row, words, unknown) {
    if (row.age === null) return unknown;
    const n = words.number(row.age, 1);
    return `${words.say("age_n", { n })} (${words.say(`age_${row.age_from}`)})`;
  }

  why(row, words) {
    const isMeant = ([name, value]) =>
      value !== null && !(name === "waiting" && row.persons_from === "default");
    const told = Object.entries(row.reasons).filter(isMeant);
    if (!told.some(([, value]) => value !== 0)) return [];
    const bars = told.map(([name, value]) => [
      words.say(`why_${name}`),
      value,
      words.signed(value),
    ]);
    const parts = told.map(([name]) => words.say(`without_${name}`));
    return [
      element("h3", {}, words.say("why_title")),
      element("p", { class: "small" }, words.say("why_hint", { parts: parts.join(", ") })),
      reasonBars(bars),
    ];
  }

  walk(row, words, city) {
    const to = `${row.latitude.toFixed(6)},${row.longitude.toFixed(6)}`;
    return `?${new URLSearchParams({ to, lang: words.language, ...(city && { city }) })}`;
  }
}
