// What the colours say, in words.
import { element } from "./element.js";

export function makeLegend(words, colour, { night, kinds, same, crosses, unknown }) {
  const key = (kind, text) =>
    element(
      "li",
      { class: kind },
      element("i", { class: `key ${kind}` }),
      element("span", {}, text),
    );
  const ramp = element("i", { class: "key ramp" });
  ramp.style.background = `linear-gradient(90deg, ${colour.streets.join(", ")})`;
  const sun = night
    ? [element("li", { class: "night" }, words.night)]
    : [
        element(
          "li",
          { class: "scale" },
          element("span", {}, words.shade),
          ramp,
          element("span", {}, words.sun),
        ),
        unknown ? key("unknown", unknown) : null,
      ];
  return element(
    "ul",
    { class: "legend", "aria-label": words.legend },
    ...sun.filter(Boolean),
    ...[...kinds].reverse().map((kind) => key(kind, same ? words.both : words[kind])),
    ...(crosses ? [key("crossing", words.crossing)] : []),
  );
}
