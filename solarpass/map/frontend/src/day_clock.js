// The minute of the shown day that map and form agree on, moved without asking the server.
import { STEP_MIN } from "./clock.js";

const LAST = 24 * 60 - STEP_MIN;
const DAY_MS = 20_000; // in which a day plays
const STILL_STEP_MIN = 60; // where motion is unwelcome, the day goes by the hour

export class DayClock {
  /** `isStill()` tells whether motion is unwelcome; `wait` and `stop` are the browser's timers. */
  constructor({ isStill, wait = setTimeout, stop = clearTimeout }) {
    this.isStill = isStill;
    this.wait = (act, ms) => wait(act, ms);
    this.stop = (timer) => stop(timer);
    this.day = null; // "2026-07-15"
    this.minutes = 0;
    this.timer = null;
    this.listeners = new Set();
  }

  get isPlaying() {
    return this.timer !== null;
  }

  /** Call `listener(clock)` at every change; gives back what ends that. */
  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Take over the instant that an answer is about, which whoever draws it knows already. */
  show(day, minutes) {
    this.halt();
    this.day = day;
    this.minutes = minutes;
  }

  /** Move to a minute of the day. */
  set(minutes) {
    const step = Math.floor(minutes / STEP_MIN) * STEP_MIN;
    this.minutes = Math.min(LAST, Math.max(0, step));
    this.tell();
  }

  /** Let the day go by from here to its end; at the end, from its beginning. */
  play() {
    if (this.isPlaying) return;
    if (this.minutes >= LAST) this.minutes = 0;
    this.next();
    this.tell();
  }

  pause() {
    if (!this.isPlaying) return;
    this.halt();
    this.tell();
  }

  next() {
    const step = this.isStill() ? STILL_STEP_MIN : STEP_MIN;
    this.timer = this.wait(
      () => {
        if (this.minutes + step > LAST) this.halt();
        else this.next();
        this.set(this.minutes + step);
      },
      (DAY_MS * step) / (24 * 60),
    );
  }

  halt() {
    if (this.isPlaying) this.stop(this.timer);
    this.timer = null;
  }

  tell() {
    for (const listener of this.listeners) listener(this);
  }
}

export const dayClock = new DayClock({
  isStill: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
});
