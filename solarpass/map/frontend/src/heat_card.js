// Cards on the map, at what was tapped: a report, or a stretch where shade is missing.
import { Popup } from "maplibre-gl";
import { element } from "./element.js";

export class HeatCard {
  /** `picked(id)` is told that one wants the object that a report is about. */
  constructor({ picked }) {
    this.picked = picked;
  }

  /** Open the card of a `report`; `voices` tells it, `row` is its object, or null. */
  tell(map, { report, voices, row, words }) {
    const to = row
      ? element(
          "button",
          { type: "button", onclick: () => this.leadTo(row.id) },
          words.say("report_site", { name: words.name(row) }),
        )
      : null;
    const told = element("ul", { class: "reports" }, voices.card(report));
    const at = [report.longitude, report.latitude];
    this.open(map, { at, title: words.say("report_card"), told: [told, to], words });
  }

  /** Open a card at a place: a `title`, and `told`, elements below it. */
  open(map, { at, title, told, words }) {
    this.close();
    const shut = element("button", {
      type: "button",
      class: "card-close",
      "aria-label": words.say("report_close"),
      onclick: () => this.close(),
    });
    const head = element("b", { tabindex: -1 }, title);
    const card = element(
      "section",
      { class: "report-card", "aria-label": title },
      element("div", { class: "row" }, head, shut),
      ...told,
    );
    this.popup = new Popup({ closeButton: false, closeOnClick: true, maxWidth: "300px", offset: 16 })
      .setLngLat(at)
      .setDOMContent(card)
      .addTo(map);
    head.focus({ preventScroll: true });
  }

  leadTo(id) {
    this.close();
    this.picked(id);
  }

  /** Close the card; tell whether one was open. */
  close() {
    const isOpen = Boolean(this.popup?.isOpen());
    this.popup?.remove();
    this.popup = null;
    return isOpen;
  }
}
