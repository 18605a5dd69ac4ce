import assert from "node:assert/strict";
import { test } from "node:test";
import { FAR, KEYS, NEAR, stepOf } from "../src/pin_keys.js";

test("an arrow moves a pin its way, up being less on the screen", () => {
  assert.deepEqual(stepOf("ArrowUp", NEAR), [0, -NEAR]);
  assert.deepEqual(stepOf("ArrowRight", FAR), [FAR, 0]);
});

test("there and back is nowhere", () => {
  for (const [there, back] of [
    ["ArrowLeft", "ArrowRight"],
    ["ArrowUp", "ArrowDown"],
  ]) {
    const [across, down] = stepOf(there, NEAR).map((way, axis) => way + stepOf(back, NEAR)[axis]);
    assert.ok(across === 0 && down === 0);
  }
});

test("other keys, and names every object has, move nothing", () => {
  for (const key of ["Enter", "Escape", "a", "constructor"]) assert.equal(stepOf(key, NEAR), null);
  assert.ok(KEYS.split(" ").includes("ArrowDown"));
});
