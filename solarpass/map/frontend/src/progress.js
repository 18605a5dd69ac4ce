// How far one has come on a walk: pure reckoning on lines of [longitude, latitude].
const METRES_A_DEGREE = 111_320; // of latitude

/** Where on a line a place lies: the share walked, in [0, 1], and metres off it. */
export function progressOn(line, [longitude, latitude]) {
  const squeeze = Math.cos((latitude * Math.PI) / 180); // a degree of longitude is shorter
  const flat = line.map(([x, y]) => [
    (x - longitude) * squeeze * METRES_A_DEGREE,
    (y - latitude) * METRES_A_DEGREE,
  ]);
  let walked = 0;
  let best = { metres: Math.hypot(...flat[0]), at: 0 };
  for (let index = 1; index < flat.length; index += 1) {
    const [[x, y], [u, v]] = [flat[index - 1], flat[index]];
    const length = Math.hypot(u - x, v - y);
    const share = length && Math.min(1, Math.max(0, -(x * (u - x) + y * (v - y)) / length ** 2));
    const metres = Math.hypot(x + share * (u - x), y + share * (v - y));
    if (metres < best.metres) best = { metres, at: walked + share * length };
    walked += length;
  }
  return { share: walked ? best.at / walked : 0, metres: best.metres };
}

/** Seconds left and those of them in the sun, from a list of both at even marks of the walk. */
export function leftAt(marks, share) {
  const at = share * (marks.length - 1);
  const before = Math.min(Math.floor(at), marks.length - 2);
  const part = at - before;
  return marks[before].map((left, k) => left + part * (marks[before + 1][k] - left));
}
