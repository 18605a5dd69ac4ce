// Which of the two themes Streamlit wears now, read off its background colour.

/** Luminance of a colour as sRGB bytes, by WCAG 2: 0 black, 1 white. */
export function luminance([red, green, blue]) {
  const linear = [red, green, blue].map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** Bytes of a colour written as #rrggbb. */
export function bytes(hex) {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

export function isDark(inside) {
  const colour = getComputedStyle(inside).getPropertyValue("--st-background-color").trim();
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour || "#ffffff";
  canvas.fillRect(0, 0, 1, 1);
  return luminance(canvas.getImageData(0, 0, 1, 1).data) < 0.18;
}
