import assert from "node:assert/strict";
import test from "node:test";
import { leftAt, progressOn } from "../src/progress.js";

const LINE = [
  [0, 0],
  [0, 0.001], // 111 m north
  [0.001, 0.001], // and as far east
];

test("on the line one has walked as far as one has come", () => {
  for (const [at, share] of [
    [[0, 0], 0],
    [[0, 0.0005], 0.25],
    [[0.0005, 0.001], 0.75],
    [[0.001, 0.001], 1],
  ]) {
    const found = progressOn(LINE, at);
    assert.ok(Math.abs(found.share - share) < 1e-6);
    assert.ok(found.metres < 1e-6);
  }
});

test("off the line the nearest place counts, and how far it is", () => {
  const { share, metres } = progressOn(LINE, [-0.0005, 0.0005]);
  assert.ok(Math.abs(share - 0.25) < 1e-6);
  assert.ok(Math.abs(metres - 55.66) < 0.01);
  assert.equal(progressOn([[1, 1], [1, 1]], [1, 1]).share, 0);
});

test("what is left is read between the marks", () => {
  const marks = [
    [600, 300],
    [300, 300],
    [0, 0],
  ];
  assert.deepEqual(leftAt(marks, 0), [600, 300]);
  assert.deepEqual(leftAt(marks, 0.25), [450, 300]);
  assert.deepEqual(leftAt(marks, 1), [0, 0]);
});
