// Water, seats and toilets along the chosen walk, as marks that say what they are when tapped.
import { Marker, Popup } from "maplibre-gl";
import { element } from "./element.js";

const DRAWN = {
  water: "M12 4c3 4 5 6.600 5 9.300a5 5 0 0 1-10 0C7 10.600 9 8 12 4z",
  bench: "M4 8h16v2H4zM4 13h16v2H4zM6 15h2v4H6zM16 15h2v4h-2z",
  toilet: "M7 6.500a2 2 0 1 1 .01 0zM5 9h4l1 6H8v4H6v-4H4zM17 6.500a2 2 0 1 1 .01 0zM15 9h4v5h-1v5h-2v-5h-1z",
};
const SVG = "http://www.w3.org/2000/svg";

export class WaysideMarks {
  constructor(map) {
    this.map = map;
    this.marks = [];
    this.popup = null;
  }

  /** Show a list of { kind, at, shaded, words }. */
  show(found) {
    if (found === this.found) return;
    this.found = found;
    this.popup?.remove();
    for (const mark of this.marks) mark.remove();
    this.marks = (found ?? []).map((one) => this.make(one));
  }

  make({ kind, at, shaded, words }) {
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", DRAWN[kind]);
    picture.append(path);
    const looks = ["wayside-mark", kind, shaded === true ? "in-shade" : shaded === false ? "in-sun" : ""];
    const button = element(
      "button",
      {
        type: "button",
        class: looks.join(" ").trim(),
        "aria-label": words,
        onclick: (event) => {
          event.stopPropagation(); // or the map would take the tap for a place
          this.tell(at, words);
        },
      },
      element("span", {}, picture),
    );
    return new Marker({ element: button }).setLngLat(at).addTo(this.map);
  }

  tell(at, words) {
    this.popup?.remove();
    this.popup = new Popup({ closeButton: false, maxWidth: "260px", offset: 14 })
      .setLngLat(at)
      .setDOMContent(element("p", { class: "told", role: "status" }, words))
      .addTo(this.map);
  }
}
