import assert from "node:assert/strict";
import { test } from "node:test";
import {
  discRanges,
  extentMesh,
  fallsInto,
  meshOf,
  pieceMatrix,
  readPiece,
  shadowStep,
} from "../src/prisms.js";

/** A solid square with a square hole, a crown, and a disc of the other crowns. */
function piece() {
  const head = {
    anchor: [0.5, 0.25],
    east: [2e-8, 0],
    north: [0, -2e-8],
    polygons: [1, 0, 1, 0],
    discs: [0, 0, 0, 1],
    rings: 3,
    corners: 11,
  };
  const text = JSON.stringify(head);
  const told = new TextEncoder().encode(text + " ".repeat((4 - (text.length % 4)) % 4));
  const square = (low, high) => [low, low, high, low, high, high, low, high];
  const parts = [
    Uint32Array.from([told.length]),
    told,
    Uint32Array.from([2, 1]),
    Uint32Array.from([4, 4, 3]),
    Float32Array.from([0, 9, 2, 5]),
    Float32Array.from([...square(0, 10), ...square(4, 6), 20, 0, 30, 0, 20, 10]),
    Float32Array.from([50, 50, 3, 1, 8]),
  ];
  const bytes = parts.map(({ buffer }) => new Uint8Array(buffer));
  const whole = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return readPiece(whole.buffer);
}

/** Area of the triangles that lie wholly at one height. */
function areaAt({ vertices, indices }, [first, count], height) {
  let area = 0;
  for (let at = first; at < first + count; at += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => vertices.subarray(3 * indices[at + k]).subarray(0, 3));
    if ([a, b, c].some(([, , z]) => z !== height)) continue;
    area += Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
  }
  return area;
}

test("a piece is read as it was written", () => {
  const read = piece();
  assert.deepEqual([...read.cornersOf], [4, 4, 3]);
  assert.deepEqual([...read.disc], [50, 50, 3, 1, 8]);
  assert.deepEqual(discRanges(read), [[0, 0], [0, 0], [0, 0], [0, 1]]);
});

test("base and top are filled but for the holes, and every side is there", () => {
  const mesh = meshOf(piece());
  const [solid, hanging, crowns, others] = mesh.ranges;
  assert.equal(areaAt(mesh, solid, 0), 96);
  assert.equal(areaAt(mesh, solid, 9), 96);
  assert.equal(areaAt(mesh, crowns, 2), 50);
  assert.equal(areaAt(mesh, crowns, 5), 50);
  assert.deepEqual([hanging[1], others[1]], [0, 0]);
  const faces = 2 * 3 * (8 + 1); // earcut's triangles of a square with a square hole, and of one
  assert.equal(mesh.indices.length, 6 * 11 + faces);
});

test("a shadow falls away from the sun, as long as the sun is low", () => {
  const [east, north] = shadowStep(180, 45);
  assert.ok(Math.abs(east) < 1e-12 && Math.abs(north - 1) < 1e-12);
  const [west] = shadowStep(90, 30);
  assert.ok(Math.abs(west + Math.sqrt(3)) < 1e-12);
});

test("a piece is drawn where its shade may be seen, and only there", () => {
  const box = [10, 50, 10.001, 50.001, 100];
  const north = [10, 50.0015, 10.001, 50.01];
  assert.ok(fallsInto(box, [10, 50, 10.0005, 50.0005], [0, 0]));
  assert.ok(!fallsInto(box, north, [0, 0]));
  assert.ok(fallsInto(box, north, [0, 1])); // 100 m are 0.0009°
  assert.ok(!fallsInto(box, north, [0, -1]));
});

test("metres of a piece land where Mercator has them", () => {
  const main = Float64Array.from([2, 0, 0, 0, 0, -2, 0, 0, 0, 0, 1, 0, -1, 1, 0, 1]);
  const own = pieceMatrix(main, piece());
  const [x, y] = [1000, 500];
  const at = (row) => own[row] * x + own[4 + row] * y + own[12 + row];
  assert.ok(Math.abs(at(0) - (2 * (0.5 + 2e-8 * x) - 1)) < 1e-9);
  assert.ok(Math.abs(at(1) - (1 - 2 * (0.25 - 2e-8 * y))) < 1e-7);
});

test("an extent is filled but for its holes, in Mercator from its first corner", () => {
  const ring = (low, high) => [[low, 0], [high, 0], [high, 0.01], [low, 0.01], [low, 0]];
  const { anchor, vertices, indices } = extentMesh([
    [ring(0, 3), ring(1, 2)],
    [ring(4, 5)],
  ]);
  assert.ok(anchor[0] === 0.5 && Math.abs(anchor[1] - 0.5) < 1e-15);
  let area = 0;
  for (let at = 0; at < indices.length; at += 3) {
    const [[a, b], [c, d], [e, f]] = [0, 1, 2].map((k) => vertices.slice(2 * indices[at + k]));
    area += Math.abs((c - a) * (f - b) - (e - a) * (d - b)) / 2;
  }
  const square = (1 / 360) * (0.01 / 360);
  assert.ok(Math.abs(area / square - 3) < 1e-3);
});
