import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { asLink, elsewhereOf, NO_WISH, readEuros, wishOf } from "../src/heat_link.js";
import { HeatWords } from "../src/heat_words.js";
import { Fault, fetchReady, PlanDesk, queryOf } from "../src/plan_desk.js";
import {
  duration,
  euros,
  sayCost,
  sayEffect,
  sayLevels,
  sayProof,
  sayRange,
  sayWait,
  stepOf,
} from "../src/plan_words.js";

const TERMS = {
  seconds_n: "{n} seconds",
  minutes_n: "{n} minutes",
  minute_one: "1 minute",
  options_wait: "About {about}.",
  options_since: "For {since}.",
  options_long: "Longer.",
  cooler: "{degrees} cooler",
  hotter: "{degrees} hotter",
  cooler_not: "not cooler",
  fewer: "{n} fewer",
  less_heat: "{n} less",
  more_heat: "{n} more",
  mean_heat: "{n} over {years}",
  serves_water_reach: "water {reach}",
  level_step: "{before} to {after}",
  level_same: "stays {before}",
  cost_once: "{euros} once",
  cost_yearly: "{euros} a year",
  cost_free: "free",
  cost_between: "between {low} and {high}",
  upkeep_between: "yearly {low} and {high}",
  proof: "proven",
  proof_gap: "within {n}",
  proof_time: "late {n}",
  proof_live: "live {n}, awaited",
  proof_dragging: "live {n}",
};
const words = new HeatWords({ words: TERMS, language: "en", levels: [] });
const plain = (text) => text.replaceAll("\u00a0", " ");

test("euros are whole and written as the language does", () => {
  assert.equal(plain(euros(150_000.4, "de")), "150.000 €");
  assert.equal(euros(1_250_000, "en"), "€1,250,000");
});

test("waiting is told in seconds or minutes, and that it takes longer", () => {
  assert.equal(duration(34, words), "34 seconds");
  assert.equal(duration(90, words), "2 minutes");
  assert.equal(duration(160, words), "3 minutes");
  assert.equal(sayWait({ since: 0, about: 34 }, words), "About 34 seconds.");
  assert.equal(sayWait({ since: 60, about: 34 }, words), "About 34 seconds. Longer. For 60 seconds.");
});

const OFFER = {
  ...{ cooler: 2.94, share: 42, share_mean: 31, fewer: null, serves: [], reach_m: 0, horizon: 20 },
};

test("an effect is told in plain words, none as none, and worse as worse", () => {
  assert.deepEqual(sayEffect(OFFER, words), ["2.9 cooler", "42 less (31 over 20)"]);
  assert.deepEqual(sayEffect({ ...OFFER, share_mean: 41 }, words), ["2.9 cooler", "42 less"]);
  const worse = { ...OFFER, cooler: -0.6, share: -11, share_mean: -11 };
  assert.deepEqual(sayEffect(worse, words), ["0.6 hotter", "11 more"]);
  const nothing = { ...OFFER, cooler: 0, share: 0, share_mean: 0 };
  assert.deepEqual(sayEffect(nothing, words), ["not cooler"]);
  const water = { ...nothing, serves: ["water"], reach_m: 300 };
  assert.deepEqual(sayEffect(water, words), ["water 300"]);
  const fewer = { ...nothing, fewer: 30, share: 30, share_mean: 30 };
  assert.deepEqual(sayEffect(fewer, words), ["not cooler", "30 fewer", "30 less"]);
  const unknown = { ...OFFER, cooler: null, share: null, share_mean: null };
  assert.deepEqual(sayEffect(unknown, words), []);
});

test("levels, prices and their ends are told where they are known", () => {
  assert.equal(sayLevels({ level_before: 3, level_after: 2 }, words), "3 to 2");
  assert.equal(sayLevels({ level_before: 3, level_after: 3 }, words), "stays 3");
  assert.equal(sayLevels({ level_before: -1, level_after: 2 }, words), null);
  assert.equal(sayCost([5900, 1, 2], [300, 1, 2], words), "€5,900 once, €300 a year");
  assert.equal(sayCost([0, 0, 0], [0, 0, 0], words), "free");
  const ends = "Between €1 and €2, yearly €3 and €4.";
  assert.equal(sayRange([0, 1, 2], [0, 3, 4], words), ends);
  assert.equal(sayRange([5, 5, 5], [0, 3, 4], words), "Yearly €3 and €4.");
  assert.equal(sayRange([5, 5, 5], [0, 0, 0], words), "");
});

test("what is proven is told as proven, and nothing else", () => {
  const plan = { gap: 0, is_live: false, is_proven: true };
  assert.equal(sayProof(plan, false, words), "proven");
  assert.equal(sayProof({ ...plan, gap: 0.01 }, false, words), "within 0.01");
  assert.equal(sayProof({ ...plan, gap: 1.5, is_proven: false }, false, words), "late 1.5");
  assert.equal(sayProof({ ...plan, gap: 0.4, is_live: true }, true, words), "live 0.4, awaited");
  assert.equal(sayProof({ ...plan, gap: 0.4, is_live: true }, false, words), "live 0.4");
});

test("a budget stands at the last step that it pays", () => {
  const steps = [0, 1000, 2000, 5000];
  assert.deepEqual([0, 999, 1000, 4999, 9e9].map((budget) => stepOf(steps, budget)), [0, 0, 1, 2, 3]);
});

test("whole euros are read out of what one types, and nothing else", () => {
  assert.deepEqual(["0", "150000", " 7 ", "12.9", "12,90 €"].map(readEuros), [0, 150_000, 7, 12, 12]);
  const many = ["80.000", "80,000", "1.500.000", "80\u202f000", "80'000", "80 000"].map(readEuros);
  assert.deepEqual(many, [80_000, 80_000, 1_500_000, 80_000, 80_000, 80_000]);
  const none = ["", " ", "-1", "much", "Infinity", "1e3", "8.00.0", "80.0000"].map(readEuros);
  assert.deepEqual(none, none.map(() => null));
});

test("a link holds the wish, and what else it asks is told apart", () => {
  const read = (query) => wishOf(new URLSearchParams(query));
  const wish = { budget: 150_000, upkeep: null, fair: true, only: true };
  assert.deepEqual(read("budget=150000&fair=1&only=1"), wish);
  assert.deepEqual(read("hour=3"), NO_WISH);
  assert.deepEqual(asLink(wish), { budget: 150_000, upkeep: null, fair: 1, only: 1 });
  assert.deepEqual(queryOf(wish), { budget: "150000", fair: "1" });
  const sieve = { kind: "bench", near: null };
  assert.deepEqual(queryOf({ ...wish, sieve }), { budget: "150000", fair: "1", kind: "bench" });
  assert.deepEqual(queryOf(NO_WISH), {});
  const other = elsewhereOf("http://x/?face=heat&budget=1&upkeep=2&fair=1&only=1&hour=3&site=a&q=b&lang=de");
  assert.equal(other, "face=heat&lang=de");
});

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

function answering(...answers) {
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(url);
    const [status, told] = answers.shift();
    return new Response(told && JSON.stringify(told), { status });
  };
  return asked;
}

test("what is being reckoned is asked for again, and how far it is told", async () => {
  const asked = answering([202, { since: 0, about: 9 }], [202, { since: 1, about: 9 }], [200, { a: 1 }]);
  const far = [];
  const told = await fetchReady("/x", { waits: ({ since }) => far.push(since), look: 1 });
  assert.deepEqual([told, far, asked.length], [{ a: 1 }, [0, 1], 3]);
});

test("what nobody has begun is not waited for", async () => {
  const asked = answering([202, { since: null, about: 300 }]);
  assert.equal(await fetchReady("/x", { look: 1 }), null);
  assert.equal(asked.length, 1);
});

test("what goes wrong has its term, and a reason where there is one", async () => {
  const fails = async (answer, term, reason) => {
    answering(answer);
    const is = (error) => error instanceof Fault && error.term === term && error.reason === reason;
    await assert.rejects(fetchReady("/x"), is);
  };
  await fails([503], "plan_busy", undefined);
  await fails([404], "plan_lost", undefined);
  await fails([200, { fault: "No." }], "plan_fault", "No.");
  await fails([200, { fault: "" }], "plan_lost", "");
});

test("one who leaves is not asked for any more", async () => {
  answering([202, { since: 0, about: 9 }]);
  const leaving = new AbortController();
  const waits = () => setTimeout(() => leaving.abort(), 5);
  const told = fetchReady("/x", { signal: leaving.signal, waits, look: 60_000 });
  await assert.rejects(told, { name: "AbortError" });
});

test("addresses carry ids whole", () => {
  globalThis.location = { href: "http://x/app" };
  const desk = new PlanDesk("/plan/d/2026-07-20", "de");
  const asked = new URL(desk.address("site.json", { id: "a b&c" }));
  assert.equal(asked.pathname, "/plan/d/2026-07-20/site.json");
  assert.deepEqual(Object.fromEntries(asked.searchParams), { id: "a b&c", lang: "de" });
  delete globalThis.location;
});
