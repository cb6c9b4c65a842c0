'use strict';

// The output of the programs of this folder and of the folders below: a table, and a file of
// results.

const { number } = require('./command-line.js');
const results = require('./results.js');

/**
 * @typedef {object} Form
 * @property {string} heading
 * @property {string} about  what the columns are
 * @property {string} [results]  the folder for the file of results
 * @property {object} facts  what stands in that file beside the rows
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
  const measured = [];
  const notes = [];
  let complete = true;
  console.log(`# async-hooks-rs ${form.heading}`);
  if (process.env.NODE_OPTIONS) console.log(`# NODE_OPTIONS=${process.env.NODE_OPTIONS}`);
  console.log(form.about);
  for (const { name, measure } of subjects) {
    try {
      const { rows, note } = await measure();
      measured.push(...rows);
      for (const row of rows) console.log(lines(form, row));
      if (note === undefined) continue;
      notes.push(note);
      console.log(`# ${note}`);
    } catch (error) {
      complete = false;
      console.log(`${name} failed: ${error.message}`);
    }
  }
  if (complete && form.results !== undefined) {
    results.write(form.results, { ...form.facts, notes, rows: measured });
  }
  return complete;
}

/** A line of the table for each quotient of the row. */
function lines({ widths, quantity }, row) {
  const [name, metric, width, median, quartiles] = widths;
  return Object.entries(row.quotients)
    .map(([quotient, spread]) =>
      [
        row.name.padEnd(name),
        row.metric.padEnd(metric),
        quotient.padEnd(width),
        number(spread.median).padStart(median),
        `(${number(spread.q1)}..${number(spread.q3)})`.padEnd(quartiles),
        quotient
          .split('/')
          .map((contender) => `${contender} ${quantity(row, row.contenders[contender].median)}`)
          .join(', '),
      ].join(' '),
    )
    .join('\n');
}

/** Runs `main`; prints an error for the user, without a stack. */
function start(main) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { report, start };
