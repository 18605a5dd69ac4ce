// Pieces of a city's upright prisms as the server sends them, and the triangles that cast them.
import earcut from "earcut";

export const SOLID = 0;
export const KINDS = 4; // solids, what hangs above the ground, crowns, other crowns
const DISC = 5; // x, y, radius, base, top
const METRES_A_DEGREE = 111_320; // of latitude

/** Read a piece: see `solarpass/map/prisms.py`. */
export function readPiece(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  const take = (Type, n) => {
    const array = new Type(buffer, at, n);
    at += array.byteLength;
    return array;
  };
  const sum = (counts) => counts.reduce((total, count) => total + count, 0);
  const nPolygons = sum(head.polygons);
  return {
    ...head,
    ringsOf: take(Uint32Array, nPolygons),
    cornersOf: take(Uint32Array, head.rings),
    spans: take(Float32Array, 2 * nPolygons),
    xy: take(Float32Array, 2 * head.corners),
    disc: take(Float32Array, DISC * sum(head.discs)),
  };
}

/**
 * Triangles of a piece's polygons: each corner twice, at its base and at its top.
 *
 * A shadow is the base, the top moved away from the sun, and the sides between the two.
 * `ranges[kind]` tells where its indices lie: `[first, count]`.
 */
export function meshOf({ polygons, ringsOf, cornersOf, spans, xy }) {
  const vertices = new Float32Array(3 * xy.length); // x, y, height; two for each corner
  const indices = [];
  const ranges = [];
  let [polygon, ring, corner] = [0, 0, 0];
  for (const count of polygons) {
    const first = indices.length;
    for (const last = polygon + count; polygon < last; polygon += 1) {
      const start = corner;
      const holes = [];
      for (const end = ring + ringsOf[polygon]; ring < end; ring += 1) {
        if (corner > start) holes.push(corner - start);
        addSides(indices, corner, cornersOf[ring]);
        corner += cornersOf[ring];
      }
      const [base, top] = [spans[2 * polygon], spans[2 * polygon + 1]];
      for (let at = start; at < corner; at += 1)
        vertices.set([xy[2 * at], xy[2 * at + 1], base, xy[2 * at], xy[2 * at + 1], top], 6 * at);
      const face = earcut(xy.subarray(2 * start, 2 * corner), holes).map((at) => 2 * (start + at));
      for (const at of face) indices.push(at);
      for (const at of face) indices.push(at + 1);
    }
    ranges.push([first, indices.length - first]);
  }
  return { vertices, indices: Uint32Array.from(indices), ranges };
}

/** Triangles of an extent `[polygon][ring][longitude, latitude]`, in Web Mercator from its anchor. */
export function extentMesh(polygons) {
  const anchor = onMercator(polygons[0][0][0]);
  const vertices = [];
  const indices = [];
  for (const rings of polygons) {
    const start = vertices.length / 2;
    const holes = [];
    for (const ring of rings) {
      if (ring !== rings[0]) holes.push(vertices.length / 2 - start);
      for (const place of ring.slice(0, -1)) {
        const [x, y] = onMercator(place);
        vertices.push(x - anchor[0], y - anchor[1]);
      }
    }
    for (const at of earcut(vertices.slice(2 * start), holes)) indices.push(start + at);
  }
  return { anchor, vertices: Float32Array.from(vertices), indices: Uint32Array.from(indices) };
}

function onMercator([longitude, latitude]) {
  const turn = (latitude * Math.PI) / 180;
  return [longitude / 360 + 0.5, 0.5 - Math.asinh(Math.tan(turn)) / (2 * Math.PI)];
}

function addSides(indices, first, count) {
  for (let step = 0; step < count; step += 1) {
    const here = 2 * (first + step);
    const next = 2 * (first + ((step + 1) % count));
    indices.push(here, next, next + 1, here, next + 1, here + 1);
  }
}

/** Where the discs of each kind lie among all: `[first, count]`. */
export function discRanges({ discs }) {
  let first = 0;
  return discs.map((count) => [(first += count) - count, count]);
}

/** Metres east and north that a shadow goes for each metre of height. */
export function shadowStep(azimuth, elevation) {
  const along = -1 / Math.tan((elevation * Math.PI) / 180);
  const turn = (azimuth * Math.PI) / 180;
  return [along * Math.sin(turn), along * Math.cos(turn)];
}

/** Whether shade out of a piece `[west, south, east, north, highest]` may fall into a view. */
export function fallsInto([west, south, east, north, highest], [left, bottom, right, top], step) {
  const squeeze = Math.cos((south * Math.PI) / 180);
  const x = (step[0] * highest) / (METRES_A_DEGREE * squeeze);
  const y = (step[1] * highest) / METRES_A_DEGREE;
  return (
    west + Math.min(x, 0) <= right &&
    east + Math.max(x, 0) >= left &&
    south + Math.min(y, 0) <= top &&
    north + Math.max(y, 0) >= bottom
  );
}

/** MapLibre's matrix for a piece's own metres, multiplied in doubles before they are cut. */
export function pieceMatrix(main, { anchor, east, north }) {
  const own = new Float32Array(16);
  for (let row = 0; row < 4; row += 1) {
    const [x, y, w] = [main[row], main[4 + row], main[12 + row]];
    own[row] = x * east[0] + y * east[1];
    own[4 + row] = x * north[0] + y * north[1];
    own[8 + row] = main[8 + row];
    own[12 + row] = x * anchor[0] + y * anchor[1] + w;
  }
  return own;
}
