// Shadows while the clock moves: cast in the browser, from pieces of the city fetched once.
import { CastLayer } from "./cast_layer.js";
import { extentMesh, fallsInto, meshOf, readPiece, shadowStep } from "./prisms.js";

const FROM_ZOOM = 14; // farther out, shadows are no wider than a line
const NEAR_DEG = 0.004; // around what is seen, fetched before the clock moves: 300 m or more
const STRAIGHT_DOWN = [0, 0];

export class MovingShadows {
  /** `address` tells where the pieces lie; `below` names the layer above the shadows. */
  constructor(map, address, below) {
    this.map = map;
    this.address = address;
    this.layer = new CastLayer("moving-shadows");
    this.index = null;
    this.asked = new Set();
    map.addLayer(this.layer, below);
    map.on("moveend", () => this.index && this.gather());
  }

  /** Have at hand what the clock's first move needs. */
  async prepare() {
    if (this.index || this.isAsked) return;
    this.isAsked = true;
    const answer = await fetch(`${this.address}/index.json`).catch(() => null);
    this.isAsked = false;
    if (!answer?.ok) return; // the next look asks again
    this.index = await answer.json();
    if (this.index.extent) this.layer.bound(extentMesh(this.index.extent));
    this.gather();
  }

  /** Show the shadows of a sun `{azimuth, elevation, leaf}`; null for none. */
  show(sun) {
    const isShown = sun && this.index && this.map.getZoom() >= FROM_ZOOM;
    if (!isShown) {
      if (this.layer.sun) this.layer.show(null);
      return;
    }
    const { azimuth, elevation, leaf } = sun;
    const passed = this.index.transmittance.map(([full, bare]) => leaf * full + (1 - leaf) * bare);
    this.layer.show({ azimuth, elevation, passed });
    this.gather();
  }

  /** Fetch the pieces whose shade may be seen, each once. */
  gather() {
    if (this.map.getZoom() < FROM_ZOOM) return;
    const bounds = this.map.getBounds();
    const seen = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const near = seen.map((edge, side) => edge + (side < 2 ? -NEAR_DEG : NEAR_DEG));
    const { sun } = this.layer;
    const step = sun ? shadowStep(sun.azimuth, sun.elevation) : STRAIGHT_DOWN;
    for (const [name, piece] of Object.entries(this.index.pieces)) {
      if (this.asked.has(name)) continue;
      if (!fallsInto(piece, near, STRAIGHT_DOWN) && !fallsInto(piece, seen, step)) continue;
      this.asked.add(name);
      this.fetch(name, piece);
    }
  }

  async fetch(name, bounds) {
    try {
      const answer = await fetch(`${this.address}/${name}.bin`);
      if (!answer.ok) throw new Error(`${answer.status} for ${name}`);
      const piece = readPiece(await answer.arrayBuffer());
      if (this.map.getLayer(this.layer.id)) this.layer.add(bounds, piece, meshOf(piece));
    } catch {
      this.asked.delete(name); // the next look asks again
    }
  }
}
