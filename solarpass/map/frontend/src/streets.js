// Sun on the streets at one instant: one byte an edge, fetched when the time changes.
import { ABOVE_GROUND } from "./style.js";
import { sunStep } from "./colours.js";

const LINKS_FROM = 17; // zoom from which crossings are told apart from the streets they join

/** Widths by zoom; of a pavement, which has another beside it, less. */
const width = (...stops) => [
  "interpolate",
  ["exponential", 1.5],
  ["zoom"],
  ...stops.flatMap(([zoom, pavement, street]) => [
    zoom,
    ["match", ["get", "part"], ["pavement", "link"], pavement, street],
  ]),
];
const WIDTH = width([12, 0.4, 0.8], [15, 1.5, 2.2], [18, 5, 7]);
const CASING = width([12, 0.6, 1.4], [15, 2.3, 3.8], [18, 7.5, 10]);
const COVERED = width([12, 0.4, 0.4], [15, 1.3, 1.3], [18, 3.5, 3.5]);
const DASHED = width([12, 0.8, 0.9], [15, 2.4, 2.6], [18, 6, 7]);
const UNKNOWN = -1;
const UNKNOWN_STREETS = "unknown-streets";
const EMPTY = { type: "FeatureCollection", features: [] };
const STEP = ["coalesce", ["feature-state", "sun"], -2];
const SHOWN = ["any", ["!=", ["get", "part"], "link"], [">=", ["zoom"], LINKS_FROM]];
const IS_COVERED = ["==", ["get", "part"], "covered"];
const LAYERS = ["sun-covered", "sun-casing", "sun", "sun-unknown"];

export class Streets {
  /** `address` is where the map has the streets from. */
  constructor(map, colour, address) {
    this.map = map;
    this.source = address;
    this.address = undefined; // nothing shown yet, not even the night
    this.steps = null; // of every edge, as the map shows it now
    this.hasUnknown = false;
    const round = { "line-join": "round" };
    // A dash cannot depend on a street's state, so the unknown ones are drawn from a source of
    // their own, for which their shapes are looked up where the map has them from.
    map.addSource(UNKNOWN_STREETS, { type: "geojson", data: EMPTY });
    const add = (id, source, shown, layout, paint = {}) =>
      map.addLayer(
        { id, type: "line", source, filter: ["all", SHOWN, shown], layout, paint },
        ABOVE_GROUND,
      );
    // What runs under ground or a roof lies below the streets above it, and apart from them.
    add("sun-covered", "streets", IS_COVERED, {}, { "line-dasharray": [2.4, 2] });
    add("sun-casing", "streets", ["!", IS_COVERED], round);
    add("sun", "streets", ["!", IS_COVERED], round);
    add("sun-unknown", UNKNOWN_STREETS, ["!", IS_COVERED], {}, { "line-dasharray": [2, 1.4] });
    this.paint(colour);
    this.fade(false);
  }

  paint(colour) {
    const byStep = colour.streets.flatMap((value, index) => [index, value]);
    for (const id of ["sun", "sun-covered"])
      this.map.setPaintProperty(id, "line-color", ["match", STEP, ...byStep, colour.unknown]);
    this.map.setPaintProperty("sun-covered", "line-width", COVERED);
    this.map.setPaintProperty("sun", "line-width", WIDTH);
    this.map.setPaintProperty("sun-casing", "line-color", colour.casing);
    this.map.setPaintProperty("sun-casing", "line-width", CASING);
    this.map.setPaintProperty("sun-unknown", "line-color", colour.unknown);
    this.map.setPaintProperty("sun-unknown", "line-width", DASHED);
  }

  /** Step back where routes are shown, so that they lead. */
  fade(behindRoutes) {
    const opacity = behindRoutes ? 0.55 : 0.95;
    const isUnknown = ["==", STEP, UNKNOWN];
    // Round caps of short streets lie on each other, which shows where one sees through.
    for (const id of ["sun", "sun-casing"])
      this.map.setLayoutProperty(id, "line-cap", behindRoutes ? "butt" : "round");
    this.map.setPaintProperty("sun-casing", "line-opacity", opacity);
    this.map.setPaintProperty("sun", "line-opacity", ["case", isUnknown, 0, opacity]);
    this.map.setPaintProperty("sun-unknown", "line-opacity", opacity);
    this.map.setPaintProperty("sun-covered", "line-opacity", 0.7 * opacity);
  }

  /** Show the bytes at `address`; null is the night, in which no street is lit or shaded. */
  async show(address) {
    if (address === this.address) return;
    this.address = address;
    for (const id of LAYERS)
      this.map.setLayoutProperty(id, "visibility", address ? "visible" : "none");
    if (!address) return;
    const answer = await fetch(address);
    if (!answer.ok) {
      this.address = undefined; // so that the next update asks again
      return;
    }
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (address === this.address) this.colour(bytes); // else the time moved on meanwhile
  }

  colour(bytes) {
    const steps = Int8Array.from(bytes, sunStep);
    for (let id = 0; id < steps.length; id += 1)
      if ((this.steps?.[id] ?? -1) !== steps[id])
        this.map.setFeatureState({ source: "streets", id }, { sun: steps[id] });
    this.steps = steps;
    const hadUnknown = this.hasUnknown;
    this.hasUnknown = steps.includes(UNKNOWN);
    if (this.hasUnknown || hadUnknown) this.dash(steps);
  }

  /** Draw the streets of which nothing is known. */
  async dash(steps) {
    this.shapes ??= fetch(this.source).then((all) => all.json());
    const { features } = await this.shapes;
    if (steps !== this.steps) return; // the time moved on meanwhile
    const unknown = features.filter(({ id }) => steps[id] === UNKNOWN);
    this.map.getSource(UNKNOWN_STREETS).setData({ ...EMPTY, features: unknown });
  }
}
