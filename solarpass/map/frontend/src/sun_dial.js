// The sun's way over the sky of a day, as seen from above, and where it stands on it.
import { dayClock } from "./day_clock.js";

const RADIUS = 26; // of the horizon, in the drawing's own units; its middle is overhead
const SVG = "http://www.w3.org/2000/svg";

/** Where a height above the horizon in a direction lies on the dial: x to the east, y south. */
export function dialPlace(azimuth, elevation) {
  const away = RADIUS * (1 - Math.max(elevation, 0) / 90);
  const turn = (azimuth * Math.PI) / 180;
  return [away * Math.sin(turn), -away * Math.cos(turn)];
}

/** The path of a day's sun above the horizon, as SVG has it; in parts, where it sets between. */
export function dayPath(azimuth, elevation) {
  let path = "";
  let isUp = false;
  for (const [slot, height] of elevation.entries()) {
    if (height > 0) {
      const [x, y] = dialPlace(azimuth[slot], height);
      path += `${isUp ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    }
    isUp = height > 0;
  }
  return path;
}

/** The eighth of the compass in which a direction lies: 0 north, 1 north-east … */
export function eighthOf(azimuth) {
  return Math.round(azimuth / 45) % 8;
}

function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** A control of MapLibre; `sky()` promises the shown day's, `words()` gives the terms. */
export class SunDial {
  constructor({ sky, words }) {
    this.sky = sky;
    this.words = words;
    this.path = shape("path", { class: "way" });
    this.ray = shape("line", { class: "ray", x1: 0, y1: 0 });
    this.sun = shape("circle", { class: "sun", r: 4 });
    const horizon = shape("circle", { class: "horizon", r: RADIUS });
    this.north = shape("text", { y: -RADIUS - 4, "text-anchor": "middle" });
    this.picture = shape("svg", { viewBox: "-32 -38 64 70", role: "img" });
    this.picture.append(horizon, this.north, this.path, this.ray, this.sun);
  }

  onAdd(map) {
    this.map = map;
    this.place = document.createElement("div");
    this.place.className = "maplibregl-ctrl sun-dial";
    this.place.append(this.picture);
    this.place.hidden = true; // until the day is known
    this.unclock = dayClock.on(() => this.show());
    return this.place;
  }

  onRemove() {
    this.unclock();
    this.place.remove();
  }

  /** Draw the shown day and minute. */
  async show() {
    const { day } = dayClock;
    const sky = day && (await this.sky());
    if (!sky || day !== dayClock.day) return;
    const { azimuth, elevation } = sky.sunAt(dayClock.minutes);
    const isUp = elevation > 0;
    const words = this.words();
    this.path.setAttribute("d", dayPath(sky.azimuth, sky.elevation));
    const [x, y] = dialPlace(azimuth, elevation);
    for (const [node, names] of [
      [this.sun, ["cx", "cy"]],
      [this.ray, ["x2", "y2"]],
    ]) {
      node.setAttribute(names[0], x.toFixed(1));
      node.setAttribute(names[1], y.toFixed(1));
      node.style.display = isUp ? "" : "none";
    }
    this.north.textContent = words.compass_letters.split(" ")[0];
    const told = isUp
      ? words.check_stands
          .replace("{degrees}", `${Math.round(elevation)}°`)
          .replace("{compass}", words.compass_names.split(" ")[eighthOf(azimuth)])
      : words.night;
    this.picture.setAttribute("aria-label", told);
    this.place.title = told;
    this.place.hidden = false;
  }
}
