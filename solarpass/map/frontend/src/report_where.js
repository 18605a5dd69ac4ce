// Where a report is about: found by name, on a small map, or by the phone once one asks for it.
import { Marker } from "maplibre-gl";
import { canDraw, openMap, repaint } from "./base_map.js";
import { DARK, LIGHT } from "./colours.js";
import { element } from "./element.js";
import { fill } from "./heat_words.js";
import { PlaceField } from "./place_field.js";
import { tellFault } from "./report_tiles.js";
import { RIM_NAME } from "./style.js";
import { isDark } from "./theme.js";

const KINDS = ["address", "place", "stop", "street"];
const NEAR = 17; // zoom at which a place is shown
const ROUGH_M = 50; // a position that is less sure than this is asked for; our choice
const WAIT_MS = 15_000; // for the phone to tell where it is

export class ReportWhere {
  /** `asked(at)` names a place, as the server does, or tells a refusal as an error. */
  constructor({ asked, chosen }) {
    this.asked = asked;
    this.chosen = chosen;
    this.place = null;
    this.field = new PlaceField("report-place", "?", (place) => this.found(place));
    this.title = element("legend", {});
    this.told = element("p", { class: "place-told", tabindex: -1, hidden: true });
    this.change = this.button(() => this.open());
    this.here = this.button(() => this.locate());
    this.mapped = this.button(() => this.turnMap());
    this.mapped.setAttribute("aria-expanded", "false");
    this.fault = element("p", {
      id: "report-place-fault",
      class: "fault",
      role: "alert",
      hidden: true,
    });
    this.news = element("p", { class: "unseen", role: "status" });
    this.hint = element("p", { class: "small" });
    this.canvas = element("div", { class: "canvas" });
    this.sheet = element("div", { class: "walk-map report-sheet" }, this.canvas);
    this.mapFrame = element("div", { class: "report-map", hidden: true }, this.hint, this.sheet);
    this.ways = element(
      "div",
      { class: "ways" },
      element("div", { class: "fields" }, ...this.field.parts),
      element("div", { class: "row" }, this.here, this.mapped),
    );
    this.frame = element(
      "fieldset",
      { class: "part" },
      this.title,
      this.fault,
      this.told,
      this.change,
      this.ways,
      this.mapFrame,
      this.news,
    );
  }

  button(onclick) {
    return element("button", { type: "button", onclick });
  }

  update({ city, words, places }) {
    Object.assign(this, { city, words });
    this.title.textContent = words.report_where;
    this.change.textContent = words.report_change;
    this.here.textContent = words.report_here;
    this.hint.textContent = words.report_map_hint;
    this.field.update({
      address: places,
      place: this.place,
      label: words.report_search,
      placeholder: words.report_search,
      nothing: words.report_nothing_found,
      kinds: Object.fromEntries(KINDS.map((kind) => [kind, words[`kind_${kind}`]])),
    });
    this.show();
  }

  /** Take a place that is known, as that of a link. */
  take(place) {
    this.place = place;
    this.isOpen = false;
    this.refuse("");
    this.show();
    this.pin();
    this.chosen();
  }

  show() {
    const { place, words } = this;
    const isSet = Boolean(place) && !this.isOpen;
    this.told.hidden = this.change.hidden = !isSet;
    this.ways.hidden = isSet;
    if (isSet) this.told.textContent = place.title;
    const isMapped = !this.mapFrame.hidden;
    this.mapped.textContent = isMapped ? words.report_map_close : words.report_map;
    this.mapped.setAttribute("aria-expanded", String(isMapped));
    this.hint.hidden = this.isBlind;
  }

  focus() {
    this.open();
  }

  open() {
    this.isOpen = true;
    this.show();
    this.field.input.focus({ preventScroll: !this.fault.hidden });
  }

  refuse(text) {
    tellFault(this.fault, this.field.input, text);
  }

  found(place) {
    if (!place) return;
    this.choose({ ...place, site: null });
  }

  /** Take over a place that was found, once the server has not refused it. */
  async choose({ latitude, longitude, title }) {
    this.refuse("");
    try {
      const named = await this.asked({ latitude, longitude });
      this.take({ ...named, title: title ?? named.title });
      this.news.textContent = fill(this.words.report_place_set, { name: this.place.title });
      this.change.focus({ preventScroll: true });
    } catch (error) {
      this.refuse(error.message);
    }
  }

  locate() {
    const fail = () => this.refuse(this.words.report_no_position);
    if (!navigator.geolocation) return fail();
    this.news.textContent = this.words.report_looking;
    this.here.textContent = this.words.report_looking;
    const done = () => {
      this.here.textContent = this.words.report_here;
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        done();
        const at = { latitude: coords.latitude, longitude: coords.longitude };
        this.isRough = coords.accuracy > ROUGH_M; // then the next one is asked for anew
        if (this.isRough) this.doubt(at, coords.accuracy);
        else this.choose(at);
      },
      () => {
        done();
        fail();
      },
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: this.isRough ? 0 : 60_000 },
    );
  }

  /** Where one is known roughly only, the map opens there for the place to be tapped. */
  async doubt(at, accuracy) {
    try {
      await this.asked(at); // which refuses what is not in the city
    } catch (error) {
      return this.refuse(error.message);
    }
    if (this.mapFrame.hidden) this.turnMap();
    this.map?.jumpTo({ center: [at.longitude, at.latitude], zoom: NEAR - 1 });
    this.refuse(fill(this.words.report_rough, { m: Math.ceil(accuracy / 10) * 10 }));
    this.news.textContent = "";
    this.fault.scrollIntoView({ block: "nearest" });
  }

  turnMap() {
    this.mapFrame.hidden = !this.mapFrame.hidden;
    this.show();
    if (!this.mapFrame.hidden) this.startMap();
  }

  startMap() {
    if (this.map || this.isBlind) return this.map?.resize();
    if (!canDraw()) {
      this.isBlind = true;
      this.hint.hidden = true;
      this.canvas.replaceChildren(element("p", { role: "alert" }, this.words.report_no_map));
      return;
    }
    this.dark = isDark(this.frame);
    this.sheet.classList.toggle("dark", this.dark);
    this.map = openMap({
      container: this.canvas,
      city: this.city,
      colour: this.dark ? DARK : LIGHT,
      title: this.words.report_map_name,
      words: this.words,
      padding: 8,
      doubleClickZoom: false, // so that a tap is answered at once
    });
    this.map.on("load", () => {
      this.map.setLayoutProperty(RIM_NAME, "text-field", this.words.edge_of_data);
      this.pin();
    });
    this.map.on("click", ({ lngLat }) => this.choose({ latitude: lngLat.lat, longitude: lngLat.lng }));
    this.map.once("idle", () => {
      this.sheet.dataset.idle = "1";
    });
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const { lat, lng } = this.map.getCenter();
      this.choose({ latitude: lat, longitude: lng });
    });
  }

  /** Mark the place on the map, where one is open. */
  pin() {
    this.marker?.remove();
    this.marker = null;
    if (!this.map || !this.place) return;
    const at = [this.place.longitude, this.place.latitude];
    const head = element("div", { class: "pin-head check" }, element("span", {}, "!"));
    const drawn = element(
      "div",
      { class: "pin", role: "img", "aria-label": this.place.title },
      head,
    );
    this.marker = new Marker({ element: drawn, anchor: "bottom" }).setLngLat(at).addTo(this.map);
    this.map.jumpTo({ center: at, zoom: Math.max(this.map.getZoom(), NEAR) });
  }

  paint() {
    if (!this.map || isDark(this.frame) === this.dark) return;
    this.dark = !this.dark;
    this.sheet.classList.toggle("dark", this.dark);
    repaint(this.map, this.city, this.dark ? DARK : LIGHT);
  }

  clear() {
    this.place = null;
    this.isOpen = false;
    this.pin();
    this.show();
  }

  remove() {
    this.map?.remove();
  }
}
