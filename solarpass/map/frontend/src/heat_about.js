// Which day and which data the heat rests on, and how hot its hours are on average.
import { element } from "./element.js";

/** The weather of the day, assumed or told. */
export function sayWeather(weather, { is_summer: isSummer, day_text: day }, words) {
  const { is_assumed: isAssumed, source, air, vapour, wind } = weather;
  if (!isAssumed) return `${words.say("assumed_weather", { source })}.`;
  const told = words.say(isSummer ? "assumed_day" : "assumed_off_season", {
    day,
    air: words.number(air),
    vapour: words.number(vapour),
    wind: words.number(wind, Number.isInteger(wind) ? 0 : 1),
  });
  return `${told}.`;
}

/** Paragraphs of what is assumed, of official warnings, and of whose data it is. */
export function aboutData(table, data, words) {
  const paragraph = (text) => element("p", { class: "small" }, text);
  const credit = element("p", { class: "small credit" });
  credit.innerHTML = data.city.attribution; // links of our own, escaped by the server
  credit.prepend(`${words.say("data")}: `);
  if (table?.credits.length) credit.append(`; ${table.credits.join("; ")}`);
  return [
    ...(table ? [paragraph(words.say("assumed_why", table.weather))] : []),
    paragraph(words.say("felt_means")),
    paragraph(words.say("dwd")),
    credit,
  ];
}

/** A gradient of how hot each hour is on average. */
export function trackOf(hours, rows, levels) {
  const n = hours.length;
  const parts = hours.map((_, at) => {
    const known = rows.map((row) => row.levels[at]).filter((digit) => digit !== "?");
    const mean = known.reduce((sum, digit) => sum + Number(digit), 0) / (known.length || 1);
    const { colour } = levels[known.length ? Math.round(mean) : levels.length - 1];
    return `${colour} ${((100 * at) / n).toFixed(2)}% ${((100 * (at + 1)) / n).toFixed(2)}%`;
  });
  return `linear-gradient(90deg, ${parts.join(", ")})`;
}
