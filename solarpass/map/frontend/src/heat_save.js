// The list as a file, of the objects that its filter leaves.
import { element } from "./element.js";
import { SIEVE } from "./heat_link.js";

const KINDS = { csv: "CSV", geojson: "GeoJSON", gpkg: "GeoPackage" };

/** Links to files of the heat at `address` (of its JSON), as a `sieve` leaves it at an `hour`. */
export function saveLinks({ address, sieve, hour, words }) {
  const asked = new URLSearchParams();
  for (const key of SIEVE) if (sieve[key]) asked.set(key, sieve[key]);
  if (hour !== null && hour !== undefined) asked.set("hour", hour);
  const folder = address.replace(/\.json$/, "");
  const links = Object.entries(KINDS).map(([ending, kind]) =>
    element(
      "a",
      {
        class: "file",
        href: new URL(`${folder}/score.${ending}?${asked}`, location.href).href,
        download: "",
      },
      words.say("save_as", { kind }),
    ),
  );
  return [
    element("h3", {}, words.say("save_score")),
    element("p", { class: "small" }, words.say("save_score_why")),
    element("p", { class: "row files" }, ...links),
  ];
}
