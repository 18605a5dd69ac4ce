// In the card of an object: the way to its form, as a link and as a QR code to be put up there.
import { element } from "./element.js";

/** Elements that lead to the form of a `row`; the code is fetched once it is unfolded. */
export function inviteTo(row, { words, city, folder, isOpen = false }) {
  const asked = { face: "report", site: row.id, lang: words.language, ...(city && { city }) };
  const told = new URLSearchParams({ site: row.id, lang: words.language, ...(city && { city }) });
  const address = (ending) => new URL(`${folder}/code.${ending}?${told}`, location.href).href;
  const picture = element("img", { class: "qr", alt: words.say("report_qr_alt") });
  const saved = (ending) =>
    element(
      "a",
      { class: "save", href: address(ending), download: true },
      words.say(`report_qr_${ending}`),
    );
  const unfolded = element(
    "details",
    {
      class: "qr-told",
      open: isOpen,
      ontoggle: () => {
        if (unfolded.open) picture.src = address("png");
      },
    },
    element("summary", {}, words.say("report_qr")),
    picture,
    element("p", { class: "row" }, saved("svg"), saved("png")),
  );
  return [
    element(
      "p",
      {},
      element(
        "a",
        { class: "report-here", href: `?${new URLSearchParams(asked)}`, target: "_self" },
        words.say("report_here_button"),
      ),
    ),
    unfolded,
  ];
}
