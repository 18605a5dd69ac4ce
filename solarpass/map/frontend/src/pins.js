// The two ends of the walk and the place that is checked, as pins that can be dragged.
import { Marker } from "maplibre-gl";
import { element } from "./element.js";

const LETTER = { from: "A", to: "B", check: "?" };

export class Pins {
  /** `moved(end, {latitude, longitude})` is told where a pin was let go. */
  constructor(map, moved) {
    this.map = map;
    this.moved = moved;
    this.pins = new Map();
  }

  /** Show `ends`: { from: {latitude, longitude, title} | null, to: …, check: … }. */
  show(ends) {
    for (const end of Object.keys(LETTER)) this.put(end, ends[end]);
  }

  put(end, place) {
    const pin = this.pins.get(end);
    if (!place) {
      pin?.remove();
      this.pins.delete(end);
      return;
    }
    const at = [place.longitude, place.latitude];
    if (pin) pin.setLngLat(at);
    else this.pins.set(end, this.make(end, at));
    const label = place.label ?? `${LETTER[end]}: ${place.title ?? ""}`;
    this.pins.get(end).getElement().setAttribute("aria-label", label);
  }

  make(end, at) {
    const head = element("div", { class: `pin-head ${end}` }, element("span", {}, LETTER[end]));
    const drawn = element("div", { class: "pin", role: "img" }, head);
    const pin = new Marker({ element: drawn, anchor: "bottom", draggable: true })
      .setLngLat(at)
      .addTo(this.map);
    pin.on("dragend", () => {
      const { lng, lat } = pin.getLngLat();
      this.moved(end, { latitude: lat, longitude: lng });
    });
    return pin;
  }
}
