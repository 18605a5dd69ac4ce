// What people reported and somebody looked at, beside what was reckoned: as marks, list and words.
import { element } from "./element.js";
import { wayTo } from "./geometry.js";

const NEAR = 50; // m within which a report of a place counts as one of an object
const MOST = 50; // that are listed at once
const MOST_HERE = 5; // of one object
export const MARK_AT = [13, -13]; // px from a place, beside the dot of its object
const EMPTY = { type: "FeatureCollection", features: [] };

export class ReportShown {
  /** `changed()` is told once there is something to show, or one switches it. */
  constructor({ changed }) {
    this.changed = changed;
    this.reports = [];
    this.isOn = true;
    this.summary = element("summary", {});
    this.switch = element("input", {
      type: "checkbox",
      id: "reports-show",
      checked: true,
      onchange: () => {
        this.isOn = this.switch.checked;
        this.changed();
      },
    });
    this.label = element("span", {});
    const turned = element("label", { class: "switch", for: "reports-show" }, this.switch, this.label);
    this.note = element("p", { class: "small" });
    this.list = element("ul", { class: "reports" });
    this.more = element("p", { class: "small" });
    this.frame = element(
      "details",
      { class: "reports-told", hidden: true },
      this.summary,
      turned,
      this.note,
      this.list,
      this.more,
    );
  }

  /** Fetch what is shown of a city, once. */
  async update({ folder, words }) {
    const isNew = words.language !== this.words?.language;
    this.words = words;
    if (isNew) this.say();
    if (!folder || folder === this.folder) return;
    this.folder = folder;
    try {
      const answer = await fetch(new URL(`${folder}/shown.json`, location.href));
      const told = answer.ok ? await answer.json() : { reports: [], n: 0 };
      Object.assign(this, { reports: told.reports, n: told.n });
    } catch {
      Object.assign(this, { reports: [], n: 0 }); // the heat is told without them
    }
    this.say();
    this.changed();
  }

  say() {
    const { words, reports } = this;
    this.frame.hidden = !reports.length;
    this.summary.textContent = words.say("reports_all", { n: words.number(this.n ?? 0) });
    this.label.textContent = words.say("reports_show");
    this.note.textContent = words.say("reports_beside");
    this.list.replaceChildren(...reports.slice(0, MOST).map((report) => this.card(report)));
    this.more.textContent = this.n > MOST ? words.say("reports_more", { n: MOST }) : "";
  }

  /** One report in words; what somebody wrote is text. */
  card(report) {
    const { words } = this;
    const day = new Intl.DateTimeFormat(words.language, { dateStyle: "medium", timeZone: "UTC" });
    const said = [words.say(`felt_${report.felt}`), words.say(`category_${report.category}`)];
    const photo = report.has_photo
      ? element("img", {
          src: new URL(`${this.folder}/../photo/${report.id}.jpg`, location.href).href,
          alt: words.say("reports_photo_alt"),
          loading: "lazy",
        })
      : null;
    return element(
      "li",
      {},
      element("b", {}, said.join(", ")),
      element("span", { class: "small" }, day.format(new Date(report.day))),
      report.suggestion ? element("p", { class: "said" }, report.suggestion) : null,
      photo,
    );
  }

  /** What people say of an object, its own reports and those from right beside it. */
  told(row) {
    const at = [row.longitude, row.latitude];
    const isHere = ({ site, longitude, latitude }) =>
      site ? site === row.id : wayTo(at, [longitude, latitude]).metres <= NEAR;
    const found = this.reports.filter(isHere).slice(0, MOST_HERE);
    if (!found.length) return [];
    return [
      element("h3", {}, this.words.say("reports_told")),
      element("ul", { class: "reports" }, ...found.map((report) => this.card(report))),
    ];
  }

  /** Draw the marks on a `map` that is loaded, in the colours of its theme. */
  draw(map, { halo, text }, isOn) {
    const features = isOn ? this.reports.map(feature) : [];
    const data = { ...EMPTY, features };
    if (map.getSource("reports")) map.getSource("reports").setData(data);
    else {
      map.addSource("reports", { type: "geojson", data });
      const paint = { "circle-radius": 8, "circle-stroke-width": 1.5 };
      const at = { "circle-translate": MARK_AT };
      map.addLayer({ id: "reports", type: "circle", source: "reports", paint: { ...paint, ...at } });
      map.addLayer({
        id: "reports-sign",
        type: "symbol",
        source: "reports",
        layout: {
          "text-field": "!",
          "text-font": ["sans-serif"],
          "text-size": 13,
          "text-allow-overlap": true,
          "text-ignore-placement": true,
        },
        paint: { "text-translate": MARK_AT },
      });
    }
    map.setPaintProperty("reports", "circle-color", halo);
    map.setPaintProperty("reports", "circle-stroke-color", text);
    map.setPaintProperty("reports-sign", "text-color", text);
  }
}

function feature({ id, longitude, latitude }) {
  const geometry = { type: "Point", coordinates: [longitude, latitude] };
  return { type: "Feature", properties: { id }, geometry };
}
