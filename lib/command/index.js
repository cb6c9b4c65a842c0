'use strict';

// The command of the package, which has subcommands. Its exit codes are the same for all of them.

const { VERSION } = require('../package/files.js');
const { UsageError } = require('./usage.js');

/** By their names on the command line; loaded when they are run. */
const subcommands = { work: () => require('./work.js'), trace: () => require('./trace.js') };

const SUCCESS = 0;
const FAILURE = 1;
const WRONG_USAGE = 2;

const HELP = `Usage: async-hooks-rs <command> [arguments]

Commands:
  work <queue> <processor>  runs the tasks of a queue, for QueuePool of async-hooks-rs/bullmq
  trace -- <program>        runs a program, and finds where it loses the context

Options:
  -h, --help                shows this text, or that of the command
  -v, --version             shows the version

Exit codes: 0 it has done what it was told; 1 it has failed; 2 the arguments are wrong. Those of
'trace' are its program's, and more.
`;

/** @param {string[]} args  of the command line, without Node and the program */
async function main(args) {
  try {
    process.exitCode = await run(args);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** @param {string[]} args */
async function run([name, ...args]) {
  switch (name) {
    case '-h':
    case '--help':
      process.stdout.write(HELP);
      return SUCCESS;
    case '-v':
    case '--version':
      process.stdout.write(`${VERSION}\n`);
      return SUCCESS;
    case undefined:
      throw new UsageError('a command is missing', HELP);
  }
  if (!Object.hasOwn(subcommands, name)) {
    const known = Object.keys(subcommands).join(', ');
    throw new UsageError(`the command must be one of: ${known}. Received '${name}'`);
  }
  const subcommand = subcommands[/** @type {keyof typeof subcommands} */ (name)]();
  const own = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  if (own.includes('--help') || own.includes('-h')) {
    process.stdout.write(subcommand.HELP);
    return SUCCESS;
  }
  return subcommand.run(args);
}

/** @param {any} error */
function report(error) {
  if (error instanceof UsageError) {
    const more = error.help ?? "See 'async-hooks-rs --help'.\n";
    process.stderr.write(`async-hooks-rs: ${error.message}\n${more}`);
    return WRONG_USAGE;
  }
  const { code, message } = error;
  process.stderr.write(`async-hooks-rs: ${code === undefined ? '' : `${code}: `}${message}\n`);
  return FAILURE;
}

module.exports = { main };
