// What one sees once a report has arrived: the code that deletes it, and what happens next.
import { element } from "./element.js";
import { copyLink } from "./link.js";

export class ReportThanks {
  /** `again()` is told that one wants to report something else. */
  constructor({ again }) {
    this.title = element("h2", { tabindex: -1 });
    this.codeTitle = element("h3", {});
    this.why = element("p", {});
    this.code = element("output", { class: "code" });
    this.copy = element("button", { type: "button", onclick: () => this.take() });
    this.coded = element("div", { class: "part" }, this.codeTitle, this.why, this.code, this.copy);
    this.nextTitle = element("h3", {});
    this.next = element("p", {});
    this.more = element("button", { type: "button", onclick: again });
    this.map = element("a", { class: "walk-here", target: "_self" });
    this.news = element("p", { class: "unseen", role: "status" });
    this.frame = element(
      "div",
      { class: "thanks", hidden: true },
      this.title,
      this.coded,
      this.nextTitle,
      this.next,
      this.more,
      this.map,
      this.news,
    );
  }

  say(words, { language, city }) {
    this.words = words;
    this.title.textContent = words.report_thanks;
    this.codeTitle.textContent = words.report_code_title;
    this.why.textContent = words.report_code_why;
    this.copy.textContent = words.report_copy;
    this.nextTitle.textContent = words.report_next_title;
    this.next.textContent = words.report_next;
    this.more.textContent = words.report_again;
    this.map.textContent = words.report_to_map;
    const asked = { face: "heat", lang: language, ...(city && { city }) };
    this.map.href = `?${new URLSearchParams(asked)}`;
  }

  /** Show it, with the code; null where its answer was lost. Nothing else keeps the code. */
  show(code) {
    this.coded.hidden = !code;
    this.code.textContent = code ?? "";
    this.copy.textContent = this.words.report_copy;
    this.news.textContent = "";
    this.frame.hidden = false;
    this.title.focus();
    this.title.scrollIntoView({ block: "center" });
  }

  hide() {
    this.code.textContent = "";
    this.frame.hidden = true;
  }

  async take() {
    const isCopied = await copyLink(this.code.textContent);
    if (isCopied) this.copy.textContent = this.news.textContent = this.words.report_copied;
    else getSelection().selectAllChildren(this.code); // to be copied by hand
  }
}
