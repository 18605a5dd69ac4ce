// How the face of the heat says numbers and fills the blanks of its terms.
import { LIMITS } from "./heat_table.js";

const LEAST = 0.1; // person·K·h, below which a burden is but told to be small
const ALMOST = 90; // percent, above which a level is almost certain
const LIKELY = 50; // percent, from which it is probable

/** The level of a felt temperature. */
export const levelOf = (felt) => LIMITS.filter((limit) => felt >= limit).length;

/** A felt temperature in whole degrees, down where rounded ones would be of another level. */
function wholeOf(felt) {
  const rounded = Math.round(felt);
  return levelOf(rounded) === levelOf(felt) ? rounded : Math.floor(felt);
}

export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export class HeatWords {
  constructor({ words, language, levels }) {
    this.words = words;
    this.language = language;
    this.levels = levels;
  }

  say(term, values = {}) {
    return fill(this.words[term] ?? term, values);
  }

  has(term) {
    return term in this.words;
  }

  /** A number with so many decimals, in the language's way. */
  number(value, digits = 0) {
    const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat(this.language, form).format(value);
  }

  degrees(felt) {
    return this.number(wholeOf(felt));
  }

  /** How many degrees it is less there than here, as both are told; never none. */
  less(here, there) {
    const n = Math.max(1, wholeOf(here) - wholeOf(there));
    return this.say(n === 1 ? "degrees_one" : "degrees_n", { n });
  }

  /** A number with two leading digits and at most one decimal: no more is known of it. */
  rounded(value) {
    const digits = value < 10 ? 1 : 0;
    return this.number(Number(value.toPrecision(2)), digits);
  }

  /** A rounded number with its sign, a plus too. */
  signed(value) {
    const sign = value > 0 ? "+" : value < 0 ? "\u2212" : "";
    return `${sign}${this.rounded(Math.abs(value))}`;
  }

  /** A row's burden, rounded, small ones not as none; and whether who waits is but assumed. */
  burden({ burden: value, persons_from: from }) {
    if (value === null) return this.say("no_burden");
    if (value === 0) return this.say("person_kh_none");
    const told =
      value < LEAST
        ? this.say("person_kh_least", { n: this.number(LEAST, 1) })
        : this.say("person_kh", { n: this.rounded(value) });
    return from === "default" ? this.say("burden_assumed", { burden: told }) : told;
  }

  /** A level and how probable it is: `sure` in percent. */
  sure({ digit, word }, sure) {
    const level = this.words[`level_said_${digit}`] ?? word;
    if (sure === null) return level;
    const term = sure > ALMOST ? "almost" : sure >= LIKELY ? "probably" : "likeliest";
    return this.say(`level_${term}`, { level, sure: sure > 99 ? ">\u00a099" : sure });
  }

  /** What a level is called, given its digit. */
  level(digit) {
    return this.levels.find((level) => level.digit === digit).word;
  }

  /** An hour of the clock: "15:00" is "15 Uhr", or "15:00". */
  hour(clock) {
    const [hours, minutes] = clock.split(":");
    const short = this.language === "de" && minutes === "00" ? String(Number(hours)) : clock;
    return this.say("at_hour", { hour: short });
  }

  hours(count) {
    if (count === 1) return this.say("hours_one");
    return this.say("hours_n", { n: this.number(count, Number.isInteger(count) ? 0 : 1) });
  }

  kind(kind) {
    return this.words[`kind_${kind}`] ?? this.words.kind_other;
  }

  shelter(shelter) {
    return this.words[`shelter_${shelter}`] ?? this.words.shelter_unknown;
  }

  name(site) {
    if (site.name) return site.name;
    const kind = this.kind(site.kind);
    return site.label ? `${kind}, ${site.label}` : this.say("no_name", { kind });
  }

  /** The kind beneath a name, unless the name already tells it. */
  kindBeneath(site) {
    return site.name ? this.kind(site.kind) : null;
  }

  rank({ rank, rank_low: low, rank_high: high }) {
    if (rank === null) return "–";
    return low === high ? `${rank}` : `${rank} (${low}–${high})`;
  }

  rankSpoken({ rank, rank_low: low, rank_high: high }) {
    if (rank === null) return this.say("no_rank");
    return this.say(low === high ? "rank" : "rank_range", { rank, low, high });
  }
}
