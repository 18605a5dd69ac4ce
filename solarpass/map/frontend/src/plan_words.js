// How money, effects and waiting are said.

/** Whole euros, as a language writes them. */
export function euros(value, language) {
  const form = { style: "currency", currency: "EUR", maximumFractionDigits: 0 };
  return new Intl.NumberFormat(language, form).format(value);
}

/** How long it takes or took: "20 seconds", "5 minutes". */
export function duration(seconds, words) {
  if (seconds < 90) return words.say("seconds_n", { n: words.number(seconds) });
  const n = Math.round(seconds / 60);
  return words.say(n === 1 ? "minute_one" : "minutes_n", { n: words.number(n) });
}

/** How far the server is with all measures. */
export function sayWait({ since, about }, words) {
  const told = [words.say("options_wait", { about: duration(about, words) })];
  if (since > 1.5 * about) told.push(words.say("options_long"));
  if (since >= 5) told.push(words.say("options_since", { since: duration(since, words) }));
  return told.join(" ");
}

/** What a measure brings, in plain words, one sentence a line. */
export function sayEffect(offer, words) {
  const { cooler, share, share_mean: mean, fewer, serves, reach_m: reach } = offer;
  const told = [];
  if (cooler !== null && Math.abs(cooler) >= 0.1) {
    const degrees = words.number(Math.abs(cooler), 1);
    told.push(words.say(cooler > 0 ? "cooler" : "hotter", { degrees }));
  } else if (cooler !== null && !serves.length) told.push(words.say("cooler_not"));
  if (fewer) told.push(words.say("fewer", { n: fewer }));
  if (share) {
    const less = words.say(share > 0 ? "less_heat" : "more_heat", { n: Math.abs(share) });
    const isOther = mean !== null && Math.abs(mean - share) > 2;
    const years = words.number(offer.horizon);
    told.push(isOther ? `${less} (${words.say("mean_heat", { n: mean, years })})` : less);
  }
  for (const kind of serves) told.push(words.say(`serves_${kind}_reach`, { reach }));
  return told;
}

/** By how much the hottest hour's level falls; null where it is not known. */
export function sayLevels({ level_before: before, level_after: after }, words) {
  if (before < 0 || after < 0) return null;
  return words.say(before === after ? "level_same" : "level_step", { before, after });
}

/** What is paid once and each year. */
export function sayCost([cost], [upkeep], words) {
  const once = cost ? words.say("cost_once", { euros: euros(cost, words.language) }) : null;
  const yearly = upkeep ? words.say("cost_yearly", { euros: euros(upkeep, words.language) }) : null;
  return [once, yearly].filter(Boolean).join(", ") || words.say("cost_free");
}

/** Between which ends prices lie; empty where they are certain. */
export function sayRange(cost, upkeep, words) {
  const ends = ([, low, high]) => ({
    low: euros(low, words.language),
    high: euros(high, words.language),
  });
  const told = [];
  if (cost[1] !== cost[2]) told.push(words.say("cost_between", ends(cost)));
  if (upkeep[1] !== upkeep[2]) told.push(words.say("upkeep_between", ends(upkeep)));
  const [first, ...more] = told;
  return first ? `${[first.charAt(0).toUpperCase() + first.slice(1), ...more].join(", ")}.` : "";
}

/** How sure it is that no plan is better. */
export function sayProof({ gap, is_live: isLive, is_proven: isProven }, isAwaited, words) {
  const n = words.number(Math.max(0, gap), gap < 0.1 && gap > 0 ? 2 : 1);
  if (isLive) return words.say(isAwaited ? "proof_live" : "proof_dragging", { n });
  if (!isProven) return words.say("proof_time", { n });
  return gap === 0 ? words.say("proof") : words.say("proof_gap", { n });
}

/** The step of a slider that stands for a budget: the last that does not exceed it. */
export function stepOf(steps, budget) {
  const found = steps.findLastIndex((step) => step <= budget);
  return Math.max(0, found);
}
