// A report is deleted by whoever has its code.
import { element } from "./element.js";

export class ReportDelete {
  /** `send(code)` deletes it, and tells what came of it. */
  constructor({ send }) {
    this.send = send;
    this.summary = element("summary", {});
    this.label = element("label", { for: "report-code", class: "title" });
    this.input = element("input", {
      id: "report-code",
      type: "text",
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: 60,
    });
    this.press = element("button", { type: "submit" });
    this.said = element("p", { role: "status" });
    const form = element(
      "form",
      { class: "part", novalidate: true, onsubmit: (event) => this.submit(event) },
      this.label,
      this.input,
      this.press,
      this.said,
    );
    this.frame = element("details", { class: "delete" }, this.summary, form);
  }

  say(words) {
    this.words = words;
    this.summary.textContent = words.report_delete_title;
    this.label.textContent = words.report_delete_code;
    this.press.textContent = words.report_delete;
    this.said.textContent = "";
  }

  async submit(event) {
    event.preventDefault();
    if (!this.input.value.trim()) {
      this.said.textContent = this.words.report_delete_empty;
      this.input.focus();
      return;
    }
    try {
      const { deleted, said } = await this.send(this.input.value);
      this.said.textContent = said;
      if (deleted) this.input.value = "";
    } catch (error) {
      this.said.textContent = error.message;
    }
  }
}
