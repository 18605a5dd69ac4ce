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

export function heatLegend(levels, label) {
  return element(
    "ul",
    { class: "legend heat-legend", "aria-label": label },
    ...levels.map((level) => element("li", {}, levelDot(level), element("span", {}, level.word))),
  );
}
