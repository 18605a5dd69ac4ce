// The objects on the map: dots coloured by level at the hour looked at, each with its digit.
import { Marker } from "maplibre-gl";
import { canDraw, isWide, openMap, repaint, roomOn, seenOf } from "./base_map.js";
import { DARK, LIGHT } from "./colours.js";
import { element } from "./element.js";
import { boundsOf, holds } from "./geometry.js";
import { heatLegend, levelDot } from "./heat_legend.js";
import { drawStretches } from "./heat_shade.js";
import { levelOf } from "./heat_words.js";
import { MARK_AT } from "./report_shown.js";
import { RIM_NAME } from "./style.js";
import { isDark } from "./theme.js";

const LEGEND = 64; // px at the top, where the legend lies on a phone
const FINGER = 22; // px around a tap in which a dot is meant
const NEAR = 16.5; // zoom at which one object is looked at
const DOT = 26; // px across, ring included
const RING = 48; // px across, of the mark of what is in the plan
const RATIO = 3; // pixels of its picture for each
const ORDER = "?01234"; // the hotter lie above
const SIZES = [
  [11, 0.35],
  [13, 0.6],
  [15, 0.9],
  [17, 1.1],
]; // of a dot by zoom
const NONE = ["==", ["get", "id"], ""];
const EMPTY = { type: "FeatureCollection", features: [] };

export class HeatMap {
  /** `picked(id)` is told which object was tapped, `heard(id)` which report, `shone(rank, at)`
   * which stretch without shade, and where. */
  constructor({ picked, heard, shone }) {
    Object.assign(this, { picked, heard, shone });
    this.canvas = element("div", { class: "canvas" });
    this.legend = element("div", { class: "legend-place" });
    this.status = element("p", { class: "map-status", role: "status" });
    this.frame = element(
      "div",
      { class: "walk-map heat-map" },
      this.canvas,
      this.legend,
      this.status,
    );
  }

  /**
   * Show `rows` (null while they are awaited), of which `found` are left by the search, and
   * ring those with the ids of `planned`; `shade` are stretches where it is missing, or null.
   */
  update({ city, levels, words, rows, found, time, chosen, stand, planned = [], voices, shade }) {
    Object.assign(this, { city, levels, words, rows, found, time, chosen, stand, planned });
    Object.assign(this, { voices, shade: shade ?? null });
    if (!this.map && !this.blind) this.start();
    if (this.loaded) this.show();
    this.explain();
  }

  explain() {
    const hasUnknown = Boolean(this.rows?.some(({ levels }) => levels.includes("?")));
    const { words, levels, shade, voices } = this;
    const isHeard = Boolean(voices?.isOn && voices.reports.length && !shade);
    const key = `${words.language} ${hasUnknown} ${this.planned.length > 0} ${!shade} ${isHeard}`;
    if (key === this.explained) return;
    this.explained = key;
    const shown = levels.filter(({ digit }) => digit !== "?" || hasUnknown);
    const marks = {
      plan: this.planned.length ? words.say("plan_mark") : null,
      report: isHeard ? words.say("report_mark") : null,
      shade: shade ? words.say("shade_mark") : null,
    };
    this.legend.replaceChildren(heatLegend(shade ? [] : shown, words.say("level"), marks));
  }

  say(text) {
    this.status.textContent = text;
    this.status.hidden = !text;
  }

  start() {
    if (!canDraw()) {
      this.blind = true;
      const told = this.words.say("heat_no_map");
      this.canvas.append(element("p", { class: "no-map", role: "alert" }, told));
      this.frame.dataset.idle = "1";
      return;
    }
    this.dark = isDark(this.frame);
    this.frame.classList.toggle("dark", this.dark);
    this.map = openMap({
      container: this.canvas,
      city: this.city,
      colour: this.colour,
      title: this.words.say("heat_map"),
      words: this.words.words,
      padding: this.room(16),
      doubleClickZoom: true,
    });
    this.map.on("load", () => this.finish());
    this.map.on("click", ({ point }) => this.tapped(point));
    this.map.once("idle", () => {
      this.frame.dataset.idle = "1";
      performance.mark("hiro-map-idle");
    });
  }

  get colour() {
    return this.dark ? DARK : LIGHT;
  }

  room(margin) {
    const room = roomOn(this.frame, margin);
    return isWide(this.frame) ? room : { ...room, top: Math.max(margin, LEGEND) };
  }

  finish() {
    const { map } = this;
    this.drawDots();
    map.addSource("sites", { type: "geojson", data: EMPTY });
    const dots = (id, larger, filter) => {
      const stops = SIZES.flatMap(([zoom, size]) => [zoom, size * larger]);
      const size = ["interpolate", ["linear"], ["zoom"], ...stops];
      const layout = { "icon-allow-overlap": true, "icon-size": size };
      map.addLayer({ id, type: "symbol", source: "sites", layout, ...filter });
    };
    dots("sites", 1);
    dots("planned", 1, { filter: NONE });
    map.setLayoutProperty("planned", "icon-image", "planned");
    map.addLayer({
      id: "chosen",
      type: "circle",
      source: "sites",
      filter: NONE,
      paint: { "circle-radius": 22, "circle-opacity": 0.3, "circle-stroke-width": 3 },
    });
    dots("chosen-dot", 1.25, { filter: NONE });
    map.setLayoutProperty("stops", "visibility", "none"); // our dots stand in their place
    map.setLayoutProperty("stop-name", "text-offset", [0, 1.6]);
    for (const layer of ["sites", "reports", "shade-rim"])
      for (const [name, cursor] of [
        ["mouseenter", "pointer"],
        ["mouseleave", ""],
      ])
        map.on(name, layer, () => {
          map.getCanvas().style.cursor = cursor;
        });
    this.paintMarks();
    this.loaded = true;
    this.show();
  }

  /** Draw the picture of each level's dot, anew where the theme has changed. */
  drawDots() {
    for (const level of this.levels) {
      const picture = dotPicture(level, this.colour);
      const name = `level-${level.digit}`;
      if (this.map.hasImage(name)) this.map.updateImage(name, picture);
      else this.map.addImage(name, picture, { pixelRatio: RATIO });
    }
    const ring = ringPicture(this.colour);
    if (this.map.hasImage("planned")) this.map.updateImage("planned", ring);
    else this.map.addImage("planned", ring, { pixelRatio: RATIO });
  }

  paintMarks() {
    this.map.setPaintProperty("chosen", "circle-color", this.colour.stop);
    this.map.setPaintProperty("chosen", "circle-stroke-color", this.colour.stop);
  }

  show() {
    const { map, rows, time } = this;
    if (this.words.language !== this.spoken) {
      this.spoken = this.words.language;
      map.setLayoutProperty(RIM_NAME, "text-field", this.words.say("edge_of_data"));
    }
    if (rows !== this.drawn) {
      this.drawn = rows;
      map.getSource("sites").setData({ ...EMPTY, features: (rows ?? []).map(feature) });
    }
    if (rows && time !== this.told) {
      this.told = time;
      const digit = ["slice", ["get", "levels"], time, time + 1];
      for (const layer of ["sites", "chosen-dot"])
        map.setLayoutProperty(layer, "icon-image", ["concat", "level-", digit]);
    }
    this.sift();
    this.ring();
    this.line();
    this.speak();
    this.mark();
    this.look();
    this.frame.dataset.shown = `${rows ? rows.length : ""} ${time}`;
  }

  /** Hide what the search leaves out, but never what is looked at. */
  sift() {
    const { rows, found, chosen } = this;
    const ids = rows && found && found.length < rows.length ? found.map(({ id }) => id) : null;
    if (ids && chosen) ids.push(chosen.id);
    const key = ids && ids.join(" ");
    if (key === this.sifted) return;
    this.sifted = key;
    this.map.setFilter("sites", ids && ["in", ["get", "id"], ["literal", ids]]);
  }

  /** Ring what is in the plan, and lay it above the others, of which the hotter lie above. */
  ring() {
    const { planned, time } = this;
    const key = `${time} ${planned.join(" ")}`;
    if (key === this.ringed) return;
    this.ringed = key;
    const isPlanned = ["in", ["get", "id"], ["literal", planned]];
    const digit = ["slice", ["get", "levels"], time, time + 1];
    const order = ["+", ["index-of", digit, ORDER], ["case", isPlanned, ORDER.length, 0]];
    this.map.setLayoutProperty("sites", "symbol-sort-key", order);
    this.map.setFilter("planned", isPlanned);
  }

  /** Draw where shade is missing, in place of the objects. */
  line() {
    const { map, shade } = this;
    const key = shade && `${shade.stretches.length} ${shade.chosen} ${this.dark}`;
    if (key === this.lined) return;
    this.lined = key;
    drawStretches(map, shade ?? { stretches: [] }, this.colour);
    const shown = shade ? "none" : "visible";
    for (const layer of ["sites", "planned", "chosen", "chosen-dot"])
      map.setLayoutProperty(layer, "visibility", shown);
  }

  /** Mark what people report, where one wishes to see it. */
  speak() {
    const isOn = this.voices?.isOn && !this.shade;
    const key = this.voices && `${isOn} ${this.voices.reports.length} ${this.dark}`;
    if (!key || key === this.spoke) return;
    this.spoke = key;
    this.voices.draw(this.map, this.colour, isOn);
  }

  /** Ring the object that is looked at, and mark where to wait there. */
  mark() {
    const { at, utci } = this.stand ?? {};
    const key = JSON.stringify([this.chosen?.id, at, utci, this.words.language]);
    if (key === this.marked) return;
    this.marked = key;
    for (const layer of ["chosen", "chosen-dot"])
      this.map.setFilter(layer, ["==", ["get", "id"], this.chosen?.id ?? ""]);
    this.pin?.remove();
    this.pin = null;
    if (!this.stand) return;
    const text = this.words.say("stand_mark");
    const side = this.stand.at[0] < this.chosen.longitude ? "left" : "right";
    const level = this.levels[levelOf(this.stand.utci)];
    const label = element("span", {}, text, levelDot(level));
    const told = { class: `stand ${side}`, role: "img", "aria-label": `${text}: ${level.word}` };
    const anchor = side === "left" ? "bottom-right" : "bottom-left";
    this.pin = new Marker({ element: element("div", told, label), anchor })
      .setLngLat(this.stand.at)
      .addTo(this.map);
  }

  /** Go to what was chosen elsewhere, unless it is seen; at first, to where the objects are. */
  look() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.chosen && this.chosen.id !== this.looked) {
      const at = [this.chosen.longitude, this.chosen.latitude];
      if (!holds(seenOf(this.map, this.frame), [at]) || this.map.getZoom() < NEAR - 2) {
        const zoom = Math.max(this.map.getZoom(), NEAR);
        const padding = this.room(0);
        this.map.easeTo({ center: at, zoom, padding, duration: still ? 0 : 400 });
      }
    } else if (this.rows?.length && !this.hasLooked) {
      const shown = this.found?.length ? this.found : this.rows;
      const bounds = boundsOf(shown.map((row) => [row.longitude, row.latitude]));
      this.map.fitBounds(bounds, { padding: this.room(28), maxZoom: NEAR, duration: 0 });
    }
    this.hasLooked ||= Boolean(this.rows);
    this.looked = this.chosen?.id;
  }

  tapped({ x, y }) {
    if (!this.loaded) return;
    const box = [
      [x - FINGER, y - FINGER],
      [x + FINGER, y + FINGER],
    ];
    const away = ({ geometry, source }) => {
      const at = this.map.project(geometry.coordinates);
      const [right, down] = source === "reports" ? MARK_AT : [0, 0];
      return Math.hypot(at.x + right - x, at.y + down - y);
    };
    const found = (layer) =>
      this.map.getLayer(layer) ? this.map.queryRenderedFeatures(box, { layers: [layer] }) : [];
    if (this.shade) {
      const [stretch] = found("shade-rim");
      if (stretch) this.shone(stretch.properties.rank, this.map.unproject([x, y]));
      return;
    }
    const near = [...found("sites"), ...found("reports")];
    near.sort((one, other) => away(one) - away(other));
    if (!near.length) return;
    const { source, properties } = near[0];
    if (source === "reports") {
      this.heard(properties.id);
      return;
    }
    this.looked = properties.id; // it is seen, so that the map stays where it is
    this.picked(properties.id);
  }

  /** Go to a stretch without shade. */
  goTo({ lines }) {
    if (!this.loaded) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const options = { padding: this.room(60), maxZoom: NEAR + 0.5, duration: still ? 0 : 400 };
    this.map.fitBounds(boundsOf(lines.flat()), options);
  }

  /** Go to what a search around a place leaves. */
  goAround({ latitude, longitude }, metres) {
    if (!this.loaded) return;
    const high = metres / 111_320;
    const wide = high / Math.cos((latitude * Math.PI) / 180);
    const bounds = [longitude - wide, latitude - high, longitude + wide, latitude + high];
    this.map.fitBounds(bounds, { padding: this.room(16), duration: 0 });
  }

  paint() {
    if (!this.map || isDark(this.frame) === this.dark) return;
    this.dark = !this.dark;
    this.frame.classList.toggle("dark", this.dark);
    repaint(this.map, this.city, this.colour);
    if (!this.loaded) return;
    this.drawDots();
    this.paintMarks();
    this.line();
    this.speak();
  }

  remove() {
    this.map?.remove();
    this.frame.remove();
  }
}

function feature({ id, levels, longitude, latitude }) {
  const geometry = { type: "Point", coordinates: [longitude, latitude] };
  return { type: "Feature", properties: { id, levels }, geometry };
}

/** The mark of what is in the plan: a ring around its dot, and a tick beside it. */
function ringPicture({ text, halo }) {
  const wide = RING * RATIO;
  const canvas = element("canvas", { width: wide, height: wide });
  const context = canvas.getContext("2d");
  context.scale(RATIO, RATIO);
  const ring = (x, y, radius, width, colour) => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  };
  const middle = RING / 2;
  ring(middle, middle, 16, 5, halo);
  ring(middle, middle, 16, 2.6, text);
  const [x, y] = [middle + 13, middle - 13];
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.fillStyle = text;
  context.fill();
  ring(x, y, 9, 1.6, halo);
  context.beginPath();
  context.moveTo(x - 4, y);
  context.lineTo(x - 1, y + 3.4);
  context.lineTo(x + 4.4, y - 3.6);
  context.lineWidth = 2.4;
  context.strokeStyle = halo;
  context.stroke();
  return context.getImageData(0, 0, wide, wide);
}

/** A level's dot: its colour, ringed so that it stands off any ground, and its digit. */
function dotPicture({ digit, colour, ink }, { text, halo }) {
  const size = DOT * RATIO;
  const canvas = element("canvas", { width: size, height: size });
  const context = canvas.getContext("2d");
  context.scale(RATIO, RATIO);
  const middle = DOT / 2;
  const disc = (radius, fill) => {
    context.beginPath();
    context.arc(middle, middle, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
  };
  disc(middle, halo);
  disc(middle - 1, text);
  disc(middle - 2.6, colour);
  context.fillStyle = ink;
  context.font = "700 14px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(digit, middle, middle + 1);
  return context.getImageData(0, 0, size, size);
}
