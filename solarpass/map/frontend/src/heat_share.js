// An object's short link, its QR code, and its card on paper.
import { element } from "./element.js";

/** What one takes away of a `row`; `folder` holds its code, `base` is where the app is. */
export function shareOf(row, { words, city, folder, base, isOpen = false }) {
  const kept = city ? `?${new URLSearchParams({ city })}` : "";
  const link = new URL(`${base}/o/${encodeURIComponent(row.id)}${kept}`, location.href).href;
  const asked = new URLSearchParams({ site: row.id, lang: words.language, ...(city && { city }) });
  const code = (ending) => new URL(`${folder}/code.${ending}?${asked}`, location.href).href;
  const picture = element("img", { class: "qr", alt: words.say("share_qr_alt") });
  const field = element("input", {
    class: "short-link",
    readonly: true,
    value: link,
    "aria-label": words.say("share_link"),
    onfocus: () => field.select(),
  });
  const copied = element("span", { role: "status", class: "small" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      copied.textContent = words.say("share_copied");
    } catch {
      field.focus(); // marked, so that one copies it by hand
    }
  };
  const saved = (ending) =>
    element("a", { class: "file", href: code(ending), download: "" }, words.say(`share_qr_${ending}`));
  const unfolded = element(
    "details",
    {
      class: "share-told",
      open: isOpen,
      ontoggle: () => {
        if (unfolded.open) picture.src = code("png");
      },
    },
    element("summary", {}, words.say("share_title")),
    picture,
    field,
    element(
      "p",
      { class: "row files" },
      element("button", { type: "button", onclick: copy }, words.say("share_copy")),
      element("button", { type: "button", onclick: () => print() }, words.say("share_print")),
      saved("svg"),
      saved("png"),
    ),
    copied,
  );
  return [unfolded];
}
