// Wall time as the form handles it: a date, and minutes since midnight in steps of five.
export const STEP_MIN = 5;
const LAST = 24 * 60 - STEP_MIN;

/** Minutes since midnight of "14:07", "9.30", "1430" or "8", on the step at or before it. */
export function minutesOf(text) {
  const found = /^(\d{1,2})(?:[:.h ]?(\d{2}))?$/.exec((text ?? "").trim());
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  return Math.min(LAST, hours * 60 + minutes - (minutes % STEP_MIN));
}

export function clockText(minutes) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A day's sky as a track: night, day, night. */
export function dayTrack({ sunrise, sunset, light, dark }) {
  if (sunrise === null || sunset === null) return dark; // a night without end
  const at = (minutes) => `${((100 * minutes) / (24 * 60)).toFixed(2)}%`;
  const [up, down] = [at(sunrise), at(sunset)];
  return `linear-gradient(90deg, ${dark} ${up}, ${light} ${up} ${down}, ${dark} ${down})`;
}
