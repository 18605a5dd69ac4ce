// A day's sun as Python reckons it: where it stands, and how much of every street it reaches.

export class Sky {
  /** `buffer` is what the server sends of a day: length of the head, the head, rows of bytes. */
  constructor(buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    this.minutes = head.minutes;
    this.azimuth = head.azimuth_deg;
    this.elevation = head.elevation_deg;
    this.leaf = head.leaf_fraction;
    this.nEdges = head.n_edges;
    this.bytes = new Uint8Array(buffer, 4 + length);
    if (this.bytes.length !== this.minutes.length * this.nEdges)
      throw new Error(`${this.bytes.length} bytes for ${this.minutes.length} slots`);
  }

  /**
   * The slot that shows on the clocks at `minutes`, or the last one before it.
   *
   * An hour that comes twice is shown as it is first; of one that is left out, what was before.
   */
  rowAt(minutes) {
    let row = 0;
    for (let next = 0; next < this.minutes.length; next += 1)
      if (this.minutes[next] <= minutes && this.minutes[next] > this.minutes[row]) row = next;
    return row;
  }

  isNight(minutes) {
    return !(this.elevation[this.rowAt(minutes)] > 0);
  }

  /** Where the sun stands [°], and how far trees are in leaf. */
  sunAt(minutes) {
    const row = this.rowAt(minutes);
    return { azimuth: this.azimuth[row], elevation: this.elevation[row], leaf: this.leaf[row] };
  }

  /** A byte an edge. */
  streetsAt(minutes) {
    const row = this.rowAt(minutes);
    return this.bytes.subarray(row * this.nEdges, (row + 1) * this.nEdges);
  }
}

const fetched = new Map(); // the day last looked at, by its address

/** Fetch a day once; one that failed is asked for again. */
export function fetchSky(address) {
  if (!fetched.has(address)) {
    fetched.clear();
    const sky = fetch(address).then(async (answer) => {
      if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
      return new Sky(await answer.arrayBuffer());
    });
    sky.catch(() => fetched.delete(address));
    fetched.set(address, sky);
  }
  return fetched.get(address);
}
