import assert from "node:assert/strict";
import { test } from "node:test";
import { clockText, dayTrack, minutesOf } from "../src/clock.js";

test("a clock reads what it writes, on steps of five minutes", () => {
  for (let minutes = 0; minutes < 24 * 60; minutes += 5)
    assert.equal(minutesOf(clockText(minutes)), minutes);
  assert.equal(minutesOf("14:07"), 14 * 60 + 5);
  assert.equal(minutesOf("23:59"), 23 * 60 + 55);
  assert.deepEqual(["8", "9.30", "1430", " 7:05 "].map(minutesOf), [480, 570, 870, 425]);
});

test("what is no time of day is none", () => {
  for (const text of ["", null, undefined, "noon", "24:00", "12:60", "-1"])
    assert.equal(minutesOf(text), null);
});

test("a day's track turns light at sunrise and dark at sunset", () => {
  const track = dayTrack({ sunrise: 360, sunset: 1080, light: "gold", dark: "navy" });
  assert.equal(track, "linear-gradient(90deg, navy 25.00%, gold 25.00% 75.00%, navy 75.00%)");
});

test("a polar night is dark all along", () => {
  assert.equal(dayTrack({ sunrise: null, sunset: null, light: "gold", dark: "navy" }), "navy");
});
