import assert from "node:assert/strict";
import { test } from "node:test";
import { wayTo } from "../src/geometry.js";
import { scaleOf } from "../src/heat_bars.js";
import { readPlace, sieveOf } from "../src/heat_link.js";
import { isWorth, standAt } from "../src/heat_site.js";
import { choose, folded, occurring, rowsOf, timeAt } from "../src/heat_table.js";
import { fill, HeatWords } from "../src/heat_words.js";

const TABLE = {
  hours: ["00:00", "01:00", "02:00", "02:00", "03:00"], // the night of a longer day
  hottest: 4,
  sites: {
    id: ["a", "b", "c"],
    name: ["Große Straße", null, "Évora"],
    label: ["Große Straße", "Ring", "Évora"],
    kind: ["bus_stop", "bench", "bench"],
    shelter: ["none", "opaque", "none"],
    rank: [2, null, 1],
    levels: ["01234", "?????", "00001"],
    reasons: { sun: [1, null, 3] },
  },
};

test("rows come by rank, those of none last", () => {
  const rows = rowsOf(TABLE);
  assert.deepEqual(rows.map(({ id }) => id), ["c", "a", "b"]);
  assert.deepEqual(rows[0].reasons, { sun: 3 });
});

test("an hour of the link is found among those of the day, else the hottest", () => {
  assert.equal(timeAt(TABLE, null), 4);
  assert.equal(timeAt(TABLE, 2), 2);
  assert.equal(timeAt(TABLE, 3), 4);
  assert.equal(timeAt(TABLE, 17), 4);
});

test("a search finds what one types without accents and case", () => {
  const rows = rowsOf(TABLE);
  const all = { q: "", kind: "", shelter: "", level: "" };
  const ids = (sought, time = 4) => choose(rows, { ...all, ...sought }, time).map(({ id }) => id);
  assert.equal(folded("Évora Straße"), "evora strasse");
  assert.deepEqual(ids({}), ["c", "a", "b"]);
  assert.deepEqual(ids({ q: " GROSSE " }), ["a"]);
  assert.deepEqual(ids({ q: "evora" }), ["c"]);
  assert.deepEqual(ids({ q: "ring" }), ["b"]);
  assert.deepEqual(ids({ kind: "bench", shelter: "none" }), ["c"]);
  assert.deepEqual(ids({ level: "?" }), ["b"]);
  assert.deepEqual(ids({ level: "1" }, 4), ["c"]);
  assert.deepEqual(ids({ level: "1" }, 1), ["a"]);
});

test("a sieve leaves a district, and what is near a place", () => {
  const rows = rowsOf(TABLE).map((row, at) => ({
    ...row,
    district: ["Nord", null, "Süd"][at],
    longitude: 13.4,
    latitude: 52.5 + at * 0.003, // 334 m each
  }));
  const ids = (sieve) => choose(rows, sieve, 4, 400).map(({ id }) => id);
  assert.deepEqual(ids({ district: "Nord" }), ["c"]);
  assert.deepEqual(ids({ near: { latitude: 52.5, longitude: 13.4 } }), ["c", "a"]);
  assert.deepEqual(occurring(rows, "district"), ["Nord", "Süd"]);
});

test("a link keeps a sieve, and a place in it is two numbers", () => {
  const asked = new URLSearchParams("kind=bench&q=a%20b&near=52.5,13.4&level=");
  assert.deepEqual(sieveOf(asked), {
    ...{ kind: "bench", shelter: null, level: null, district: null, q: "a b", near: "52.5,13.4" },
  });
  assert.deepEqual(readPlace("52.5,-13.4"), { latitude: 52.5, longitude: -13.4 });
  for (const text of [null, "", "52.5", "52.5,13.4,1", "a,b"]) assert.equal(readPlace(text), null);
});

test("what occurs is offered, the most frequent first", () => {
  assert.deepEqual(occurring(rowsOf(TABLE), "kind"), ["bench", "bus_stop"]);
});

test("a way is told by metres and one of eight directions", () => {
  const here = [13.4, 52.5];
  const squeeze = Math.cos((52.5 * Math.PI) / 180);
  for (let eighth = 0; eighth < 8; eighth += 1) {
    const turn = (eighth * Math.PI) / 4;
    const [east, north] = [30 * Math.sin(turn), 30 * Math.cos(turn)];
    const way = wayTo(here, [here[0] + east / 111_320 / squeeze, here[1] + north / 111_320]);
    assert.equal(way.eighth, eighth);
    assert.ok(Math.abs(way.metres - 30) < 1e-3);
  }
});

test("one is sent to a place that is cooler by something, and only there", () => {
  const places = { longitude: [0.0001], latitude: [0], shelter: ["opaque"], kind: ["bus_stop"] };
  const row = {
    longitude: 0,
    latitude: 0,
    utci: [40, 40, 40, null],
    stand: [0, 0, -1, 0],
    stand_of: "1200",
  };
  const stand = (time) => standAt({ ...row, stand_utci: [37, 39.8, null, 30] }, places, time);
  assert.equal(stand(0).eighth, 2);
  assert.equal(Math.round(stand(0).metres), 11);
  assert.deepEqual([stand(0).of, stand(0).kind], ["1", "bus_stop"]);
  assert.ok(isWorth(stand(0)));
  assert.ok(!isWorth(stand(1)));
  assert.equal(stand(2), null);
  assert.equal(stand(3), null);
  assert.ok(!isWorth(null));
});

test("a scale holds all that is known", () => {
  assert.deepEqual(scaleOf([null, 22, 51.2]), { low: 15, high: 55 });
  assert.deepEqual(scaleOf([null]), { low: 15, high: 40 });
  assert.deepEqual(scaleOf([-3]), { low: -5, high: 40 });
});

test("numbers are said as the language says them, and the unknown is not nought", () => {
  const words = {
    no_burden: "unbekannt",
    person_kh: "rund {n} P",
    person_kh_least: "unter {n} P",
    person_kh_none: "keine",
    burden_assumed: "{burden}, angenommen",
    degrees_one: "1 Grad",
    degrees_n: "{n} Grad",
    level_said_0: "keine Hitze",
    level_almost: "fast sicher {level} ({sure} %)",
    level_probably: "wahrscheinlich {level} ({sure} %)",
    level_likeliest: "am ehesten {level} ({sure} %)",
    hours_one: "1 h",
    hours_n: "{n} h",
    at_hour: "{hour} Uhr",
    rank: "Rang {rank}",
    rank_range: "Rang {rank}: {low} bis {high}",
    no_rank: "ohne",
    kind_bench: "Bank",
    kind_other: "Ort",
    no_name: "{kind} ohne Namen",
  };
  const german = new HeatWords({ words, language: "de", levels: [] });
  const burden = (value, from = "gtfs") => german.burden({ burden: value, persons_from: from });
  assert.equal(burden(null), "unbekannt");
  assert.equal(burden(1784.4), "rund 1.800 P");
  assert.equal(burden(0.26), "rund 0,3 P");
  assert.equal(burden(0.04), "unter 0,1 P");
  assert.equal(burden(0, "default"), "keine");
  assert.equal(burden(99.6, "default"), "rund 100 P, angenommen");
  const strong = { digit: "2", word: "stark" };
  assert.deepEqual([100, 91, 90, 50, 49, null].map((sure) => german.sure(strong, sure)), [
    "fast sicher stark (>\u00a099 %)",
    "fast sicher stark (91 %)",
    "wahrscheinlich stark (90 %)",
    "wahrscheinlich stark (50 %)",
    "am ehesten stark (49 %)",
    "stark",
  ]);
  assert.equal(german.sure({ digit: "0", word: "keine" }, 60), "wahrscheinlich keine Hitze (60 %)");
  assert.equal(german.less(36.4, 32.6), "3 Grad"); // 36 and 33, as they are told
  assert.equal(german.less(37.9, 36.9), "1 Grad");
  assert.equal(german.signed(-1.25), "\u22121,3");
  assert.equal(german.signed(12), "+12");
  assert.deepEqual([37.4, 37.6, 37.9, 38.2].map((felt) => german.degrees(felt)), [
    "37",
    "37",
    "37",
    "38",
  ]);
  assert.equal(german.hour("15:00"), "15 Uhr");
  assert.equal(german.hours(1), "1 h");
  assert.equal(german.hours(2.5), "2,5 h");
  assert.equal(german.rank({ rank: 3, rank_low: 2, rank_high: 6 }), "3 (2–6)");
  assert.equal(german.rank({ rank: 3, rank_low: 3, rank_high: 3 }), "3");
  assert.equal(german.rankSpoken({ rank: 3, rank_low: 2, rank_high: 6 }), "Rang 3: 2 bis 6");
  assert.equal(german.rankSpoken({ rank: null }), "ohne");
  assert.equal(german.name({ name: null, label: null, kind: "bench" }), "Bank ohne Namen");
  assert.equal(german.name({ name: null, label: "Ring", kind: "unheard" }), "Ort, Ring");
  assert.equal(german.kindBeneath({ name: null, label: "Ring", kind: "bench" }), null);
  assert.equal(german.kindBeneath({ name: "Ring", kind: "bench" }), "Bank");
  assert.equal(fill("{a} {b}", { a: 0 }), "0 {b}");
});
