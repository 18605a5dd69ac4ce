// The map: base map, shadows, sun on the streets, both routes and the two ends.
import { Asking } from "./asking.js";
import {
  absolute,
  addressesOf,
  canDraw,
  isWide,
  openMap,
  repaint,
  roomOn,
  seenOf,
} from "./base_map.js";
import { Choice } from "./choice.js";
import { DARK, LIGHT } from "./colours.js";
import { element } from "./element.js";
import { boundsOf, holds, isSmallIn } from "./geometry.js";
import { makeLegend } from "./legend.js";
import { Pins } from "./pins.js";
import { Position } from "./position.js";
import { Routes } from "./routes.js";
import { Shadows } from "./shadows.js";
import { Streets } from "./streets.js";
import { SunDial } from "./sun_dial.js";
import { RIM_NAME } from "./style.js";
import { isDark } from "./theme.js";
import { otherWalks, pickWalks, walkChoice } from "./walk_choice.js";
import { WaysideMarks } from "./wayside_marks.js";

const CLOSEST_FIT = 17;

export class WalkMap {
  constructor(root) {
    this.asking = new Asking();
    this.canvas = element("div", { class: "canvas" });
    this.news = element("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.legend = element("div", { class: "legend-place" });
    this.skip = element("button", { type: "button", class: "skip", onclick: () => skipMap() });
    this.frame = element(
      "div",
      { class: "walk-map" },
      this.skip,
      this.canvas,
      this.legend,
      this.news,
    );
    root.append(this.frame);
    this.preference = matchMedia("(prefers-color-scheme: dark)");
    this.repaint = () => setTimeout(() => this.paint(), 100); // Streamlit changes colours first
    this.preference.addEventListener("change", this.repaint);
  }

  update(component) {
    this.asking.update(component);
    this.data = component.data;
    const { from, to } = this.data.ends;
    this.ends = { from, to, check: this.data.check };
    this.news.textContent = this.data.announce;
    this.skip.textContent = this.data.words.skip_map;
    if (this.blind) this.draw();
    if (!this.map && !this.blind) this.start();
    if (this.loaded) this.show();
  }

  start() {
    if (!canDraw()) {
      this.blind = true;
      this.picture = element("img", { class: "picture", hidden: true });
      this.canvas.append(
        element("p", { class: "no-map", role: "alert" }, this.data.words.no_map),
        this.picture,
      );
      this.unchoose = walkChoice.on(() => this.draw());
      this.draw();
      this.frame.dataset.idle = "1";
      return;
    }
    this.dark = isDark(this.frame);
    this.frame.classList.toggle("dark", this.dark);
    const { city, words } = this.data;
    this.map = openMap({
      container: this.canvas,
      city,
      colour: this.colour,
      title: words.map,
      words,
      padding: this.room(20),
      doubleClickZoom: false, // so that a tap is answered at once, not after a second one
    });
    if (this.map.getZoom() < city.least_zoom)
      this.map.jumpTo({ center: city.centre, zoom: city.least_zoom, padding: this.room() });
    this.map.on("load", () => this.finish());
    this.map.on("click", (event) => this.tapped(event));
    this.map.on("movestart", ({ originalEvent }) => {
      if (originalEvent) this.roamed = true; // by hand: the view is the visitor's own
    });
    this.map.once("idle", () => {
      this.frame.dataset.idle = "1";
      performance.mark("solarpass-map-idle");
    });
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.put(this.map.getCenter());
    });
  }

  finish() {
    this.streets = new Streets(this.map, this.colour, addressesOf(this.data.city).streets);
    this.shadows = new Shadows(this.map, {
      middle: () => this.middle(),
      prisms: absolute(this.data.city.prisms),
      sky: () => this.streets.sky(),
    });
    this.frame.shadows = this.shadows; // where the tests that look at the page find them
    this.routes = new Routes(this.map, this.colour);
    this.pins = new Pins(this.map, (end, place) => this.setEnd(end, place));
    this.choice = new Choice(this.map, (end, place) => this.setEnd(end, place));
    this.marks = new WaysideMarks(this.map);
    this.position = new Position({
      data: () => this.walked(),
      found: (place) => !this.ends.from && this.setEnd("from", place),
    });
    this.map.addControl(this.position, "top-right");
    this.dial = new SunDial({ sky: () => this.streets.sky(), words: () => this.data.words });
    this.map.addControl(this.dial, "top-right");
    this.loaded = true;
    this.unchoose = walkChoice.on(() => this.showWalks());
    this.show();
  }

  get colour() {
    return this.dark ? DARK : LIGHT;
  }

  room(margin) {
    return roomOn(this.frame, margin);
  }

  show() {
    const { ends, check, routes, sun, shadow } = this.data;
    this.map.setLayoutProperty(RIM_NAME, "text-field", this.data.words.edge_of_data);
    this.pins.show({ ...ends, check });
    this.choice.close();
    walkChoice.reset(this.data.shown, this.data.chosen + 1, this.data.chosen);
    this.showWalks();
    this.streets.fade(Boolean(routes));
    this.streets.show(absolute(sun)).then(() => this.explain());
    this.shadows.show(shadow && { ...shadow, folder: absolute(shadow.folder) });
    this.map.once("idle", () => this.dial.show());
    this.explain();
    this.look();
    this.frame.dataset.shown = this.data.shown;
  }

  /** Draw the shortest walk and the chosen one. */
  showWalks() {
    const { routes, ends, crossings, shown, wayside } = this.data;
    if (walkChoice.key !== shown) return; // the slider has heard of an answer that is to come
    const { number } = walkChoice;
    const others = otherWalks(routes, number);
    this.routes.show(routes && pickWalks(routes, number), ends, crossings[number] ?? [], others);
    this.marks.show(wayside[number]);
    this.position.tell();
    this.explain();
  }

  /** What the visitor's position is told against: the chosen walk, and what is left along it. */
  walked() {
    const { routes, left, words, city } = this.data;
    const { number } = walkChoice;
    return { words, city, left: left[number], line: routes?.features[number]?.geometry.coordinates };
  }

  /** Without a map: a picture of the chosen walk, drawn by the server. */
  draw() {
    const { picture, chosen, shown, announce } = this.data;
    walkChoice.reset(shown, chosen + 1, chosen);
    this.picture.hidden = !picture;
    if (!picture) return;
    const address = new URL(picture, location.href);
    address.searchParams.set("walk", walkChoice.number);
    this.picture.src = address;
    this.picture.alt = announce;
  }

  explain() {
    const { night, city, chosen } = this.data;
    const isBetween = walkChoice.number > 0 && walkChoice.number !== chosen;
    const words = isBetween
      ? { ...this.data.words, shadiest: this.data.words.chosen_walk }
      : this.data.words;
    const { kinds, same, crosses } = this.routes;
    const unknown = this.streets.hasUnknown && city.unknown;
    const shown = { night, kinds, same, crosses, unknown };
    this.legend.replaceChildren(makeLegend(words, this.colour, shown));
  }

  /** Move the map only where the answer would not be seen whole, or is lost in a wide view. */
  look() {
    const places = { ...this.data.ends, check: this.data.check };
    const key = JSON.stringify(places);
    if (key === this.looked) return;
    this.looked = key;
    const ends = Object.values(places).filter(Boolean);
    const points = ends.map(({ longitude, latitude }) => [longitude, latitude]);
    for (const route of this.data.routes?.features ?? [])
      points.push(...route.geometry.coordinates);
    if (!points.length || (holds(this.seen(), points) && !this.isLost(points))) return;
    this.roamed = false;
    const [west, south, east, north] = boundsOf(points);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds([west, south, east, north], {
      padding: this.room(isWide(this.frame) ? 70 : 46),
      maxZoom: ends.length === 1 ? Math.max(this.map.getZoom(), 15.5) : CLOSEST_FIT,
      duration: still ? 0 : 400,
    });
  }

  /** Whether an answer is small on the map, in a view that no visitor chose. */
  isLost(points) {
    if (!this.data.routes || this.roamed || this.map.getZoom() >= CLOSEST_FIT) return false;
    return isSmallIn(boundsOf(points), this.seen());
  }

  seen() {
    return seenOf(this.map, this.frame);
  }

  /** Longitude and latitude of its middle. */
  middle() {
    const [west, south, east, north] = this.seen();
    return [(west + east) / 2, (south + north) / 2];
  }

  tapped(event) {
    if (event.originalEvent.target.closest?.(".pin, .wayside-mark")) return;
    const number = this.loaded && this.routes.numberAt(event.point, walkChoice.number);
    if (Number.isInteger(number)) walkChoice.set(number);
    else this.put(event.lngLat);
  }

  /** The first place is the start, the second the destination; then the map asks which. */
  put(lngLat) {
    if (!this.loaded) return;
    const at = this.map.project(lngLat);
    if (!this.map.queryRenderedFeatures(at, { layers: ["ground"] }).length) {
      const { city, words } = this.data;
      this.choice.tell(lngLat, words.outside.replace("{city}", city.name));
      return;
    }
    const place = { latitude: lngLat.lat, longitude: lngLat.lng };
    if (!this.ends.from) this.setEnd("from", place);
    else if (!this.ends.to) this.setEnd("to", place);
    else this.choice.ask(lngLat, this.data.words);
  }

  setEnd(end, place) {
    this.ends[end] = place;
    this.pins.show(this.ends); // seen before the server has answered
    if (end === "check")
      document.querySelector(".st-key-sight")?.scrollIntoView(); // where the answer will stand
    this.asking.ask({ [end]: place });
  }

  paint() {
    if (!this.map || isDark(this.frame) === this.dark) return;
    this.dark = !this.dark;
    this.frame.classList.toggle("dark", this.dark);
    repaint(this.map, this.data.city, this.colour);
    this.streets?.paint(this.colour);
    this.routes?.paint(this.colour);
    if (this.loaded) this.show();
  }

  remove() {
    this.preference.removeEventListener("change", this.repaint);
    this.unchoose?.();
    this.map?.remove();
    this.frame.remove();
  }
}

/** Lead whoever goes by keyboard past the map, to what stands beside or below it. */
function skipMap() {
  const panel = document.querySelector(".st-key-panel");
  panel?.setAttribute("tabindex", "-1");
  panel?.focus();
}
