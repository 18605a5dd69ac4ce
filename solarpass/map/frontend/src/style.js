// The base map, drawn from the city's own data: no tiles, no glyphs, no sprites from elsewhere.

const withLinks = (kinds) => kinds.flatMap((kind) => [kind, `${kind}_link`]);
const BIG = withLinks(["motorway", "trunk", "primary", "secondary", "tertiary"]);
const STREET = ["residential", "unclassified", "living_street", "road"];
const SMALL = ["service", "pedestrian", "track"];
const PATH = ["footway", "path", "steps", "cycleway", "corridor", "bridleway", "crossing"];
const FONT = ["sans-serif"]; // drawn with the system's own font when the style names no glyphs

export const SOURCES = ["extent", "areas", "roads", "buildings", "trees", "stops", "streets"];

/** The layer below which shadows and the sun on the streets are put. */
export const ABOVE_GROUND = "buildings";

/** The layer whose text says that the data ends here, in words that the style does not know. */
export const RIM_NAME = "rim-name";

const one = (kinds) => ["in", ["get", "kind"], ["literal", kinds]];
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

/** Build a MapLibre style of the city's layers, whose addresses are given by source name. */
export function makeStyle(addresses, colour) {
  return {
    version: 8,
    sources: Object.fromEntries(
      Object.entries(addresses).map(([name, data]) => [
        name,
        { type: "geojson", data, maxzoom: 16 },
      ]),
    ),
    layers: [
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
    ],
  };
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
  const line = (id, kinds, lineColour, lineWidth, extra = {}) => ({
    id,
    type: "line",
    source: "roads",
    filter: one(kinds),
    layout: round,
    paint: { "line-color": lineColour, "line-width": lineWidth, ...extra },
  });
  return [
    line("waterway", ["water"], colour.water, width(1, 6)),
    line("path", PATH, colour.track, width(0.3, 2.5), { "line-dasharray": [2, 1.5] }),
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

function labelLayers(colour) {
  const label = (id, source, minzoom, size, layout, textColour, filter) => ({
    id,
    type: "symbol",
    source,
    minzoom,
    filter: filter ? ["all", ["has", "name"], filter] : ["has", "name"],
    layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": size, ...layout },
    paint: { "text-color": textColour, "text-halo-color": colour.halo, "text-halo-width": 1.6 },
  });
  const along = { "symbol-placement": "line" };
  const growing = ["interpolate", ["linear"], ["zoom"], 14, 11, 18, 14];
  return [
    label("area-name", "areas", 14, 12, { "text-max-width": 8 }, colour.text),
    label("big-name", "roads", 13.5, growing, along, colour.text, one(BIG)),
    label("street-name", "roads", 14.8, growing, along, colour.text, one([...STREET, ...SMALL])),
    label("building-name", "buildings", 16.5, 11, { "text-max-width": 7 }, colour.text),
    label(
      "stop-name",
      "stops",
      16.4,
      11,
      { "text-offset": [0, 0.9], "text-anchor": "top", "text-optional": true },
      colour.stop,
    ),
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
