import assert from "node:assert/strict";
import { test } from "node:test";
import { DARK, LIGHT, N_STEPS, sunStep } from "../src/colours.js";
import { bytes, luminance } from "../src/theme.js";

function contrast(one, other) {
  const [low, high] = [one, other].map((hex) => luminance(bytes(hex))).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

for (const [name, theme] of Object.entries({ LIGHT, DARK })) {
  test(`every line stands 3:1 off its casing in ${name}`, () => {
    for (const colour of [...theme.streets, theme.unknown, theme.shadiest, theme.shortest])
      assert.ok(contrast(colour, theme.casing) >= 3, `${colour} on ${theme.casing}`);
  });

  test(`sun and shade differ in lightness, step by step, in ${name}`, () => {
    const light = theme.streets.map((hex) => luminance(bytes(hex)));
    assert.equal(theme.streets.length, N_STEPS);
    for (let at = 1; at < light.length; at += 1) assert.ok(light[at] > light[at - 1]);
  });

  test(`labels stand 4.5:1 off their halo in ${name}`, () => {
    for (const colour of [theme.text, theme.stop])
      assert.ok(contrast(colour, theme.halo) >= 4.5, colour);
  });
}

test("a byte falls on the step nearest to it, and 255 on none", () => {
  assert.deepEqual([0, 31, 32, 127, 254].map(sunStep), [0, 0, 1, 2, 4]);
  assert.equal(sunStep(255), -1);
});

test("black and white are the ends of luminance", () => {
  assert.equal(luminance([0, 0, 0]), 0);
  assert.ok(Math.abs(luminance([255, 255, 255]) - 1) < 1e-12);
});
