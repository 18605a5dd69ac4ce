// Shadows on the ground at one instant: pictures that the server casts, pinned by their corners.
import { dayClock } from "./day_clock.js";
import { ABOVE_GROUND } from "./style.js";
import { windowAt } from "./geometry.js";

export class Shadows {
  /** `middle()` tells the place in the middle of what is seen of the map. */
  constructor(map, middle) {
    this.map = map;
    this.middle = middle;
    this.address = null;
    this.asked = null; // the request under way
    map.on("moveend", () => this.refresh());
    // While the clock moves, the picture would be of another minute.
    map.once("remove", dayClock.on(() => this.show(null)));
  }

  /** Show the pictures of a `folder`, or none; where they tile the city, by its `grid`. */
  show(pictures) {
    this.pictures = dayClock.isPlaying ? null : pictures;
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
        this.map.getLayer("sun-casing") ? "sun-casing" : ABOVE_GROUND,
      );
    }
    URL.revokeObjectURL(this.url);
    this.url = url;
  }

  hide() {
    if (this.map.getLayer("shadows")) this.map.setLayoutProperty("shadows", "visibility", "none");
  }
}
