// The official warning, where there is one, told apart from our own levels.
import { element } from "./element.js";

export class HeatWarning {
  constructor() {
    this.frame = element("div", { class: "official" });
  }

  /** Tell `warnings`; null where the city has named no source of them. */
  update({ warnings, words, city, day }) {
    const key = JSON.stringify([warnings, words.language, day]);
    if (key === this.key) return;
    Object.assign(this, { key, words, day });
    this.frame.hidden = !warnings;
    if (!warnings) return;
    const small = (text) => element("p", { class: "small" }, text);
    const { is_read: isRead, alerts } = warnings;
    if (!isRead) this.frame.replaceChildren(small(words.say("warn_lost")));
    else if (!alerts.length) this.frame.replaceChildren(small(words.say("warn_none", { city })));
    else this.frame.replaceChildren(...alerts.map((alert) => this.card(alert)));
  }

  card(alert) {
    const { words } = this;
    const { sender, headline, instruction, language, begins, ends, sent, areas } = alert;
    const told = { from: this.time(begins), to: ends && this.time(ends) };
    const holds = words.say(ends ? "warn_holds" : "warn_open", told);
    const where = areas.filter(Boolean).join("; ");
    const text = (kind, said) => element("p", { class: kind, lang: language }, said);
    return element(
      "section",
      { class: "warning-card", "aria-label": words.say("warn_title") },
      element("p", { class: "warning-head" }, element("i", { "aria-hidden": "true" }, "⚠ "), words.say("warn_title")),
      text("warning-said", headline),
      element("p", { class: "small" }, holds),
      element(
        "details",
        {},
        element("summary", {}, words.say("warn_more")),
        where ? element("p", { class: "small" }, words.say("warn_areas", { areas: where })) : null,
        instruction ? text("small", instruction) : null,
        element("p", { class: "small" }, words.say("warn_sender", { sender, sent: this.time(sent) })),
        element("p", { class: "small" }, words.say("warn_beside", { day: this.day })),
      ),
    );
  }

  /** A time of the city as it stands there, whatever zone the reader is in. */
  time(iso) {
    const form = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" };
    return new Intl.DateTimeFormat(this.words.language, form).format(new Date(`${iso.slice(0, 16)}Z`));
  }
}
