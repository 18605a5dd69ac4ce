// Where shade is missing: stretches of streets as a list, and as lines on the map.
import { element } from "./element.js";
import { fetchReady } from "./plan_desk.js";
import { duration } from "./plan_words.js";

export const PAGE = 20; // stretches that are listed at once; our choice
const SIZES = [
  [12, 0.3],
  [15, 0.7],
  [17, 1.1],
]; // of a line by zoom
const EMPTY = { type: "FeatureCollection", features: [] };

export class HeatShade {
  /** `picked(stretch)` is told whom one chose, `changed()` that there is something to show. */
  constructor({ picked, changed }) {
    Object.assign(this, { picked, changed });
    this.n = PAGE;
    this.title = element("h2", { tabindex: -1 });
    this.intro = element("p", {});
    this.status = element("p", { class: "plan-status", role: "status" });
    this.again = element("button", { type: "button", class: "more", onclick: () => this.load() });
    this.list = element("ol", { class: "heat-rows stretches" });
    this.more = element("button", { type: "button", class: "more", onclick: () => this.grow() });
    this.how = element("p", { class: "small" });
    this.frame = element(
      "section",
      { class: "heat-list" },
      ...[this.title, this.intro, this.status, this.again, this.list, this.more, this.how],
    );
  }

  /** Show the stretches of an `address`, which are fetched once. */
  update({ address, words }) {
    const key = `${address} ${words.language}`;
    if (key === this.key) return;
    Object.assign(this, { key, address, words });
    this.title.textContent = words.say("shade_title");
    this.intro.textContent = words.say("shade_intro");
    this.again.textContent = words.say("again");
    this.load();
  }

  async load() {
    const { words, address } = this;
    this.asked?.abort();
    this.asked = new AbortController();
    this.told = null;
    this.show();
    this.again.hidden = true;
    this.say(words.say("shade_wait"));
    const waits = ({ about }) => this.say(words.say("shade_about", { about: duration(about, words) }));
    try {
      const url = new URL(`${address}?lang=${words.language}`, location.href);
      this.told = await fetchReady(url, { signal: this.asked.signal, waits });
      this.say("");
      this.show();
      this.changed();
    } catch (error) {
      if (error.name === "AbortError") return;
      const { term, reason } = error;
      this.say(term === "plan_busy" ? words.say(term) : `${words.say("shade_lost")} ${reason ?? ""}`);
      this.again.hidden = false;
    }
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.hidden = !text;
  }

  get stretches() {
    return this.told?.stretches ?? [];
  }

  grow() {
    const first = this.n;
    this.n += PAGE;
    this.show();
    this.list.children[first]?.querySelector("button").focus();
  }

  show() {
    const { words, told, stretches } = this;
    this.list.replaceChildren(...stretches.slice(0, this.n).map((one) => this.item(one)));
    const left = Math.min(PAGE, stretches.length - this.n);
    this.more.hidden = left <= 0;
    this.more.textContent = words.say("more", { n: left });
    const trips = words.number(told?.n_trips ?? 0);
    const hours = (told?.hours ?? []).map((clock) => Number(clock.slice(0, 2))).join(", ");
    if (!told) this.how.textContent = "";
    else if (stretches.length) this.how.textContent = words.say("shade_how", { trips, hours });
    else this.how.textContent = words.say("shade_none");
  }

  /** What is told of a stretch. */
  sentences({ length, saved, low, high, walked }) {
    const { words } = this;
    const n = (value, digits) => words.number(value, digits);
    return [
      words.say("shade_saved", { n: n(saved) }),
      words.say("shade_range", { low: n(low), high: n(high) }),
      `${n(length)}\u00a0m · ${words.say("shade_walked", { n: n(walked, 1) })}`,
    ];
  }

  item(stretch) {
    const { rank, name } = stretch;
    return element(
      "li",
      {},
      element(
        "button",
        {
          type: "button",
          "data-rank": rank,
          "aria-pressed": String(rank === this.chosen),
          onclick: () => this.pick(stretch),
        },
        element("span", { class: "rank", "aria-hidden": "true" }, rank),
        element(
          "span",
          { class: "what" },
          element("b", {}, name),
          ...this.sentences(stretch).map((text) => element("span", {}, text)),
        ),
      ),
    );
  }

  /** Mark a stretch in the list. */
  mark({ rank }) {
    this.chosen = rank;
    while (rank > this.n) this.n += PAGE;
    this.show();
  }

  /** Choose a stretch in the list. */
  pick(stretch) {
    this.mark(stretch);
    this.list.querySelector(`[data-rank="${stretch.rank}"]`).focus({ preventScroll: true });
    this.picked(stretch);
  }

  find(rank) {
    return this.stretches.find((stretch) => stretch.rank === rank);
  }

  stop() {
    this.asked?.abort();
  }
}

/** Draw stretches on a `map` that is loaded, `chosen` with a rim, in the colours of its theme. */
export function drawStretches(map, { stretches, chosen }, { text, halo, streets }) {
  const most = Math.max(1, ...stretches.map(({ saved }) => saved));
  const features = stretches.map(({ rank, saved, lines }) => ({
    type: "Feature",
    properties: { rank, share: Math.sqrt(saved / most), chosen: rank === chosen },
    geometry: { type: "MultiLineString", coordinates: lines },
  }));
  const data = { ...EMPTY, features };
  if (map.getSource("shade")) map.getSource("shade").setData(data);
  else {
    map.addSource("shade", { type: "geojson", data });
    const wide = (more, share) => ["*", share, ["+", more, ["*", 7, ["get", "share"]]]];
    const width = (more) => {
      const stops = SIZES.flatMap(([zoom, share]) => [zoom, wide(more, share)]);
      return ["interpolate", ["linear"], ["zoom"], ...stops];
    };
    const line = (id, more) => ({
      ...{ id, type: "line", source: "shade" },
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-width": width(more) },
    });
    const before = map.getLayer("sites") ? "sites" : undefined;
    map.addLayer(line("shade-rim", 5), before);
    map.addLayer(line("shade", 2), before);
  }
  map.setPaintProperty("shade-rim", "line-color", ["case", ["get", "chosen"], text, halo]);
  map.setPaintProperty("shade", "line-color", streets.at(-1));
}
