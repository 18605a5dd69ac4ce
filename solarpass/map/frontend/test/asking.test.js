import assert from "node:assert/strict";
import { test } from "node:test";
import { Asking } from "../src/asking.js";
import { keepOne } from "../src/lifecycle.js";

test("a quick second change carries the first along", () => {
  const sent = [];
  const asking = new Asking();
  const component = { setTriggerValue: (name, value) => sent.push([name, value]) };
  asking.update(component);
  asking.ask({ from: "A" });
  asking.ask({ to: "B" });
  assert.deepEqual(sent.at(-1), ["asked", { from: "A", to: "B" }]);
  asking.update(component);
  asking.ask({ to: "C" });
  assert.deepEqual(sent.at(-1), ["asked", { to: "C" }]);
});

test("a face lives as long as its element, over many updates", () => {
  const seen = [];
  const mount = keepOne(() => {
    seen.push("built");
    return { update: ({ data }) => seen.push(data), remove: () => seen.push("removed") };
  });
  const parentElement = {};
  mount({ parentElement, data: 1 });
  const leave = mount({ parentElement, data: 2 });
  leave();
  mount({ parentElement, data: 3 });
  assert.deepEqual(seen, ["built", 1, 2, "removed", "built", 3]);
});
