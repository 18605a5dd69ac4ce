// Shadows on the ground: at rest pictures that the server casts, pinned by their corners; while
// the clock moves, where the city allows it, cast in the browser.
import { dayClock } from "./day_clock.js";
import { ABOVE_GROUND } from "./style.js";
import { windowAt } from "./geometry.js";
import { MovingShadows } from "./moving_shadows.js";

export class Shadows {
  /**
   * `middle()` tells the place in the middle of what is seen of the map, `prisms` where what
   * casts shade is fetched from, if anywhere, and `sky()` promises the shown day's.
   */
  constructor(map, { middle, prisms, sky }) {
    this.map = map;
    this.middle = middle;
    this.sky = sky;
    this.moving = prisms ? new MovingShadows(map, prisms, this.above) : null;
    this.address = null;
    this.asked = null; // the request under way
    map.on("moveend", () => this.refresh());
    map.once("remove", dayClock.on(() => this.follow()));
  }

  /** The layer that the shadows lie beneath. */
  get above() {
    return this.map.getLayer("sun-casing") ? "sun-casing" : ABOVE_GROUND;
  }

  /** While the clock moves, the picture would be of another minute. */
  async follow() {
    this.show(null);
    if (!this.moving) return;
    const sky = await this.sky();
    if (this.pictures && !dayClock.isPlaying) return; // answered meanwhile
    const isDay = sky && !sky.isNight(dayClock.minutes);
    this.moving.show(isDay ? sky.sunAt(dayClock.minutes) : null);
  }

  /** Show the pictures of a `folder`, or none; where they tile the city, by its `grid`. */
  show(pictures) {
    this.pictures = dayClock.isPlaying ? null : pictures;
    this.moving?.prepare();
    this.refresh();
  }

  /** Fetch the picture of what is looked at; a newer one overtakes an older. */
  async refresh() {
    const { folder, grid } = this.pictures ?? {};
    const address = folder ? `${folder}/${windowAt(grid, this.middle())}.png` : null;
    if (address === this.address) return;
    this.address = address;
    this.asked?.abort();
    if (!address) {
      this.hide();
      return;
    }
    this.asked = new AbortController();
    try {
      const answer = await fetch(address, { signal: this.asked.signal });
      if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
      this.draw(await answer.blob(), JSON.parse(answer.headers.get("X-Corners")));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.address = null; // so that the next look asks again
      this.hide();
    }
  }

  draw(blob, coordinates) {
    const url = URL.createObjectURL(blob);
    const source = this.map.getSource("shadows");
    if (source) {
      source.updateImage({ url, coordinates });
      this.map.setLayoutProperty("shadows", "visibility", "visible");
    } else {
      this.map.addSource("shadows", { type: "image", url, coordinates });
      this.map.addLayer(
        {
          id: "shadows",
          type: "raster",
          source: "shadows",
          paint: { "raster-fade-duration": 0, "raster-resampling": "linear" },
        },
        this.above,
      );
    }
    URL.revokeObjectURL(this.url);
    this.url = url;
    this.moving?.show(null);
  }

  hide() {
    if (this.map.getLayer("shadows")) this.map.setLayoutProperty("shadows", "visibility", "none");
  }
}
