// Where measures and plans are asked for, which the server may still be reckoning.

const LOOK_MS = 1000; // between two looks at how far the server is

/** What went wrong: a term of the face, and the reason where the server told one. */
export class Fault extends Error {
  constructor(term, reason) {
    super(reason || term);
    Object.assign(this, { term, reason });
  }
}

const nap = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("", "AbortError"));
    });
  });

/**
 * Fetch JSON, asking again while it is being reckoned.
 *
 * `waits({ since, about })` is told how far it is, in seconds; `since` is null where nobody has
 * begun, as it would take long: then `null` is returned.
 */
export async function fetchReady(url, { signal, waits = () => {}, look = LOOK_MS } = {}) {
  for (;;) {
    const answer = await fetch(url, { signal });
    if (answer.status === 503) throw new Fault("plan_busy");
    if (!answer.ok) throw new Fault("plan_lost");
    const told = await answer.json();
    if ("fault" in told) throw new Fault(told.fault ? "plan_fault" : "plan_lost", told.fault);
    if (answer.status !== 202) return told;
    waits(told);
    if (told.since === null) return null;
    await nap(look, signal);
  }
}

/** What is asked of a wish, as the link and the server have it. */
export function queryOf({ budget, upkeep, fair, sieve = {} }) {
  return {
    ...(budget !== null && { budget: String(budget) }),
    ...(upkeep !== null && { upkeep: String(upkeep) }),
    ...(fair && { fair: "1" }),
    ...Object.fromEntries(Object.entries(sieve).filter(([, asked]) => asked)),
  };
}

export class PlanDesk {
  constructor(folder, language) {
    Object.assign(this, { folder, language });
  }

  address(name, asked = {}) {
    const query = new URLSearchParams({ ...asked, lang: this.language });
    return new URL(`${this.folder}/${name}?${query}`, location.href).href;
  }

  open(options) {
    return fetchReady(this.address("options.json"), options);
  }

  /** A site's measures; `gentle` begins nothing that takes minutes. */
  site(id, gentle, options) {
    return fetchReady(this.address("site.json", { id, ...(gentle && { gentle: "1" }) }), options);
  }

  live(wish, options) {
    return fetchReady(this.address("live.json", queryOf(wish)), options);
  }

  plan(wish, options) {
    return fetchReady(this.address("plan.json", queryOf(wish)), options);
  }

  sure(wish, options) {
    return fetchReady(this.address("sure.json", queryOf(wish)), options);
  }

  file(wish, name) {
    return this.address(name, queryOf(wish));
  }
}
