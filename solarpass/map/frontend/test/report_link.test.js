import assert from "node:assert/strict";
import { test } from "node:test";
import { reportOf } from "../src/report_link.js";

const PLACE = { lng: 24.9459, lat: 60.1742 };

test("a report is of the place and its shade, latitude first", () => {
  const told = new URLSearchParams(reportOf(PLACE, ""));
  assert.deepEqual(Object.fromEntries(told), {
    face: "report",
    at: "60.17420,24.94590",
    category: "wrong_shade",
  });
});

test("city and language are kept, the walk is not, and nothing breaks out of the link", () => {
  const city = "a&face=heat#<b>";
  const search = `?${new URLSearchParams({ city, lang: "en", from: "1,2", face: "walk" })}`;
  const told = new URLSearchParams(reportOf(PLACE, search));
  assert.equal(told.get("city"), city);
  assert.equal(told.get("lang"), "en");
  assert.deepEqual(told.getAll("face"), ["report"]);
  assert.equal(told.has("from"), false);
});
