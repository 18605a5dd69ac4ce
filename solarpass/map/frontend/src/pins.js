// The two ends of the walk and the place that is checked, as pins: dragged, or moved by keys.
import { Marker } from "maplibre-gl";
import { element } from "./element.js";
import { FAR, KEYS, NEAR, stepOf } from "./pin_keys.js";

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
      this.pins.delete(end); // first: a pin that is gone is not let go when it loses the focus
      pin?.remove();
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
    const drawn = element("div", { class: "pin", role: "button", tabindex: "0" }, head);
    drawn.setAttribute("aria-keyshortcuts", KEYS);
    const pin = new Marker({ element: drawn, anchor: "bottom", draggable: true })
      .setLngLat(at)
      .addTo(this.map);
    const letGo = () => {
      const { lng, lat } = pin.getLngLat();
      this.moved(end, { latitude: lat, longitude: lng });
    };
    pin.on("dragend", letGo);
    this.hearKeys(pin, () => this.pins.get(end) === pin && letGo());
    return pin;
  }

  /** Arrows move the pin, Enter (or leaving it) lets it go, Escape takes it back. */
  hearKeys(pin, letGo) {
    const drawn = pin.getElement();
    let before = null; // where it stood, while keys move it
    const settle = () => {
      const isMoved = before !== null;
      before = null;
      if (isMoved) letGo();
    };
    drawn.addEventListener("blur", settle);
    drawn.addEventListener("keydown", (event) => {
      const step = stepOf(event.key, event.shiftKey ? FAR : NEAR);
      if (step) {
        before ??= pin.getLngLat();
        const { x, y } = this.map.project(pin.getLngLat());
        pin.setLngLat(this.map.unproject([x + step[0], y + step[1]]));
      } else if (event.key === "Enter") settle();
      else if (event.key === "Escape" && before) {
        pin.setLngLat(before);
        before = null;
      } else return;
      event.preventDefault();
      event.stopPropagation(); // or the map would move with it
    });
  }
}
