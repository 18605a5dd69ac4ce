// Asked when a third place is tapped: the new start, the new destination, or one to check?
import { Popup } from "maplibre-gl";
import { element } from "./element.js";
import { reportOf } from "./report_link.js";

export class Choice {
  constructor(map, chosen) {
    this.map = map;
    this.chosen = chosen;
    this.popup = null;
  }

  ask(lngLat, words) {
    this.close();
    const button = (end, text) =>
      element(
        "button",
        {
          type: "button",
          class: `choice ${end}`,
          onclick: () => {
            this.close();
            this.chosen(end, { latitude: lngLat.lat, longitude: lngLat.lng });
          },
        },
        text,
      );
    this.open(
      lngLat,
      element(
        "div",
        { class: "choices", role: "group", "aria-label": words.choose_end },
        button("from", words.start_here),
        button("to", words.end_here),
        button("check", words.check_here),
        element(
          "a",
          { class: "choice report", href: reportOf(lngLat, location.search), target: "_self" },
          words.report_shade,
        ),
      ),
    );
  }

  /** Say something of a place, with nothing to choose. */
  tell(lngLat, text) {
    this.close();
    this.open(lngLat, element("p", { class: "told", role: "status" }, text));
  }

  open(lngLat, content) {
    this.popup = new Popup({ closeButton: false, maxWidth: "280px", focusAfterOpen: true })
      .setLngLat(lngLat)
      .setDOMContent(content)
      .addTo(this.map);
  }

  close() {
    this.popup?.remove();
    this.popup = null;
  }
}
