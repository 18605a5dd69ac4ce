// How the face of the heat says numbers and fills the blanks of its terms.
import { LIMITS } from "./heat_table.js";

const levelOf = (felt) => LIMITS.filter((limit) => felt >= limit).length;

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

  /** A number with so many decimals, in the language's way. */
  number(value, digits = 0) {
    const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat(this.language, form).format(value);
  }

  /** A felt temperature in whole degrees, or in tenths where these would be of another level. */
  degrees(felt) {
    return this.number(felt, levelOf(Math.round(felt)) === levelOf(felt) ? 0 : 1);
  }

  /** A number with its sign, a plus too. */
  signed(value) {
    const digits = Math.abs(value) < 10 ? 1 : 0;
    const sign = value > 0 ? "+" : value < 0 ? "\u2212" : "";
    return `${sign}${this.number(Math.abs(value), digits)}`;
  }

  /** A burden: three leading digits at most, and small ones not as none. */
  burden(value) {
    if (value === null) return this.say("no_burden");
    return this.say("person_kh", { n: this.number(value, value > 0 && value < 10 ? 1 : 0) });
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

  rank({ rank, rank_low: low, rank_high: high }) {
    if (rank === null) return "–";
    return low === high ? `${rank}` : `${rank} (${low}–${high})`;
  }

  rankSpoken({ rank, rank_low: low, rank_high: high }) {
    if (rank === null) return this.say("no_rank");
    return this.say(low === high ? "rank" : "rank_range", { rank, low, high });
  }
}
