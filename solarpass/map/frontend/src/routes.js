// Both answers as lines: the shadiest thick and on top, the shortest dashed, each with its name;
// and where the shadiest crosses streets.
import { Marker } from "maplibre-gl";
import { element } from "./element.js";
import { sameLine, shiftOff, tagPlace } from "./geometry.js";

const TAP_PX = 12; // from a line, at which a finger means it
const TAG_PX = 170; // room that a tag takes beside its place
const TAG_OFF = 9; // px between them
const TAG_GAP = 4; // px between two tags
const EMPTY = { type: "FeatureCollection", features: [] };

export class Routes {
  constructor(map, colour) {
    this.map = map;
    this.key = JSON.stringify(EMPTY);
    this.tags = [];
    this.labels = [];
    map.on("moveend", () => this.tag());
    map.on("idle", () => this.part()); // by then tags have the size that their style gives them
    this.kinds = []; // of the routes that are told apart
    this.same = false; // both are one walk
    this.crosses = false;
    map.addSource("routes", { type: "geojson", data: EMPTY });
    const layer = (id, kind, layout, paint) =>
      map.addLayer({
        id,
        type: "line",
        source: "routes",
        filter: ["==", ["get", "kind"], kind],
        layout: { "line-join": "round", ...layout },
        paint,
      });
    // The walks between shortest and shadiest, to be tapped: thin, beneath all else.
    map.addSource("others", { type: "geojson", data: EMPTY });
    const join = { "line-join": "round", "line-cap": "round" };
    map.addLayer({
      id: "other-casing",
      type: "line",
      source: "others",
      layout: join,
      paint: { "line-width": 5 },
    });
    map.addLayer({
      id: "other",
      type: "line",
      source: "others",
      layout: join,
      paint: { "line-width": 2 },
    });
    layer("approach", "approach", {}, { "line-width": 3, "line-dasharray": [0.6, 1.2] });
    layer("shortest-casing", "shortest", { "line-cap": "round" }, { "line-width": 9 });
    layer("shortest", "shortest", {}, { "line-width": 5, "line-dasharray": [1.6, 1] });
    layer("shadiest-casing", "shadiest", { "line-cap": "round" }, { "line-width": 12 });
    layer("shadiest", "shadiest", { "line-cap": "round" }, { "line-width": 7.5 });
    map.addSource("crossings", { type: "geojson", data: EMPTY });
    this.addDots("crossing-passed", false, 13.5, [13.5, 1.2, 15, 2, 18, 4]);
    this.addDots("crossing", true, 0, [13, 2.5, 15, 4, 18, 6.5]);
    this.paint(colour);
  }

  /** White dots in a dark ring: large where crossing is a step, small on the way straight on. */
  addDots(id, isStep, minzoom, radii) {
    this.map.addLayer({
      id,
      type: "circle",
      source: "crossings",
      minzoom,
      filter: ["==", ["get", "is_step"], isStep],
      paint: {
        "circle-color": "#ffffff",
        "circle-stroke-color": "#1b1f24",
        "circle-stroke-width": isStep ? 2.5 : 1.2,
        "circle-radius": ["interpolate", ["linear"], ["zoom"], ...radii],
      },
    });
  }

  paint(colour) {
    this.map.setPaintProperty("approach", "line-color", colour.shortest);
    this.map.setPaintProperty("other", "line-color", colour.shadiest);
    this.map.setPaintProperty("other-casing", "line-color", colour.casing);
    for (const kind of ["shortest", "shadiest"]) {
      this.map.setPaintProperty(kind, "line-color", colour[kind]);
      this.map.setPaintProperty(`${kind}-casing`, "line-color", colour.casing);
    }
  }

  /**
   * Show a GeoJSON collection of routes with `kind` and `label`, how the ends join them, the
   * `others` one may choose instead, and crossings, each with `at` and `is_step`.
   */
  show(collection, ends, crossings, others = []) {
    const features = collection?.features ?? [];
    const numbers = String(others.map((other) => other.properties.number));
    if (numbers !== this.numbers || !sameAs(others, this.others)) {
      this.numbers = numbers;
      this.others = others;
      this.map.getSource("others").setData({ ...EMPTY, features: others });
    }
    const shown = { ...EMPTY, features: [...features, ...approaches(features, ends)] };
    const key = JSON.stringify([shown, crossings]);
    if (key === this.key) return;
    this.key = key;
    this.map.getSource("routes").setData(shown);
    this.map.getSource("crossings").setData({ ...EMPTY, features: crossings.map(dot) });
    this.crosses = crossings.length > 0;
    const told = labelled(features);
    this.kinds = told.map(({ properties }) => properties.kind);
    this.same = told.length < features.length;
    const tags = told.map((route, _, all) => {
      const other = all.find((one) => one !== route);
      const place = tagPlace(route.geometry.coordinates, other?.geometry.coordinates);
      return { properties: route.properties, ...place };
    });
    this.tags = tags.filter(({ properties }) => properties.label);
    this.turned = undefined;
    this.tag();
  }

  /** The number of the walk whose line is tapped, if it is another than the chosen one. */
  numberAt({ x, y }, chosen) {
    const box = [
      [x - TAP_PX, y - TAP_PX],
      [x + TAP_PX, y + TAP_PX],
    ];
    const layers = ["shadiest", "shortest", "other"];
    const numbers = this.map
      .queryRenderedFeatures(box, { layers })
      .map(({ properties }) => properties.number);
    return numbers.includes(chosen) ? undefined : numbers[0];
  }

  /** Put tags beside their places, turned away from the other route and from the map's rim. */
  tag() {
    const width = this.map.getContainer().clientWidth;
    const turned = this.tags.map(({ at, side }) => {
      const { x } = this.map.project(at);
      return x > width - TAG_PX ? -1 : x < TAG_PX ? 1 : side;
    });
    if (String(turned) !== this.turned) {
      this.turned = String(turned);
      this.labels.forEach((label) => label.remove());
      this.labels = this.tags.map((tag, index) => this.marker(tag, turned[index]));
    }
    this.sides = turned;
    this.part();
  }

  /** Move the first tag up or down where the other, that of the shadiest, would hide it. */
  part() {
    const boxes = this.labels.map((label, index) => {
      const { x, y } = this.map.project(label.getLngLat());
      const { offsetWidth: width, offsetHeight: height } = label.getElement();
      const side = this.sides[index];
      return [x + TAG_OFF * side - ((1 - side) / 2) * width, y - height / 2, width, height];
    });
    if (boxes.length < 2) return;
    const shift = shiftOff(...boxes);
    this.labels[0].setOffset([TAG_OFF * this.sides[0], shift + Math.sign(shift) * TAG_GAP]);
  }

  marker({ properties, at }, turned) {
    return new Marker({
      element: element("div", { class: `route-tag ${properties.kind}` }, properties.label),
      anchor: { [-1]: "right", 0: "center", 1: "left" }[turned],
      offset: [TAG_OFF * turned, 0],
    })
      .setLngLat(at)
      .addTo(this.map);
  }
}

const sameAs = (some, others) =>
  some.length === others?.length && some.every((one, index) => one === others[index]);

function dot({ at, is_step }) {
  return {
    type: "Feature",
    properties: { is_step },
    geometry: { type: "Point", coordinates: at },
  };
}

/** One tag for two routes that run alike. */
function labelled(features) {
  const [first, second] = features;
  if (second && sameLine(first.geometry.coordinates, second.geometry.coordinates)) return [second];
  return features;
}

/** Dotted lines from the places asked for to where the walk begins and ends. */
function approaches([route], ends) {
  if (!route) return [];
  const line = route.geometry.coordinates;
  return [
    [ends.from, line[0]],
    [ends.to, line.at(-1)],
  ].map(([{ longitude, latitude }, joined]) => ({
    type: "Feature",
    properties: { kind: "approach" },
    geometry: { type: "LineString", coordinates: [[longitude, latitude], joined] },
  }));
}
