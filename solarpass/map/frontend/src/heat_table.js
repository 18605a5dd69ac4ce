// The heat as the server tells it: columns, of which the objects are made rows once.

import { wayTo } from "./geometry.js";

export const UNKNOWN = "?";
export const LIMITS = [26, 32, 38, 46]; // where levels begin, in °C

/** Rows of the columns of `table.sites`, most burdened first, those of no rank last. */
export function rowsOf(table) {
  const { reasons, ...columns } = table.sites;
  const names = Object.keys(columns);
  const rows = columns.id.map((_, at) => {
    const row = Object.fromEntries(names.map((name) => [name, columns[name][at]]));
    const told = Object.entries(reasons).map(([reason, values]) => [reason, values[at]]);
    return { ...row, at, reasons: Object.fromEntries(told) };
  });
  const place = ({ rank }) => rank ?? Infinity;
  return rows.sort((one, other) => place(one) - place(other) || one.at - other.at);
}

/** The row of the hour that a link's 0 … 23 names; that which is hottest for none. */
export function timeAt(table, hour) {
  if (hour === null || hour === undefined) return table.hottest;
  const two = String(hour).padStart(2, "0");
  const found = table.hours.findIndex((clock) => clock.startsWith(two));
  return found < 0 ? table.hottest : found;
}

/** Letters without case and accents, so that a search finds what one types. */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/**
 * Rows that fit a sieve, `{ q, kind, shelter, level, district, near }`, each empty for any.
 *
 * `near` is a place `{ latitude, longitude }`, of which `reach` metres count; as `hiro.sift` does.
 */
export function choose(rows, { q, kind, shelter, level, district, near }, time, reach = 0) {
  const sought = folded((q ?? "").trim());
  const at = near && [near.longitude, near.latitude];
  return rows.filter(
    (row) =>
      (!kind || row.kind === kind) &&
      (!shelter || row.shelter === shelter) &&
      (!level || row.levels[time] === level) &&
      (!district || row.district === district) &&
      (!sought || folded(row.name ?? row.label ?? "").includes(sought)) &&
      (!at || wayTo(at, [row.longitude, row.latitude]).metres <= reach),
  );
}

/** The values of a column that occur, most frequent first. */
export function occurring(rows, column) {
  const counts = new Map();
  for (const row of rows)
    if (row[column] !== null && row[column] !== undefined)
      counts.set(row[column], (counts.get(row[column]) ?? 0) + 1);
  return [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
}
