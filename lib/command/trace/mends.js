'use strict';

// Tries the mends: runs the program again for each, with that one put in in memory, and counts how
// many of the reads are right then.

const path = require('node:path');
const { certainOf, keyOf, spotOf } = require('./report.js');

/** @typedef {import('./report.js').Finding} Finding */
/** @typedef {import('./report.js').Place} Place */
/** @typedef {import('./report.js').Proof} Proof */
/** @typedef {import('./report.js').Report} Report */

const NOT_PUT_IN = 'the mend could not be put in, in memory';
const IN_WORDS = `${NOT_PUT_IN}: it is no line that can be changed by itself`;

/**
 * A mend, and the findings that it is said to mend.
 *
 * @typedef {{ place: Place, findings: Finding[] }} Mend
 */

/**
 * A run with a mend.
 *
 * @typedef {object} Rerun
 * @property {Report | undefined} report  `undefined` if no process has left one
 * @property {string | undefined} obstacle  why it does not count, such as that it took too long
 */

/**
 * Sets the proofs of the certain findings.
 *
 * @param {Report} report
 * @param {(settings: { mends: Place[], watch: Place[] }, text: string) => Promise<Rerun>} run
 */
async function tryMends(report, run) {
  const mends = mendsOf(report);
  for (const [i, { place, findings }] of mends.entries()) {
    const watch = unique(findings.flatMap(({ read }) => read ?? [])).map(spotOf);
    const text = `trying the mend at ${shown(place)} (${i + 1} of ${mends.length})`;
    const rerun = await run({ mends: [spotOf(place)], watch }, text);
    for (const finding of findings) finding.proof = proofOf(finding, place, rerun);
  }
}

/**
 * Those that can be tried. Of the others is said that they cannot.
 *
 * @param {Report} report
 * @returns {Mend[]}
 */
function mendsOf(report) {
  /** @type {Map<string, Mend>} */
  const mends = new Map();
  for (const finding of certainOf(report)) {
    const { place = null, after = null } = finding.mend ?? {};
    if (place === null || after === null) {
      finding.proof = nothing(IN_WORDS);
      continue;
    }
    const mend = mends.get(keyOf(place)) ?? { place, findings: [] };
    mend.findings.push(finding);
    mends.set(keyOf(place), mend);
  }
  return [...mends.values()];
}

/** @param {Place} place */
function shown({ file, line }) {
  const inside = path.relative('', file);
  return `${inside.startsWith('..') ? file : inside}:${line}`;
}

/** @param {Place[]} places */
function unique(places) {
  return [...new Map(places.map((place) => [keyOf(place), place])).values()];
}

/**
 * @param {Finding} finding
 * @param {Place} mend
 * @param {Rerun} rerun
 * @returns {Proof}
 */
function proofOf({ read }, mend, { report, obstacle }) {
  if (report === undefined || obstacle !== undefined) {
    return nothing(obstacle ?? 'no Node process of the program was traced when it ran again');
  }
  // A process that does not load the file does not put it in either.
  const isMissing = report.processes.every(({ unmended = [] }) =>
    unmended.some((place) => keyOf(place) === keyOf(mend)),
  );
  if (isMissing) {
    return nothing(
      'the mend could not be put in, in memory: there is no function that it could wrap',
    );
  }
  const at = read === null ? undefined : keyOf(read);
  const watched = report.processes
    .flatMap((one) => one.watched ?? [])
    .filter((place) => keyOf(place) === at);
  const reads = watched.reduce((sum, place) => sum + place.reads, 0);
  if (reads === 0) return nothing('the program did not come to the read when it ran again');
  const wrong = watched.reduce((sum, place) => sum + place.wrong, 0);
  const left = certainOf(report).filter((other) => other.read !== null && keyOf(other.read) === at);
  return { right: reads - wrong, of: reads, left: left.map(({ id }) => id), note: null };
}

/**
 * @param {string} note
 * @returns {Proof}
 */
function nothing(note) {
  return { right: 0, of: 0, left: [], note };
}

module.exports = { tryMends };
