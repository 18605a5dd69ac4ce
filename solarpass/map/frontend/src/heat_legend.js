// The levels in words and colours, and the mark of one.
import { element } from "./element.js";

/** A dot with the level's digit, as on the map. */
export function levelDot(level) {
  const dot = element("i", { class: "level-dot", "aria-hidden": "true" });
  paintDot(dot, level);
  return dot;
}

/** Make a dot that of another level. */
export function paintDot(dot, { digit, colour, ink }) {
  if (dot.textContent === digit) return;
  dot.textContent = digit;
  dot.style.background = colour;
  dot.style.color = ink;
}

const SIGNS = { plan: ["plan-tick", "✓"], report: ["report-sign", "!"], shade: ["shade-sign", ""] };

/** The levels, and what the marks of `SIGNS` mean; those that are null are not shown. */
export function heatLegend(levels, label, marks) {
  const told = Object.entries(marks).filter(([, text]) => text);
  const sign = (kind) => {
    const [style, text] = SIGNS[kind];
    return element("i", { class: style, "aria-hidden": "true" }, text);
  };
  return element(
    "ul",
    { class: "legend heat-legend", "aria-label": label },
    ...levels.map((level) => element("li", {}, levelDot(level), element("span", {}, level.word))),
    ...told.map(([kind, text]) => element("li", {}, sign(kind), element("span", {}, text))),
  );
}
