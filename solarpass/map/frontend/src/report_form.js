// The form by which one tells where it is hot: a few taps, and nothing that must be typed.
import { Asking } from "./asking.js";
import { element } from "./element.js";
import { fill } from "./heat_words.js";
import { ReportDelete } from "./report_delete.js";
import { ReportPhoto } from "./report_photo.js";
import { ReportThanks } from "./report_thanks.js";
import { ReportTiles, steps, tellFault } from "./report_tiles.js";
import { ReportWhere } from "./report_where.js";
import { isDark } from "./theme.js";

const KNOWN = "report_twice"; // the first press has arrived, and its answer was lost

/** Send something as JSON; what is refused is an error whose message is a sentence. */
export async function send(address, told, offline) {
  let answer;
  try {
    const sent = await fetch(new URL(address, location.href), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(told),
    });
    answer = sent.ok ? await sent.json() : null;
  } catch {
    answer = null;
  }
  if (!answer) throw new Error(offline);
  if (answer.refusal) throw Object.assign(new Error(answer.refusal), { term: answer.term });
  return answer;
}

export class ReportForm {
  constructor(root) {
    this.asking = new Asking();
    this.root = root;
    this.preference = matchMedia("(prefers-color-scheme: dark)");
    this.repaint = () => setTimeout(() => this.paint(), 100); // Streamlit changes colours first
    this.preference.addEventListener("change", this.repaint);
  }

  update(component) {
    this.asking.update(component);
    const isFirst = !this.data;
    this.data = component.data;
    const { data } = this;
    this.words = data.words;
    document.documentElement.lang = data.language;
    if (isFirst) {
      this.reportId = data.report_id;
      this.build();
    }
    this.sayWords();
    if (isFirst) {
      if (data.place) this.where.take(data.place);
      this.category.value = data.category;
      performance.mark("hiro-report-shown");
    } else if (data.place?.site && data.place.site === this.where.place?.site)
      this.where.take(data.place); // in the other language
    this.paint();
    this.frame.dataset.ready = "1";
  }

  build() {
    const { data } = this;
    const change = () => this.say("");
    this.title = element("h1", {});
    this.language = element("button", {
      type: "button",
      class: "language",
      onclick: () => this.asking.ask({ lang: this.data.other_language }),
    });
    this.intro = element("p", {});
    this.faults = element("div", { class: "faults" });
    this.where = new ReportWhere({ asked: (at) => this.name(at), chosen: change });
    const felt = Array.from({ length: data.n_felt }, (_, at) => [
      String(at + 1),
      steps(at + 1, data.n_felt),
    ]);
    this.felt = new ReportTiles({ name: "felt", options: felt, chosen: change });
    const categories = data.categories.map((category) => [category, null]);
    this.category = new ReportTiles({ name: "category", options: categories, chosen: change });
    this.text = element("textarea", {
      id: "report-text",
      rows: 3,
      "aria-describedby": "report-hint report-letters",
      oninput: () => this.count(),
    });
    this.textLabel = element("label", { for: "report-text", class: "title" });
    this.hint = element("p", { id: "report-hint", class: "small" });
    this.letters = element("p", { id: "report-letters", class: "small" });
    this.photo = new ReportPhoto();
    this.agree = element("input", {
      type: "checkbox",
      id: "report-agree",
      "aria-describedby": "report-consent",
      onchange: () => {
        this.refuseAgree("");
        change();
      },
    });
    this.agreeFault = element("p", { id: "report-agree-fault", class: "fault", hidden: true });
    this.agreeText = element("span", {});
    this.consentTitle = element("p", { class: "title" });
    this.consent = element("p", { id: "report-consent", class: "small" });
    this.privacyTitle = element("summary", {});
    this.privacy = element("p", { class: "small" });
    this.fault = element("div", { class: "fault", role: "alert", tabindex: -1, hidden: true });
    this.press = element("button", { type: "submit", class: "share" });
    this.form = this.lay();
    this.thanks = new ReportThanks({ again: () => this.again() });
    this.deletion = new ReportDelete({
      send: (code) => this.send(this.deleteAddress, { code }),
    });
    this.frame = element(
      "section",
      { class: "question report" },
      element("div", { class: "row head" }, this.title, this.language),
      this.faults,
      this.form,
      this.thanks.frame,
      this.deletion.frame,
    );
    this.root.append(this.frame);
  }

  lay() {
    const text = [this.textLabel, this.hint, this.text, this.letters];
    const agree = element(
      "label",
      { class: "tile agree", for: "report-agree" },
      this.agree,
      this.agreeText,
    );
    const privacy = element("details", {}, this.privacyTitle, this.privacy);
    return element(
      "form",
      { novalidate: true, onsubmit: (event) => this.submit(event) },
      this.intro,
      this.where.frame,
      this.felt.frame,
      this.category.frame,
      element("div", { class: "part" }, ...text),
      this.photo.frame,
      element(
        "div",
        { class: "part" },
        this.consentTitle,
        this.consent,
        privacy,
        this.agreeFault,
        agree,
      ),
      this.fault,
      this.press,
    );
  }

  sayWords() {
    const { words, data } = this;
    this.title.textContent = words.report_page;
    this.language.textContent = words.report_other_language;
    this.language.lang = data.other_language;
    this.intro.textContent = words.report_intro;
    this.faults.replaceChildren(...data.faults.map((text) => element("p", { class: "fault" }, text)));
    this.where.update(data);
    this.felt.say(words.felt, (step) => words[`felt_${step}`]);
    this.category.say(words.category, (category) => words[`category_${category}`]);
    this.textLabel.textContent = `${words.suggestion} (${words.report_optional})`;
    this.hint.textContent = words.report_hint;
    this.photo.say(words);
    this.consentTitle.textContent = words.report_consent_title;
    this.consent.textContent = words.report_consent;
    this.privacyTitle.textContent = words.report_privacy_title;
    this.privacy.textContent = words.report_privacy;
    this.agreeText.textContent = words.report_agree_label;
    this.press.textContent = this.isSending ? words.report_sending : words.report_send;
    this.thanks.say(words, { language: data.language, city: data.city_key });
    this.deletion.say(words);
    this.say("");
    for (const part of [this.felt, this.category]) part.refuse(""); // it was said in the other
    this.refuseAgree("");
    this.count();
  }

  count() {
    const { most_letters: most, language } = this.data;
    const written = [...this.text.value].length;
    const form = new Intl.NumberFormat(language);
    const told = { n: form.format(written), most: form.format(most) };
    this.letters.textContent = written ? fill(this.words.report_letters, told) : "";
    this.letters.classList.toggle("over", written > most);
  }

  /** Say what is wrong, right above the button; nothing that was told is lost. */
  say(...texts) {
    const told = texts.filter(Boolean);
    this.fault.hidden = !told.length;
    this.fault.replaceChildren(...told.map((text) => element("p", {}, text)));
  }

  /** The box is told of the text it agrees to, and of what is wrong. */
  refuseAgree(text) {
    tellFault(this.agreeFault, this.agree, text);
    const told = ["report-consent", ...(text ? [this.agreeFault.id] : [])];
    this.agree.setAttribute("aria-describedby", told.join(" "));
  }

  get deleteAddress() {
    return `${this.data.address}/../delete`;
  }

  send(address, told) {
    const { language } = this.data;
    return send(address, { ...told, language }, this.words.report_offline);
  }

  name(at) {
    return this.send(`${this.data.address}/place`, at);
  }

  /** Say what is missing where it is missing, go to the first of it, and tell whether any is. */
  refuseMissing() {
    const { words, where, felt, category, agree } = this;
    const agreed = {
      refuse: (text) => this.refuseAgree(text),
      fault: this.agreeFault,
      focus: () => agree.focus({ preventScroll: true }),
    };
    const parts = [
      [where.place, words.report_miss_place, where],
      [felt.value, words.report_miss_felt, felt],
      [category.value, words.report_miss_category, category],
      [agree.checked, words.report_agree, agreed],
    ];
    const missing = parts.filter(([isThere]) => !isThere);
    if (!missing.length) return false;
    for (const [, text, part] of missing) part.refuse(text);
    this.say(words.report_missing, ...missing.map(([, text]) => text));
    const [, , first] = missing[0];
    first.focus();
    first.fault.scrollIntoView({ block: "center" });
    return true;
  }

  async submit(event) {
    event.preventDefault();
    if (this.isSending) return;
    if (this.refuseMissing()) return;
    this.hold(true);
    try {
      const answer = await this.send(`${this.data.address}/new`, await this.told());
      this.reportId = answer.next_id;
      this.finish(answer.code);
    } catch (error) {
      if (error.term === KNOWN) this.finish(null);
      else {
        this.say(error.message);
        this.fault.focus();
      }
    } finally {
      this.hold(false);
    }
  }

  async told() {
    const { latitude, longitude, site } = this.where.place;
    return {
      report_id: this.reportId,
      latitude,
      longitude,
      site,
      felt: Number(this.felt.value),
      category: this.category.value,
      suggestion: this.text.value,
      photo: await this.photo.read(),
      consent: this.data.consent,
    };
  }

  hold(isSending) {
    this.isSending = isSending;
    this.press.setAttribute("aria-disabled", String(isSending)); // it keeps the focus
    this.press.textContent = isSending ? this.words.report_sending : this.words.report_send;
  }

  finish(code) {
    this.say("");
    this.form.hidden = true;
    this.faults.replaceChildren();
    this.thanks.show(code);
    performance.mark("hiro-report-thanked");
  }

  /** Begin anew at the same place; consent is asked for again. */
  again() {
    if (!this.reportId || this.reportId === this.data.report_id) return location.reload();
    for (const tiles of [this.felt, this.category]) tiles.value = null;
    this.text.value = "";
    this.photo.input.value = "";
    this.photo.show();
    this.agree.checked = false;
    this.count();
    this.thanks.hide();
    this.form.hidden = false;
    this.felt.focus();
  }

  paint() {
    this.frame?.classList.toggle("dark", isDark(this.frame));
    this.where?.paint();
  }

  remove() {
    this.preference.removeEventListener("change", this.repaint);
    this.where?.remove();
    this.frame?.remove();
  }
}
