'use strict';

// The report, as far as the command looks into it. The addon makes and shows it.

/**
 * @typedef {object} Place
 * @property {string} file
 * @property {number} line
 * @property {number} column
 * @property {string | null} [function]
 */

/**
 * Whether the mend made the reads right.
 *
 * @typedef {object} Proof
 * @property {number} right
 * @property {number} of
 * @property {string[]} left  findings at the same reads that remain
 * @property {string | null} note  why nothing is proven
 */

/**
 * @typedef {object} Mend
 * @property {Place | null} place
 * @property {string | null} after  the lines, mended; `null` if it can only be told in words
 */

/**
 * @typedef {object} Finding
 * @property {string} id  stable between runs
 * @property {boolean} certain
 * @property {string} kind
 * @property {{ name: string | null }} storage
 * @property {Place | null} read
 * @property {Place | null} made
 * @property {string} madeAs
 * @property {string | null} madeName
 * @property {Mend | null} mend
 * @property {Proof | null} proof
 * @property {boolean} [known]  it is in the baseline
 */

/**
 * @typedef {object} Process
 * @property {number} pid
 * @property {(Place & { reads: number, wrong: number })[]} [watched]
 * @property {Place[]} [unmended]  mends that could not be put in
 */

/** @typedef {{ version: number, processes: Process[], findings: Finding[] }} Report */

/**
 * One text for each place.
 *
 * @param {Place} place
 */
function keyOf({ file, line, column }) {
  return `${file}:${line}:${column}`;
}

/**
 * The place without what is only for readers: it goes into the environment.
 *
 * @param {Place} place
 */
function spotOf({ file, line, column }) {
  return { file, line, column };
}

/** @param {Report} report */
function certainOf({ findings }) {
  return findings.filter(({ certain }) => certain);
}

module.exports = { certainOf, keyOf, spotOf };
