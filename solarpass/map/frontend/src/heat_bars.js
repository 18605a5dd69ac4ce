// Bars: an object's hours with the range of each, and its reasons.
import { element } from "./element.js";
import { LIMITS, UNKNOWN } from "./heat_table.js";

const NS = "http://www.w3.org/2000/svg";
const WIDE = 340;
const HIGH = 150;
const LEFT = 26; // for the numbers of the axis
const BOTTOM = 18; // for the hours
const TOP = 8;

function draw(tag, attributes, text) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A scale in whole steps of 5 °C that holds some felt temperatures and the first limits. */
export function scaleOf(values) {
  const known = values.filter((value) => value !== null);
  const low = Math.floor(Math.min(15, ...known) / 5) * 5;
  const high = Math.ceil(Math.max(40, ...known) / 5) * 5;
  return { low, high };
}

/** Draw a row's hours as bars; `time` is the one looked at. */
export function hourBars(row, { hours, time, levels, title }) {
  const { low, high } = scaleOf([...row.low, ...row.high, ...row.utci]);
  const step = (WIDE - LEFT) / hours.length;
  const y = (value) => TOP + ((high - value) / (high - low)) * (HIGH - TOP - BOTTOM);
  const viewBox = `0 0 ${WIDE} ${HIGH}`;
  const picture = draw("svg", { viewBox, role: "img", "aria-label": title });
  picture.classList.add("hour-bars");
  for (const limit of LIMITS.filter((value) => value < high)) {
    const at = y(limit);
    picture.append(
      draw("line", { class: "limit", x1: LEFT, x2: WIDE, y1: at, y2: at }),
      draw("text", { class: "axis", x: LEFT - 4, y: at + 4, "text-anchor": "end" }, limit),
    );
  }
  const colour = Object.fromEntries(levels.map((level) => [level.digit, level.colour]));
  hours.forEach((clock, at) => {
    const x = LEFT + at * step;
    const middle = x + step / 2;
    if (at === time) picture.append(now(x, step));
    if (row.utci[at] === null || row.levels[at] === UNKNOWN)
      picture.append(
        draw("text", { class: "unknown", x: middle, y: y(low) - 4, "text-anchor": "middle" }, "?"),
      );
    else {
      const top = y(row.utci[at]);
      const box = { x: x + 1, y: top, width: step - 2, height: Math.max(1, y(low) - top), rx: 1.5 };
      picture.append(draw("rect", { class: "bar", fill: colour[row.levels[at]], ...box }));
      if (row.low[at] !== null && row.high[at] !== null) {
        const line = { x1: middle, x2: middle, y1: y(row.high[at]), y2: y(row.low[at]) };
        picture.append(
          draw("line", { class: "range under", ...line }),
          draw("line", { class: "range", ...line }),
        );
      }
    }
    if (Number(clock.slice(0, 2)) % 6 === 0 && clock.endsWith("00"))
      picture.append(
        draw(
          "text",
          { class: "axis", x: middle, y: HIGH - 4, "text-anchor": "middle" },
          Number(clock.slice(0, 2)),
        ),
      );
  });
  picture.append(draw("line", { class: "ground", x1: LEFT, x2: WIDE, y1: y(low), y2: y(low) }));
  return picture;
}

function now(x, step) {
  return draw("rect", { class: "now", x, y: 0, width: step, height: HIGH });
}

/** Draw reasons as bars to both sides of nought: `[[label, value, text], …]`. */
export function reasonBars(reasons) {
  const most = Math.max(...reasons.map(([, value]) => Math.abs(value)), 1e-9);
  const isBoth = reasons.some(([, value]) => value < 0);
  return element(
    "ul",
    { class: `reason-bars${isBoth ? " both" : ""}` },
    ...reasons.map(([label, value, text]) => {
      const bar = element("i", { class: value < 0 ? "less" : "more" });
      bar.style.width = `${((Math.abs(value) / most) * (isBoth ? 50 : 100)).toFixed(1)}%`;
      return element(
        "li",
        {},
        element("span", { class: "label" }, label),
        element("span", { class: "track" }, bar),
        element("span", { class: "value" }, text),
      );
    }),
  );
}
