/**
 * Gather what the user changes until the server has answered.
 *
 * Streamlit keeps only the last of several triggers sent during one run, so each carries all
 * changes since the last answer: two quick taps are one question, and none is lost.
 */
export class Asking {
  constructor() {
    this.pending = {};
  }

  /** Take the answer's `component`; what was pending has been heard. */
  update(component) {
    this.component = component;
    this.pending = {};
  }

  ask(change) {
    this.pending = { ...this.pending, ...change };
    this.component.setTriggerValue("asked", this.pending);
  }
}
