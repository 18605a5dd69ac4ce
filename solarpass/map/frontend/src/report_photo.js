// The photo of a report: made smaller in the browser, so that it is sent fast, and shown.
import { element } from "./element.js";

const LONGEST = 1600; // px, as the server keeps them
const QUALITY = 0.85;
const SMALL = 400_000; // bytes, up to which a photo is sent as it is; our choice

/** Draw a photo anew, without what the camera wrote; as it is where this browser cannot. */
async function shrink(file) {
  if (file.size <= SMALL) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const [width, height] = [picture.width, picture.height].map((side) => Math.round(side * scale));
    const canvas = element("canvas", { width, height });
    const context = canvas.getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, 0, 0, width, height);
    picture.close();
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return drawn && drawn.size < file.size ? drawn : file;
  } catch {
    return file; // the server says what is wrong with it
  }
}

function toLetters(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

export class ReportPhoto {
  constructor() {
    this.input = element("input", {
      id: "report-photo",
      type: "file",
      accept: "image/jpeg,image/png,image/webp",
      "aria-describedby": "report-photo-hint",
      onchange: () => this.show(),
    });
    this.label = element("label", { for: "report-photo", class: "title" });
    this.hint = element("p", { id: "report-photo-hint", class: "small" });
    this.picture = element("img", { class: "photo", hidden: true });
    this.away = element("button", { type: "button", hidden: true, onclick: () => this.clear() });
    this.frame = element(
      "div",
      { class: "part" },
      this.label,
      this.hint,
      this.input,
      this.picture,
      this.away,
    );
  }

  say(words) {
    this.label.textContent = `${words.photo} (${words.report_optional})`;
    this.hint.textContent = words.report_photo_hint;
    this.picture.alt = words.report_photo_alt;
    this.away.textContent = words.report_photo_away;
  }

  get file() {
    return this.input.files[0] ?? null;
  }

  show() {
    URL.revokeObjectURL(this.picture.src);
    const { file } = this;
    this.picture.hidden = this.away.hidden = !file;
    if (file) this.picture.src = URL.createObjectURL(file);
    else this.picture.removeAttribute("src");
    this.picture.onerror = () => {
      this.picture.hidden = true; // no photo that this browser reads
    };
  }

  clear() {
    this.input.value = "";
    this.show();
    this.input.focus();
  }

  /** The photo as letters to be sent; null where there is none. */
  async read() {
    return this.file ? toLetters(await shrink(this.file)) : null;
  }
}
