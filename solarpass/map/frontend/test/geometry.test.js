import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, holds, isSmallIn, sameLine, shiftOff, tagPlace, windowAt } from "../src/geometry.js";

const straight = [
  [24.9, 60.1],
  [24.91, 60.1],
  [24.92, 60.1],
];
const around = [
  [24.9, 60.1],
  [24.905, 60.11],
  [24.91, 60.12],
  [24.92, 60.1],
];

test("a tag stands where a route is farthest from the other, on the far side", () => {
  assert.deepEqual(tagPlace(around, straight).at, [24.91, 60.12]);
  const west = straight.map(([x, y]) => [x - 0.01, y + 0.001]);
  assert.equal(tagPlace(west, straight).side, -1);
  assert.equal(tagPlace(straight, west).side, 1);
});

test("a route alone, or on top of the other, is tagged in its middle", () => {
  const middle = { at: [24.91, 60.1], side: 0 };
  assert.deepEqual(tagPlace(straight, undefined), middle);
  assert.deepEqual(tagPlace(straight, straight), middle);
});

test("a line is the same as itself and as no other", () => {
  assert.ok(sameLine(straight, structuredClone(straight)));
  assert.ok(!sameLine(straight, around));
  assert.ok(!sameLine(straight, straight.slice(1)));
});

test("bounds hold the points they are of", () => {
  const bounds = boundsOf(around);
  assert.deepEqual(bounds, [24.9, 60.1, 24.92, 60.12]);
  assert.ok(holds(bounds, around));
  assert.ok(!holds(bounds, [[24.93, 60.1]]));
});

test("a shadow picture is named by the step it lies on", () => {
  const grid = { longitude: 9.5, latitude: 47.1, column: 0.0066, row: 0.0045 };
  assert.equal(windowAt(grid, [9.5, 47.1]), "0_0");
  assert.equal(windowAt(grid, [9.5 + 3.4 * 0.0066, 47.1 - 1.6 * 0.0045]), "3_-2");
  assert.equal(windowAt(null, [9.5, 47.1]), "city");
});

test("a walk is small in a view of which it takes less than a third, both ways", () => {
  assert.equal(isSmallIn([0, 0, 3, 2], [0, 0, 10, 10]), true);
  assert.equal(isSmallIn([0, 0, 4, 2], [0, 0, 10, 10]), false);
  assert.equal(isSmallIn([0, 0, 3, 4], [0, 0, 10, 10]), false);
});

test("a box is moved off another by as little as it takes, or not at all", () => {
  const other = [0, 0, 100, 20];
  assert.equal(shiftOff([50, 15, 100, 20], other), 5);
  assert.equal(shiftOff([50, -15, 100, 20], other), -5);
  assert.equal(shiftOff([100, 0, 100, 20], other), 0);
  assert.equal(shiftOff([0, 20, 100, 20], other), 0);
});
