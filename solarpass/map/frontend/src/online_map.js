// A map from elsewhere in place of our own, where the operator offers one and the visitor agrees.
import { element } from "./element.js";

const SOURCE = "online";
const KEPT = new Set(["beyond", "ground", "rim", "rim-name"]); // of the base map below and above it
const WAIT_MS = 5000;

/** Address of the tile of `zoom` in which a place lies. */
export function tileAt(address, { lng, lat }, zoom) {
  const n = 2 ** zoom;
  const y = 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
  const at = { z: zoom, x: Math.floor((lng / 360 + 0.5) * n), y: Math.floor(y * n) };
  return address.replace(/\{([zxy])\}/g, (_, axis) => at[axis]);
}

/** A control of MapLibre: nothing is asked of another server before the visitor agreed. */
export class OnlineMap {
  constructor({ address, credit, title, note, load, failed }) {
    this.address = address;
    this.credit = credit;
    this.failed = failed;
    this.button = element(
      "button",
      { type: "button", class: "online-switch", "aria-expanded": "false", onclick: () => this.turn() },
      title,
    );
    this.note = element("p", { role: "status" }, note);
    const agree = element("button", { type: "button", onclick: () => this.load() }, load);
    this.question = element("div", { class: "online-question", hidden: true }, this.note, agree);
  }

  onAdd(map) {
    this.map = map;
    this.place = element(
      "div",
      { class: "maplibregl-ctrl online-map" },
      this.button,
      this.question,
    );
    return this.place;
  }

  onRemove() {
    this.place.remove();
  }

  get isOn() {
    return Boolean(this.map.getSource(SOURCE));
  }

  /** Leave the other map, or ask whether it may be fetched. */
  turn() {
    if (this.isOn) this.leave();
    else this.ask(this.question.hidden);
  }

  ask(isOpen) {
    this.question.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
  }

  /** Fetch one tile first: where nobody answers, our own map stays. */
  async load() {
    const { map, address } = this;
    try {
      const probe = tileAt(address, map.getCenter(), Math.round(map.getZoom()));
      const answer = await fetch(probe, { signal: AbortSignal.timeout(WAIT_MS) });
      if (!answer.ok) throw new Error(`${answer.status}`);
    } catch {
      this.note.textContent = this.failed;
      return;
    }
    if (this.isOn) return;
    this.ask(false);
    const tiles = [address];
    this.hidden = map.getStyle().layers.filter((layer) => this.covers(layer));
    for (const { id } of this.hidden) map.setLayoutProperty(id, "visibility", "none");
    map.addSource(SOURCE, { type: "raster", tiles, tileSize: 256, attribution: this.credit });
    const above = map.getStyle().layers.findIndex(({ id }) => id === "ground") + 1;
    map.addLayer({ id: SOURCE, type: "raster", source: SOURCE }, map.getStyle().layers[above]?.id);
    this.button.setAttribute("aria-pressed", "true");
  }

  /** Whether the other map shows what a layer of our base map does. */
  covers({ id, source, "source-layer": inTiles }) {
    const isBase = inTiles || ["areas", "roads", "buildings", "trees", "names"].includes(source);
    return Boolean(isBase) && !KEPT.has(id) && source !== "stops" && inTiles !== "stops";
  }

  leave() {
    this.map.removeLayer(SOURCE);
    this.map.removeSource(SOURCE);
    for (const { id } of this.hidden) this.map.setLayoutProperty(id, "visibility", "visible");
    this.button.setAttribute("aria-pressed", "false");
  }
}
