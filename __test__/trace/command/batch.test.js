'use strict';

// How a batch file of Windows gets its arguments. cmd.exe and the programs that it starts read such
// a line; on other systems only the text can be looked at.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { batchArguments } = require('../../../lib/command/trace/batch.js');

describe('arguments of batch files', () => {
  const lineOf = (file, ...args) => {
    const [d, s, c, line] = batchArguments(file, args);
    assert.deepEqual([d, s, c], ['/d', '/s', '/c']);
    assert.match(line, /^".*"$/);
    return line.slice(1, -1);
  };

  it('the file is escaped', () => {
    assert.equal(lineOf('C:\\Program Files\\x.cmd'), 'C:\\Program^ Files\\x.cmd');
  });

  it('an argument is quoted, and escaped for cmd.exe', () => {
    assert.equal(lineOf('x.cmd', 'a b'), 'x.cmd ^"a^ b^"');
    assert.equal(lineOf('x.cmd', '', '&'), 'x.cmd ^"^" ^"^&^"');
    assert.equal(lineOf('x.cmd', '%PATH%'), 'x.cmd ^"^%PATH^%^"');
  });

  it('quotes, and backslashes before them, as the C library reads them', () => {
    assert.equal(lineOf('x.cmd', 'a"b'), 'x.cmd ^"a\\^"b^"');
    assert.equal(lineOf('x.cmd', 'a\\"b'), 'x.cmd ^"a\\\\\\^"b^"');
    assert.equal(lineOf('x.cmd', 'a\\b\\'), 'x.cmd ^"a\\b\\\\^"');
  });

  it('npm and what it has written pass them on to another program: escaped twice', () => {
    for (const file of ['C:\\node\\npm.cmd', 'C:\\x\\node_modules\\.bin\\vitest.cmd']) {
      assert.equal(lineOf(file, '&'), `${file} ^^^"^^^&^^^"`);
    }
  });
});
