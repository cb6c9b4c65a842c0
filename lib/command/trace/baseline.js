'use strict';

// The findings that are known, in a file that is kept with the sources. It has an entry for each,
// in the order of their ids, which do not change when lines move. What an entry says beside its id
// is for who reviews the file, and stays as it was written: so a change to the file shows only
// findings that came or went.

const fs = require('node:fs');
const path = require('node:path');
const { UsageError } = require('../usage.js');

/** @typedef {import('./report.js').Finding} Finding */
/** @typedef {{ id: string, finding: string }} Entry */
/** @typedef {Map<string, Entry>} Baseline  by their ids */

const VERSION = 1;
const ID = /^[0-9a-f]{12}$/;

/**
 * The entries by their ids. Throws a UsageError if the file is missing, unless it is to be made, or
 * no baseline.
 *
 * @param {string} file
 * @param {boolean} mayBeMissing
 * @returns {Baseline}
 */
function readBaseline(file, mayBeMissing) {
  if (!fs.existsSync(file)) {
    if (mayBeMissing) return new Map();
    throw new UsageError(
      `--baseline: there is no file '${file}'. With --update-baseline it is made`,
    );
  }
  const entries = findingsIn(file);
  return new Map(entries.map((entry) => [entry.id, entry]));
}

/**
 * @param {string} file
 * @returns {Entry[]}
 */
function findingsIn(file) {
  let content;
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw notOne(file, /** @type {Error} */ (error).message);
  }
  if (content?.version !== VERSION) {
    throw notOne(
      file,
      `expected "version" ${VERSION}. Received ${JSON.stringify(content?.version)}`,
    );
  }
  const { findings } = content;
  const isRight = Array.isArray(findings) && findings.every((entry) => ID.test(entry?.id));
  if (!isRight) throw notOne(file, 'expected "findings", an array of objects with an "id"');
  return findings;
}

/**
 * @param {string} file
 * @param {string} reason
 */
function notOne(file, reason) {
  return new UsageError(`--baseline: '${file}' is not a baseline: ${reason}`);
}

/**
 * Says of each finding whether it is known.
 *
 * @param {Baseline} baseline
 * @param {Finding[]} findings
 */
function mark(baseline, findings) {
  for (const finding of findings) finding.known = baseline.has(finding.id);
}

/**
 * The entries of which there is no finding.
 *
 * @param {Baseline} baseline
 * @param {Finding[]} findings
 */
function gone(baseline, findings) {
  const seen = new Set(findings.map(({ id }) => id));
  return [...baseline.values()].filter(({ id }) => !seen.has(id));
}

/**
 * @param {string} file
 * @param {Baseline} before
 * @param {Finding[]} findings
 */
function writeBaseline(file, before, findings) {
  const ids = [...new Set(findings.map(({ id }) => id))].sort();
  const entries = ids.map((id) => {
    const finding = /** @type {Finding} */ (findings.find((one) => one.id === id));
    return before.get(id) ?? { id, finding: describe(finding, path.dirname(file)) };
  });
  const content = { version: VERSION, findings: entries };
  fs.writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/**
 * What a finding is, the same on every machine: without numbers of lines, and without stores, whose
 * content is nothing to keep with sources.
 *
 * @param {Finding} finding
 * @param {string} folder  that paths are told from
 */
function describe({ kind, storage, read, made, madeAs, madeName }, folder) {
  const what = `${kind}: ${storage.name ?? 'storage'}.getStore()${where(read, folder)}`;
  if (made === null) return what;
  return `${what}, of the ${[madeAs, madeName].filter(Boolean).join(' ')}${where(made, folder)}`;
}

/**
 * @param {import('./report.js').Place | null} place
 * @param {string} folder
 */
function where(place, folder) {
  if (place === null) return '';
  const { file, function: name } = place;
  const inside = path.isAbsolute(file)
    ? path.relative(folder, file).replaceAll(path.sep, '/')
    : file;
  return name ? ` in ${name} (${inside})` : ` in ${inside}`;
}

module.exports = { gone, mark, readBaseline, writeBaseline };
