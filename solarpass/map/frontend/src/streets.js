// Sun on the streets: of the instant asked for, or of any other of its day while the clock moves.
import { ABOVE_GROUND } from "./style.js";
import { sunStep } from "./colours.js";
import { dayClock } from "./day_clock.js";
import { fetchSky } from "./sky.js";

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
const SLICE_MS = 3; // of a frame, for recolouring; what is left over waits for the next one
const STEP_OF = Int8Array.from({ length: 256 }, (_, byte) => sunStep(byte));
const LAYERS = ["sun-covered", "sun-casing", "sun", "sun-unknown"];

export class Streets {
  /** `address` is where the map has the streets from. */
  constructor(map, colour, address) {
    this.map = map;
    this.source = address;
    this.address = undefined; // nothing shown yet, not even the night
    this.steps = null; // of every edge, as the map shows it now
    this.hasUnknown = false;
    this.lit = true;
    this.target = null; // bytes that the map is on its way to
    map.once("remove", dayClock.on(() => this.follow()));
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
    if (dayClock.isPlaying || address === this.address) return;
    this.address = address;
    this.target = null;
    this.light(Boolean(address));
    this.prepare();
    if (!address) return;
    const answer = await fetch(address);
    if (!answer.ok) {
      this.address = undefined; // so that the next update asks again
      return;
    }
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (address === this.address) this.colour(bytes); // else the time moved on meanwhile
  }

  /** The shown day's sky, or null where it cannot be had. */
  sky() {
    return fetchSky(this.source.replace(/streets\.json$/, `day/${dayClock.day}`)).catch(() => null);
  }

  /** Have the day at hand before the slider is touched, once the map itself stands. */
  prepare() {
    this.map.once("idle", () => dayClock.day && this.sky());
    this.map.triggerRepaint(); // else a map at rest is idle no more
  }

  light(isDay) {
    if (isDay === this.lit) return;
    this.lit = isDay;
    for (const id of LAYERS)
      this.map.setLayoutProperty(id, "visibility", isDay ? "visible" : "none");
  }

  /** Follow the clock through its day, of which the server is asked once. */
  async follow() {
    if (!dayClock.day) return;
    this.address = undefined; // what the map shows is no longer what was asked for
    const day = dayClock.day;
    const sky = await this.sky();
    if (!sky || day !== dayClock.day || this.address !== undefined) return;
    const isDay = !sky.isNight(dayClock.minutes);
    this.light(isDay);
    const isUnderWay = this.target !== null;
    this.target = isDay ? sky.streetsAt(dayClock.minutes) : null;
    this.left = this.target?.length; // edges to look at, from wherever the last frame stopped
    if (isDay && !isUnderWay) requestAnimationFrame(() => this.recolour());
  }

  /** Recolour what changed, a slice a frame. */
  recolour() {
    if (!this.target || !this.map.getSource("streets")) return;
    const n = this.target.length;
    this.steps ??= new Int8Array(n).fill(UNKNOWN);
    const until = performance.now() + SLICE_MS;
    let id = (this.cursor ?? 0) % n;
    for (; this.left > 0; this.left -= 1, id = id + 1 === n ? 0 : id + 1) {
      const sun = STEP_OF[this.target[id]];
      if (this.steps[id] === sun) continue;
      if (performance.now() > until) break;
      this.map.setFeatureState({ source: "streets", id }, { sun });
      this.steps[id] = sun;
    }
    this.cursor = id;
    if (this.left > 0) {
      requestAnimationFrame(() => this.recolour());
      return;
    }
    this.target = null;
    const hadUnknown = this.hasUnknown;
    this.hasUnknown = this.steps.includes(UNKNOWN);
    if (this.hasUnknown !== hadUnknown) this.dash(this.steps);
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
