// Where the visitor is, once asked for: a dot that moves along, and what is left of the walk.
import { Marker } from "maplibre-gl";
import { element } from "./element.js";
import { holds } from "./geometry.js";
import { leftAt, progressOn } from "./progress.js";

const WAIT_MS = 15_000; // for the phone to tell where it is
const NEAR = 16; // zoom at which the place is shown
const OFF_M = 40; // farther from the walk one is told so; our choice
const REFUSED = 1; // the browser's code
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** A control of MapLibre. `data()` gives what is drawn, `found(place)` is told the first place. */
export class Position {
  constructor({ data, found }) {
    this.data = data;
    this.found = found;
    this.watch = null;
    this.button = element("button", {
      type: "button",
      class: "locate",
      "aria-pressed": "false",
      onclick: () => (this.watch === null ? this.start() : this.stop("")),
    });
    this.news = element("p", { class: "position-told", role: "status", hidden: true });
  }

  onAdd(map) {
    this.map = map;
    map.getContainer().append(this.news);
    map.on("movestart", ({ originalEvent }) => {
      if (originalEvent) this.isFollowed = false; // moved by hand: the view is the visitor's own
    });
    this.place = element("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" }, this.button);
    this.say("");
    return this.place;
  }

  onRemove() {
    this.stop("");
    this.news.remove();
    this.place.remove();
  }

  say(text) {
    const { words } = this.data();
    const isOn = this.watch !== null;
    this.button.title = isOn ? words.locate_stop : words.locate;
    this.button.setAttribute("aria-label", this.button.title);
    this.button.setAttribute("aria-pressed", String(isOn));
    this.news.hidden = !text;
    if (this.news.textContent !== text) this.news.textContent = text;
  }

  start() {
    const { words } = this.data();
    if (!navigator.geolocation) {
      this.say(words.locate_failed);
      return;
    }
    this.isFollowed = this.isFirst = true;
    this.watch = navigator.geolocation.watchPosition(
      ({ coords }) => this.take([coords.longitude, coords.latitude]),
      ({ code }) => this.miss(code),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 10_000 },
    );
    this.say(words.locating);
  }

  /** A signal that was there and is lost, under a bridge say, is waited for. */
  miss(code) {
    const { words } = this.data();
    if (code === REFUSED) this.stop(words.locate_refused);
    else if (this.isFirst) this.stop(words.locate_failed);
    else this.say(words.locate_failed);
  }

  stop(text) {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
    this.dot?.remove();
    this.dot = null;
    this.say(text);
  }

  take(at) {
    const { words, city } = this.data();
    if (!holds(city.bounds, [at])) {
      this.stop(fill(words.locate_outside, { city: city.name }));
      return;
    }
    this.at = at;
    this.dot ??= new Marker({ element: element("div", { class: "here" }) }).setLngLat(at).addTo(this.map);
    this.dot.setLngLat(at);
    if (this.isFollowed) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const zoom = Math.max(this.map.getZoom(), NEAR);
      this.map.easeTo({ center: at, zoom, duration: still ? 0 : 400 });
    }
    if (this.isFirst) this.found({ latitude: at[1], longitude: at[0] });
    this.isFirst = false;
    this.tell();
  }

  /** Say what is left of the chosen walk, or how far off it one is. */
  tell() {
    if (this.watch === null || !this.at) return;
    const { words, line, left } = this.data();
    if (!line) {
      this.say("");
      return;
    }
    const { share, metres } = progressOn(line, this.at);
    const [seconds, sun] = leftAt(left, share).map((s) => `${Math.floor(s / 60 + 0.5)}\u00a0min`);
    this.say(
      metres > OFF_M
        ? fill(words.locate_off, { metres: Math.round(metres / 10) * 10 })
        : fill(words.locate_left, { left: seconds, sun }),
    );
  }
}
