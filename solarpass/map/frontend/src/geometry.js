// Small questions about lines of [longitude, latitude].

export function sameLine(one, other) {
  return (
    one.length === other.length &&
    one.every(([x, y], index) => x === other[index][0] && y === other[index][1])
  );
}

/**
 * Where to put a line's tag: at its vertex farthest from another line, on the far side of it.
 *
 * Without another line, or on top of it: at the middle, and on neither side (0).
 */
export function tagPlace(line, other) {
  const middle = { at: line[Math.floor(line.length / 2)], side: 0 };
  if (!other) return middle;
  const squeeze = Math.cos((middle.at[1] * Math.PI) / 180); // a degree of longitude is shorter
  let farthest = 0;
  let place = middle;
  for (const at of line) {
    const [distance, east] = nearest(at, other, squeeze);
    if (distance > farthest) {
      farthest = distance;
      place = { at, side: Math.sign(east) };
    }
  }
  return place;
}

/** Distance to the nearest vertex of a line, and how far east of it the point lies. */
function nearest([x, y], line, squeeze) {
  const offsets = line.map(([u, v]) => [(x - u) * squeeze, y - v]);
  const distances = offsets.map(([east, north]) => Math.hypot(east, north));
  const least = Math.min(...distances);
  return [least, offsets[distances.indexOf(least)][0]];
}

/** West, south, east, north of some points. */
export function boundsOf(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Whether bounds hold all of some points. */
export function holds([west, south, east, north], points) {
  return points.every(([x, y]) => x >= west && x <= east && y >= south && y <= north);
}

/** Whether bounds take less than a third of others, both ways. */
export function isSmallIn([west, south, east, north], [left, bottom, right, top]) {
  return 3 * (east - west) < right - left && 3 * (north - south) < top - bottom;
}

/** How far down to move a box `[x, y, width, height]`, so that it lies off another; up if less. */
export function shiftOff([x, y, width, height], [u, v, wide, high]) {
  const isBeside = x + width <= u || u + wide <= x;
  if (isBeside || y + height <= v || v + high <= y) return 0;
  const [down, up] = [v + high - y, y + height - v];
  return down <= up ? down : -up;
}

/** Name the shadow picture whose middle lies next to a place; "city" where one holds it all. */
export function windowAt(grid, [longitude, latitude]) {
  if (!grid) return "city";
  const column = Math.round((longitude - grid.longitude) / grid.column);
  const row = Math.round((latitude - grid.latitude) / grid.row);
  return `${column}_${row}`;
}

const METRES_A_DEGREE = 111_320; // of latitude

/** Metres from one [longitude, latitude] to another, and where: 0 north, 1 north-east … */
export function wayTo([x, y], [u, v]) {
  const east = (u - x) * Math.cos((y * Math.PI) / 180) * METRES_A_DEGREE;
  const north = (v - y) * METRES_A_DEGREE;
  const eighth = Math.round((4 * Math.atan2(east, north)) / Math.PI);
  return { metres: Math.hypot(east, north), eighth: (eighth + 8) % 8 };
}
