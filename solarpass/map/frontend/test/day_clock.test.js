import assert from "node:assert/strict";
import { test } from "node:test";
import { DayClock } from "../src/day_clock.js";
import { Sky } from "../src/sky.js";

/** A clock whose timers run at once, one `tick` each; `waited` sums up the milliseconds. */
function handClock(still) {
  const made = { waited: 0, seen: [], due: null };
  const wait = (act, ms) => {
    made.due = act;
    made.waited += ms;
    return 1;
  };
  const stop = () => (made.due = null);
  made.clock = new DayClock({ isStill: () => still, wait, stop });
  made.clock.on(({ minutes }) => made.seen.push(minutes));
  made.run = () => {
    while (made.due && made.clock.isPlaying) made.due();
  };
  return made;
}

test("a day plays in twenty seconds, every slot of it, and stops at its end", () => {
  const made = handClock(false);
  made.clock.play();
  made.run();
  assert.equal(new Set(made.seen).size, 288);
  assert.equal(made.clock.minutes, 1435);
  assert.equal(made.clock.isPlaying, false);
  assert.ok(Math.abs(made.waited - 20_000) < 100);
});

test("where motion is unwelcome the day goes by the hour", () => {
  const made = handClock(true);
  made.clock.play();
  made.run();
  assert.ok(made.seen.length <= 26);
  assert.equal(made.clock.isPlaying, false);
});

test("the clock keeps to its steps and its day, and tells who listens until they leave", () => {
  const { clock, seen } = handClock(false);
  for (const minutes of [847, -5, 9999]) clock.set(minutes);
  assert.deepEqual(seen, [845, 0, 1435]);
  const heard = [];
  const leave = clock.on(({ minutes }) => heard.push(minutes));
  clock.set(60);
  leave();
  clock.set(65);
  assert.deepEqual(heard, [60]);
});

test("an answer is taken over in silence", () => {
  const { clock, seen } = handClock(false);
  clock.show("2026-07-15", 840);
  assert.deepEqual([clock.day, clock.minutes, seen], ["2026-07-15", 840, []]);
});

/** A day as the server writes it. */
function written(minutes, elevation, rows) {
  const head = { n_edges: 2, minutes, azimuth_deg: minutes, elevation_deg: elevation, leaf_fraction: elevation };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(4 + text.length + rows.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(rows, 4 + text.length);
  return bytes.buffer;
}

test("a sky reads what the server wrote, and says night", () => {
  const sky = new Sky(written([0, 5, 10], [-1, 0.5, 2], [0, 0, 7, 254, 9, 255]));
  assert.deepEqual([...sky.streetsAt(5)], [7, 254]);
  assert.deepEqual([...sky.streetsAt(1435)], [9, 255]);
  assert.deepEqual([0, 5].map((minutes) => sky.isNight(minutes)), [true, false]);
  assert.throws(() => new Sky(written([0, 5], [1, 1], [1])));
});

test("an hour that comes twice is shown as it is first, one left out as what was before", () => {
  assert.equal(new Sky(written([0, 60, 60], [1, 1, 1], [0, 0, 1, 1, 2, 2])).rowAt(60), 1);
  assert.equal(new Sky(written([0, 120], [1, 1], [0, 0, 1, 1])).rowAt(60), 0);
});
