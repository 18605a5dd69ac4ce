// Sun on the streets at one instant: one byte an edge, fetched when the time changes.
import { ABOVE_GROUND } from "./style.js";
import { sunStep } from "./colours.js";

const WIDTH = ["interpolate", ["exponential", 1.5], ["zoom"], 12, 0.8, 15, 2.2, 18, 7];
const CASING = ["interpolate", ["exponential", 1.5], ["zoom"], 12, 1.4, 15, 3.8, 18, 10];

export class Streets {
  constructor(map, colour) {
    this.map = map;
    this.address = undefined; // nothing shown yet, not even the night
    this.steps = null; // of every edge, as the map shows it now
    this.hasUnknown = false;
    const layout = { "line-cap": "round", "line-join": "round" };
    map.addLayer({ id: "sun-casing", type: "line", source: "streets", layout }, ABOVE_GROUND);
    map.addLayer({ id: "sun", type: "line", source: "streets", layout }, ABOVE_GROUND);
    this.paint(colour);
  }

  paint(colour) {
    const step = ["coalesce", ["feature-state", "sun"], -2];
    const byStep = colour.streets.flatMap((value, index) => [index, value]);
    this.map.setPaintProperty("sun", "line-color", ["match", step, ...byStep, colour.unknown]);
    this.map.setPaintProperty("sun", "line-width", WIDTH);
    this.map.setPaintProperty("sun-casing", "line-color", colour.casing);
    this.map.setPaintProperty("sun-casing", "line-width", CASING);
  }

  /** Step back where routes are shown, so that they lead. */
  fade(behindRoutes) {
    for (const id of ["sun", "sun-casing"])
      this.map.setPaintProperty(id, "line-opacity", behindRoutes ? 0.55 : 0.95);
  }

  /** Show the bytes at `address`; null is the night, in which no street is lit or shaded. */
  async show(address) {
    if (address === this.address) return;
    this.address = address;
    for (const id of ["sun", "sun-casing"])
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
    this.hasUnknown = steps.includes(-1);
  }
}
