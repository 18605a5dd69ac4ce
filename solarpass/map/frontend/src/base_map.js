// The base map of a city, on which each face draws its own.
import {
  addProtocol,
  AttributionControl,
  Map as MapLibre,
  NavigationControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerSource from "maplibre-worker-source";
import { Protocol } from "pmtiles";
import { OnlineMap } from "./online_map.js";
import { makeStyle, SOURCES } from "./style.js";

setWorkerUrl(URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" })));
addProtocol("pmtiles", new Protocol().tile); // which asks for a file of tiles piece by piece

const WIDE = 760; // px from which the panel lies on the map instead of below it
const PANEL = 430; // px of the map that it covers there
const CONTROLS = 64; // px at the right, under the buttons
const LEGEND = 52; // px at the top of a phone's map

export const absolute = (address) => address && new URL(address, location.href).href;

/** Whether this browser can draw maps. */
export function canDraw() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

/** Addresses of a city's layers by source name. */
export function addressesOf({ layers }) {
  const known = SOURCES.filter((name) => layers[name]);
  return Object.fromEntries(known.map((name) => [name, absolute(layers[name])]));
}

/** The style of a city's base map. */
function styleOf(city, colour) {
  const { tiles } = city;
  const whole = tiles && { ...tiles, address: absolute(tiles.address) };
  return makeStyle(addressesOf(city), whole, colour);
}

/** Open a map of a `city` in a `container`, with `padding` for what lies on it. */
export function openMap({ container, city, colour, title, words, padding, doubleClickZoom }) {
  const map = new MapLibre({
    container,
    style: styleOf(city, colour),
    bounds: city.bounds,
    fitBoundsOptions: { padding },
    maxZoom: 20,
    pitchWithRotate: false,
    dragRotate: false,
    touchPitch: false,
    doubleClickZoom,
    fadeDuration: 0,
    attributionControl: false,
    locale: {
      "Map.Title": title,
      "NavigationControl.ZoomIn": words.zoom_in,
      "NavigationControl.ZoomOut": words.zoom_out,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new AttributionControl({ compact: false, customAttribution: city.attribution }));
  if (city.online) map.addControl(new OnlineMap(city.online), "top-right");
  return map;
}

/** Paint the base map in other colours. */
export function repaint(map, city, colour) {
  for (const layer of styleOf(city, colour).layers)
    for (const [name, value] of Object.entries(layer.paint ?? {}))
      map.setPaintProperty(layer.id, name, value);
}

export const isWide = (frame) => frame.clientWidth > WIDE;

/** Room that the panel and the map's own controls need on a `frame`, in pixels. */
export function roomOn(frame, margin = 0) {
  const left = (isWide(frame) ? PANEL : 0) + margin;
  const top = (isWide(frame) ? 0 : LEGEND) + margin;
  return { left, right: Math.max(margin, CONTROLS), top, bottom: margin };
}

/** Bounds of the part of a map that no panel covers: west, south, east, north. */
export function seenOf(map, frame) {
  const { left, right, top } = roomOn(frame, 24);
  const { clientWidth: width, clientHeight: height } = frame;
  const a = map.unproject([left, height - 24]);
  const b = map.unproject([width - right, top + 26]); // a pin stands above its place
  return [a.lng, a.lat, b.lng, b.lat];
}
