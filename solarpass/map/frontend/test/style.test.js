import assert from "node:assert/strict";
import { test } from "node:test";
import { DARK, LIGHT } from "../src/colours.js";
import { tileAt } from "../src/online_map.js";
import { makeStyle, SOURCES } from "../src/style.js";
import { bytes, luminance } from "../src/theme.js";

const ADDRESSES = Object.fromEntries(SOURCES.map((name) => [name, `${name}.json`]));
const TILES = { address: "https://here/basemap.pmtiles", least_zoom: 8, most_zoom: 14 };
const { extent, streets } = ADDRESSES;
const STYLES = [makeStyle(ADDRESSES, null, LIGHT), makeStyle({ extent, streets }, TILES, LIGHT)];

function contrast(one, other) {
  const [low, high] = [one, other].map((hex) => luminance(bytes(hex))).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test("tiles and GeoJSON are drawn by the same layers", () => {
  const [whole, tiled] = STYLES.map(({ layers }) => layers);
  const plain = tiled.map(({ "source-layer": inTiles, ...layer }) =>
    inTiles ? { ...layer, source: inTiles } : layer,
  );
  assert.deepEqual(plain, whole);
});

test("every layer has its source, and none comes from elsewhere", () => {
  for (const { sources, layers, glyphs, sprite } of STYLES) {
    assert.equal(glyphs ?? sprite, undefined);
    for (const { source } of layers) assert.ok(!source || sources[source], source);
  }
  assert.deepEqual(STYLES[1].sources.base.tiles, [`pmtiles://${TILES.address}/{z}/{x}/{y}`]);
});

test("names are text, never patterns that are filled in", () => {
  for (const { layout, id } of STYLES[1].layers)
    if (layout?.["text-field"]) assert.deepEqual(layout["text-field"], ["get", "name"], id);
});

for (const [name, colour] of Object.entries({ LIGHT, DARK })) {
  test(`labels stand 4.5:1 off their halo in ${name}`, () => {
    const labels = makeStyle(ADDRESSES, null, colour).layers.filter(({ type }) => type === "symbol");
    assert.ok(labels.length > 8);
    for (const { id, paint } of labels)
      assert.ok(contrast(paint["text-color"], paint["text-halo-color"]) >= 4.5, id);
  });

  test(`even without its halo a name can be read on every ground in ${name}`, () => {
    const grounds = ["beyond", "ground", "green", "wood", "water", "square", "rail", "road"];
    for (const ground of [...grounds, "building"])
      assert.ok(contrast(colour.text, colour[ground]) >= 4.5, ground);
  });
}

test("a tile is asked for where its place is", () => {
  const address = "https://there/{z}/{x}/{y}.png?{z}";
  assert.equal(tileAt(address, { lng: 0.1, lat: -0.1 }, 1), "https://there/1/1/1.png?1");
  const wanted = `https://there/15/${tileOf(24.9384, 60.1699, 15)}.png?15`;
  assert.equal(tileAt(address, { lng: 24.9384, lat: 60.1699 }, 15), wanted);
});

/** By the formula of OpenStreetMap's wiki, with tangent and secant. */
function tileOf(lng, lat, zoom) {
  const angle = (lat * Math.PI) / 180;
  const y = (1 - Math.log(Math.tan(angle) + 1 / Math.cos(angle)) / Math.PI) / 2;
  return `${Math.floor(((lng + 180) / 360) * 2 ** zoom)}/${Math.floor(y * 2 ** zoom)}`;
}
