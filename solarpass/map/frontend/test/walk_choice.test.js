import assert from "node:assert/strict";
import test from "node:test";
import { makeWalkChoice, pickWalks } from "../src/walk_choice.js";

test("a choice is told once, kept by the same answer and reset by another", () => {
  const choice = makeWalkChoice();
  const told = [];
  const stop = choice.on((number) => told.push(number));
  choice.reset("a", 4, 3);
  choice.set(1);
  choice.set(1);
  choice.set(4);
  choice.set(Number.NaN);
  choice.reset("a", 4, 3);
  assert.equal(choice.number, 1);
  choice.reset("b", 2, 1);
  stop();
  choice.set(0);
  assert.deepEqual(told, [3, 1, 1]);
});

test("the map draws the shortest walk and the chosen one", () => {
  const walk = (kind) => ({ properties: { kind }, geometry: {} });
  const all = { features: [walk("shortest"), walk("pareto"), walk("shadiest")] };
  const kinds = (number) => pickWalks(all, number).features.map((one) => one.properties.kind);
  assert.deepEqual(kinds(0), ["shortest"]);
  assert.deepEqual(kinds(1), ["shortest", "shadiest"]);
  assert.equal(pickWalks(null, 2).features.length, 0);
});
