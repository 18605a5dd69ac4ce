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

/** The levels, and what the mark of the plan means, unless that is null. */
export function heatLegend(levels, label, mark) {
  const tick = () => element("i", { class: "plan-tick", "aria-hidden": "true" }, "✓");
  return element(
    "ul",
    { class: "legend heat-legend", "aria-label": label },
    ...levels.map((level) => element("li", {}, levelDot(level), element("span", {}, level.word))),
    mark ? element("li", {}, tick(), element("span", {}, mark)) : null,
  );
}
