'use strict';

// The output of the programs: how often the stores at a point were those of the request to which
// the point belongs.

// From good to bad.
const OUTCOMES = ['own', 'none', "another's"];

/** Counts, by point, the owners of the stores seen there. */
class Observations {
  #storages;
  #perRequest;
  #points = new Map();

  /**
   * @param {Record<string, () => unknown>} storages by name, what gives the id that a storage holds
   *   at the moment; undefined is no store
   * @param {boolean} [options.perRequest] counts requests, not calls of see(), each as the worst
   *   that was seen on its behalf: so it does not matter in how many pieces a body came
   */
  constructor(storages, { perRequest = false } = {}) {
    this.#storages = Object.entries(storages);
    this.#perRequest = perRequest;
  }

  /** Compares with `id`, which must come from the request itself, never from a storage. */
  see(point, id) {
    if (id === undefined) throw new Error(`'${point}' does not say whose it is`);
    let byStorage = this.#points.get(point);
    if (byStorage === undefined) {
      byStorage = this.#storages.map(([name, read]) => ({ name, read, outcomes: new Map() }));
      this.#points.set(point, byStorage);
    }
    for (const { read, outcomes } of byStorage) {
      const seen = read();
      const whose = seen === undefined ? 'none' : seen === id ? 'own' : "another's";
      const outcome = OUTCOMES.indexOf(whose);
      const counted = this.#perRequest ? id : outcomes.size;
      outcomes.set(counted, Math.max(outcome, outcomes.get(counted) ?? 0));
    }
  }

  /**
   * Prints a line per point, sorted: the order in which they were reached is that of chance. At the
   * `uncounted` points, how often what was seen is of chance, too.
   */
  print(uncounted = []) {
    for (const [point, byStorage] of [...this.#points].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const write = uncounted.includes(point) ? describeKinds : describe;
      const texts = byStorage.map(({ outcomes }) => write([...outcomes.values()]));
      const alike = texts.every((text) => text === texts[0]);
      const named = texts.map((text, i) => `${byStorage[i].name} ${text}`);
      console.log(`${point}: ${alike ? texts[0] : named.join('; ')}`);
    }
  }
}

function describe(outcomes) {
  return OUTCOMES.map((name, i) => [name, outcomes.filter((outcome) => outcome === i).length])
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} of ${outcomes.length} ${name}`)
    .join(', ');
}

function describeKinds(outcomes) {
  const kinds = OUTCOMES.filter((name, i) => outcomes.includes(i));
  return kinds.map((name) => `some ${name}`).join(', ');
}

module.exports = { Observations };
