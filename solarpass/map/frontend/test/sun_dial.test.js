import assert from "node:assert/strict";
import { test } from "node:test";
import { dayPath, dialPlace, eighthOf } from "../src/sun_dial.js";

const near = (found, wanted) =>
  found.every((value, index) => Math.abs(value - wanted[index]) < 1e-9);

test("the horizon is the rim, overhead the middle, north is up and east is right", () => {
  assert.ok(near(dialPlace(0, 0), [0, -26]));
  assert.ok(near(dialPlace(90, 0), [26, 0]));
  assert.ok(near(dialPlace(180, 45), [0, 13]));
  assert.ok(near(dialPlace(270, 90), [0, 0]));
  assert.ok(near(dialPlace(90, -5), [26, 0]));
});

test("the path leaves out the night, and breaks where the sun sets in between", () => {
  assert.equal(dayPath([10, 90, 180, 270], [-5, 0.1, 45, -1]).match(/M/g).length, 1);
  assert.equal(dayPath([10, 90, 180], [5, -1, 5]).match(/M/g).length, 2);
  assert.equal(dayPath([10, 20], [-5, -3]), "");
});

test("directions are named by eighths of the compass", () => {
  assert.deepEqual([0, 22, 23, 90, 181, 300, 338, 359].map(eighthOf), [
    0, 0, 1, 2, 4, 7, 0, 0,
  ]);
});
