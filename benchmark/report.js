'use strict';

// The output of the programs of this folder and of the folders below: a table, or one line of JSON.

const { number } = require('./command-line.js');

/**
 * @typedef {object} Form
 * @property {string} heading
 * @property {string} about  what the columns are
 * @property {boolean} json
 * @property {object} facts  what stands in the JSON beside the results
 * @property {number[]} widths  of case, metric, quotient, median and quartiles
 * @property {(row: object, value: number) => string} quantity  a contender's value
 */

/**
 * Measures one subject after the other and prints its rows as they come. Resolves to whether all
 * of them could be measured.
 *
 * @param {Form} form
 * @param {{ name: string, measure: () => Promise<{ rows: object[], note?: string }> }[]} subjects
 */
async function report(form, subjects) {
  const results = [];
  const notes = [];
  const failures = [];
  const print = form.json ? () => {} : console.log;
  print(`# async-hooks-rs ${form.heading}`);
  if (process.env.NODE_OPTIONS) print(`# NODE_OPTIONS=${process.env.NODE_OPTIONS}`);
  print(form.about);
  for (const { name, measure } of subjects) {
    try {
      const { rows, note } = await measure();
      results.push(...rows);
      for (const row of rows) print(line(form, row));
      if (note === undefined) continue;
      notes.push(note);
      print(`# ${note}`);
    } catch (error) {
      failures.push({ case: name, error: error.message });
      print(`${name} failed: ${error.message}`);
    }
  }
  if (form.json) console.log(JSON.stringify({ ...form.facts, results, notes, failures }));
  return failures.length === 0;
}

function line({ widths, quantity }, row) {
  const [name, metric, quotient, median, quartiles] = widths;
  const values = Object.entries(row.values)
    .map(([contender, value]) => `${contender} ${quantity(row, value)}`).join(', ');
  return [
    row.case.padEnd(name),
    row.metric.padEnd(metric),
    row.quotient.padEnd(quotient),
    number(row.median).padStart(median),
    `(${number(row.q1)}..${number(row.q3)})`.padEnd(quartiles),
    values,
  ].join(' ');
}

/** Runs `main`; prints an error for the user, without a stack. */
function start(main) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { report, start };
