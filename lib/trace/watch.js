'use strict';

// Counts the reads of given places, and those of them that gave another store than was expected.

const { loadTraceAddon } = require('../package/trace-addon.js');
const { pathOf } = require('./own-files.js');
const { fileOf, placeOf } = require('./places.js');

class Watch {
  #spots;
  /** @type {Map<number, { file: string, line: number } | null>} the places of frames */
  #known = new Map();

  /** @param {readonly import('./options.js').Spot[]} spots */
  constructor(spots) {
    this.#spots = spots.map((spot) => ({ spot, file: pathOf(spot.file), reads: 0, wrong: 0 }));
  }

  /**
   * @param {import('./places.js').Frame} frame  of the read
   * @param {boolean} isWrong
   */
  note(frame, isWrong) {
    const place = this.#original(frame);
    if (place === null) return;
    for (const watched of this.#spots) {
      if (watched.spot.line !== place.line || watched.file !== place.file) continue;
      watched.reads++;
      if (isWrong) watched.wrong++;
    }
  }

  /**
   * Where the source of the frame is, source maps honoured.
   *
   * @param {import('./places.js').Frame} frame
   */
  #original(frame) {
    if (fileOf(frame) === '') return null;
    const number = placeOf(frame);
    let place = this.#known.get(number);
    if (place === undefined) {
      const site = loadTraceAddon().site(number);
      place = site === null ? null : { file: pathOf(site.file), line: site.line };
      this.#known.set(number, place);
    }
    return place;
  }

  /** @param {import('./session.js').Session} session */
  say(session) {
    for (const { spot, reads, wrong } of this.#spots) {
      session.evidence({ type: 'watched', ...spot, reads, wrong });
    }
  }
}

module.exports = { Watch };
