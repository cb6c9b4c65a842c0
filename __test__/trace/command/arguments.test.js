'use strict';

// The command line of `async-hooks-rs trace`: its help, and what is wrong with arguments. Nothing
// runs then.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { folderFor, root, runTrace } = require('../helpers/command.js');

const fixture = (name) => path.join(__dirname, 'fixtures', name);
const program = ['--', 'node', fixture('lost.js')];

describe('arguments of async-hooks-rs trace', () => {
  it('help', async () => {
    const { code, stdout, stderr } = await runTrace(['--help']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Usage: async-hooks-rs trace \[options\] -- <program> \[arguments\]\n/);
    for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line);
  });

  it("what stands behind '--' is the program's", async () => {
    const { code, stdout } = await runTrace(['--', 'node', '-p', 'process.argv', '--', '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /'--help'/);
  });

  const folder = path.join(root, 'lib');
  const wrong = [
    [[], /the program is missing, which stands behind '--', as in '.* -- node app\.js'/],
    [['--'], /the program is missing/],
    [['--fail'], /the program is missing/],
    [['node', 'app.js'], /'node' is no option\. A program stands behind '--'/],
    [['--', ''], /the program must have a name\. Received ''/],
    [['--unknown', ...program], /Unknown option '--unknown'$/m],
    [['--fail=1', ...program], /Option '--fail' does not take an argument/],
    [['--json', ...program], /Option '--json <value>' argument missing/],
    [['--json', '', ...program], /--json must name a file\. Received an empty name/],
    [['--html', '-', ...program], /--html must name a file\. Received '-'/],
    [['--json', '-', '--sarif', '-', ...program], /--json and --sarif both name '-'/],
    [['--json', 'a', '--html', './a', ...program], /--json and --html both name '\.\/a'/],
    [['--include', '', ...program], /--include must be a pattern of paths\. Received an empty one/],
    [
      ['--json', 'no/such/x', ...program],
      /--json: 'no\/such\/x' cannot be made: there is no folder/,
    ],
    [['--sarif', folder, ...program], /--sarif: '.*lib' is a folder: expected a file/],
    [
      ['--html', fixture('lost.js/x'), ...program],
      /--html: '.*' cannot be made: there is no folder/,
    ],
    [['--update-baseline', ...program], /--update-baseline is an option to --baseline <file>/],
    [['--baseline', 'none.json', ...program], /--baseline: there is no file '.*none\.json'\. With/],
    [['--', 'no-such-program'], /there is no program 'no-such-program' in the folders of PATH/],
    [['--', './no-such-file'], /there is no file '\.\/no-such-file'/],
    [['--', './lib'], /'\.\/lib' is a folder: expected a program/],
    [['--', './README.md'], /'\.\/README\.md' is not executable: expected a program/],
    [['--', './index.js'], /'\.\/index\.js' is no program, but one for Node: expected '-- node/],
    [['--', 'index.js'], /expected '-- node index\.js'/],
  ];
  for (const [args, message] of wrong) {
    it(`exit code 2: ${args.map((arg) => arg.replace(root, '')).join(' ')}`, async () => {
      const { code, stdout, stderr } = await runTrace(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^async-hooks-rs: /);
      assert.match(stderr, message);
    });
  }

  it('exit code 2: a file that must not be written', { skip: noRights() }, async (t) => {
    const file = path.join(folderFor(t), 'report.json');
    fs.writeFileSync(file, '', { mode: 0o444 });
    const { code, stdout, stderr } = await runTrace(['--json', file, ...program]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /--json: '.*' must not be written to/);
  });

  const broken = [
    ['{', /--baseline: '.*' is not a baseline: .*JSON/],
    ['null', /expected "version" 1\. Received undefined/],
    ['{ "version": 2 }', /expected "version" 1\. Received 2/],
    ['{ "version": 1 }', /expected "findings", an array of objects with an "id"/],
    ['{ "version": 1, "findings": [{ "id": "x" }] }', /expected "findings", an array/],
  ];
  for (const [content, message] of broken) {
    it(`exit code 2: the baseline ${content}, which stays as it is`, async (t) => {
      const file = path.join(folderFor(t), 'baseline.json');
      fs.writeFileSync(file, content);
      for (const more of [[], ['--update-baseline']]) {
        const { code, stdout, stderr } = await runTrace(['--baseline', file, ...more, ...program]);
        assert.deepEqual([code, stdout], [2, '']);
        assert.match(stderr, message);
      }
      assert.equal(fs.readFileSync(file, 'utf8'), content);
    });
  }

  it('exit code 2: there is no addon', async () => {
    const env = { NODE_OPTIONS: '--no-addons' };
    const { code, stdout, stderr } = await runTrace(program, { env });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^async-hooks-rs: [^\n]+\n$/);
  });
});

// Nothing is forbidden to root, and Windows has other rights.
function noRights() {
  return process.platform === 'win32' || process.getuid() === 0 ? 'all is allowed here' : false;
}
