// The base map, drawn from the city's own data: no tiles, no glyphs, no sprites from elsewhere.
// Its layers come as vector tiles, or whole as GeoJSON where the city was built without them.

const withLinks = (kinds) => kinds.flatMap((kind) => [kind, `${kind}_link`]);
const BIG = withLinks(["motorway", "trunk", "primary", "secondary", "tertiary"]);
const STREET = ["residential", "unclassified", "living_street", "road"];
const SMALL = ["service", "pedestrian", "track"];
const PATH = ["footway", "path", "cycleway", "corridor", "bridleway", "crossing"];
const TOWNS = ["city", "town", "borough", "village"];
const QUARTERS = ["suburb", "quarter", "hamlet"];
const NO_AREA = [...TOWNS, ...QUARTERS, "neighbourhood", "building", "number"];
const FONT = ["sans-serif"]; // drawn with the system's own font when the style names no glyphs

const BASE = ["areas", "roads", "buildings", "trees", "stops", "names"];
const TILES = "base";

export const SOURCES = ["extent", "streets", ...BASE];

/** The layer below which shadows and the sun on the streets are put. */
export const ABOVE_GROUND = "buildings";

/** The layer whose text says that the data ends here, in words that the style does not know. */
export const RIM_NAME = "rim-name";

const one = (kinds) => ["in", ["get", "kind"], ["literal", kinds]];
const none = (kinds) => ["!", one(kinds)];
const width = (atZoom12, atZoom18) => [
  "interpolate",
  ["exponential", 1.7],
  ["zoom"],
  12,
  atZoom12,
  18,
  atZoom18,
];
const round = { "line-cap": "round", "line-join": "round" };
const butt = { "line-cap": "butt" };

/**
 * Build a MapLibre style of the city's layers.
 *
 * `addresses` are those of GeoJSON by source name; `tiles` tells where the other layers are.
 */
export function makeStyle(addresses, tiles, colour) {
  const sources = Object.entries(addresses).map(([name, data]) => [
    name,
    { type: "geojson", data, maxzoom: 16 },
  ]);
  if (tiles) sources.push([TILES, tileSource(tiles)]);
  return {
    version: 8,
    sources: Object.fromEntries(sources),
    layers: layersOf(colour).map((layer) => pointTo(layer, tiles)),
  };
}

function tileSource({ address, least_zoom, most_zoom }) {
  const tiles = [`pmtiles://${address}/{z}/{x}/{y}`];
  return { type: "vector", tiles, minzoom: least_zoom, maxzoom: most_zoom };
}

/** Have a layer take its things out of the tiles, where those hold them. */
function pointTo(layer, tiles) {
  if (!tiles || !BASE.includes(layer.source)) return layer;
  return { ...layer, source: TILES, "source-layer": layer.source };
}

function layersOf(colour) {
  return [
    { id: "beyond", type: "background", paint: { "background-color": colour.beyond } },
    {
      id: "ground",
      type: "fill",
      source: "extent",
      paint: { "fill-color": colour.ground },
    },
    ...areaLayers(colour),
    ...roadLayers(colour),
    {
      id: "buildings",
      type: "fill",
      source: "buildings",
      paint: { "fill-color": colour.building, "fill-outline-color": colour.buildingEdge },
    },
    {
      id: "rim",
      type: "line",
      source: "extent",
      layout: round,
      paint: {
        "line-color": colour.unknown,
        "line-width": 1.5,
        "line-opacity": 0.6,
        "line-dasharray": [4, 3],
      },
    },
    ...pointLayers(colour),
    ...labelLayers(colour),
  ];
}

function areaLayers(colour) {
  const fill = (id, kinds, paint) => ({
    id,
    type: "fill",
    source: "areas",
    filter: one(kinds),
    paint: { "fill-color": paint },
  });
  return [
    fill("square", ["square", "parking", "platform", "rock", "sand"], colour.square),
    fill("rail-ground", ["rail"], colour.rail),
    fill("green", ["park", "grass", "pitch", "playground"], colour.green),
    fill("wood", ["wood"], colour.wood),
    fill("water", ["water"], colour.water),
  ];
}

function roadLayers(colour) {
  const line = (id, kinds, lineColour, lineWidth, extra = {}, layout = round) => ({
    id,
    type: "line",
    source: "roads",
    filter: one(kinds),
    layout,
    paint: { "line-color": lineColour, "line-width": lineWidth, ...extra },
  });
  return [
    line("waterway", ["water"], colour.water, width(1, 6)),
    line("path", PATH, colour.track, width(0.3, 2.5), { "line-dasharray": [2, 1.5] }),
    line("steps", ["steps"], colour.track, width(0.5, 6), { "line-dasharray": [0.4, 0.3] }, butt),
    line("small-edge", SMALL, colour.roadEdge, width(0.8, 12)),
    line("street-edge", STREET, colour.roadEdge, width(1.6, 20)),
    line("big-edge", BIG, colour.roadEdge, width(2.6, 27)),
    line("small", SMALL, colour.road, width(0.5, 10)),
    line("street", STREET, colour.road, width(1.1, 18)),
    line("big", BIG, colour.road, width(2, 24)),
    line("rail", ["rail", "tram"], colour.track, width(0.6, 2)),
  ];
}

function pointLayers(colour) {
  return [
    {
      id: "trees",
      type: "circle",
      source: "trees",
      minzoom: 15,
      paint: {
        "circle-color": colour.tree,
        "circle-opacity": 0.6,
        "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 15, 1.2, 19, 18],
      },
    },
    {
      id: "stops",
      type: "circle",
      source: "stops",
      minzoom: 15,
      paint: {
        "circle-color": colour.halo,
        "circle-stroke-color": colour.stop,
        "circle-stroke-width": 2,
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 15, 2.5, 18, 6],
      },
    },
  ];
}

/** The texts; where two would lie on each other, the later layer's stays. */
function labelLayers(colour) {
  const label = (id, source, zooms, size, layout, shown, textColour = colour.text) => ({
    id,
    type: "symbol",
    source,
    minzoom: zooms[0],
    ...(zooms[1] ? { maxzoom: zooms[1] } : {}),
    filter: ["all", ["has", "name"], shown],
    layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": size, ...layout },
    paint: { "text-color": textColour, "text-halo-color": colour.halo, "text-halo-width": 1.6 },
  });
  const along = { "symbol-placement": "line" };
  const growing = ["interpolate", ["linear"], ["zoom"], 14, 11, 18, 14];
  const below = { "text-offset": [0, 0.9], "text-anchor": "top", "text-optional": true };
  const broad = { "text-max-width": 8, "text-padding": 6 };
  const spaced = { ...broad, "text-letter-spacing": 0.08 };
  const small = [...STREET, ...SMALL];
  return [
    label("number", "names", [17.2], 10.5, { "text-padding": 1 }, one(["number"])),
    label("building-name", "names", [16.5], 11, { "text-max-width": 7 }, one(["building"])),
    label("area-name", "names", [14], 12, broad, none(NO_AREA)),
    label("path-name", "roads", [16], 11, along, one([...PATH, "steps"])),
    label("street-name", "roads", [14.8], growing, along, one(small)),
    label("big-name", "roads", [13.5], growing, along, one(BIG)),
    label("water-name", "roads", [14], 12, along, one(["water"])),
    label("stop-name", "stops", [16.4], 11, below, true, colour.stop),
    label("neighbourhood-name", "names", [13.5, 16.5], 12, spaced, one(["neighbourhood"])),
    label("quarter-name", "names", [11, 16.5], 13, spaced, one(QUARTERS)),
    label("town-name", "names", [8, 16], 15, broad, one(TOWNS)),
    {
      id: RIM_NAME,
      type: "symbol",
      source: "extent",
      minzoom: 13.5,
      layout: { ...along, "symbol-spacing": 500, "text-font": FONT, "text-size": 12 },
      paint: { "text-color": colour.text, "text-halo-color": colour.halo, "text-halo-width": 2 },
    },
  ];
}
