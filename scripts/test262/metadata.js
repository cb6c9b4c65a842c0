'use strict';

// The head of a test262 file: YAML, of which these keys are read in the two forms that test262
// allows for a list.

/**
 * @returns {{ flags: string[], includes: string[],
 *   negative: { phase: string, type: string } | undefined }}
 */
function parse(source) {
  const head = /\/\*---(.*?)---\*\//s.exec(source)?.[1] ?? '';
  const value = (key) => new RegExp(`^ *${key}: *(.+)$`, 'm').exec(head)?.[1].trim();
  const list = (key) => {
    const inline = new RegExp(`^${key}: *\\[(.*?)\\]`, 'ms').exec(head)?.[1];
    if (inline !== undefined) {
      return inline
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean);
    }
    const block = new RegExp(`^${key}: *\n((?: +- .+\n)+)`, 'm').exec(head)?.[1] ?? '';
    return Array.from(block.matchAll(/- (.+)/g), ([, item]) => item.trim());
  };
  const isNegative = /^negative:/m.test(head);
  return {
    flags: list('flags'),
    includes: list('includes'),
    negative: isNegative ? { phase: value('phase'), type: value('type') } : undefined,
  };
}

/** The modes in which a test with these flags has to run. */
function modes(flags) {
  if (flags.includes('module')) return ['module'];
  if (flags.includes('raw')) return ['raw'];
  if (flags.includes('onlyStrict')) return ['strict'];
  if (flags.includes('noStrict')) return ['sloppy'];
  return ['sloppy', 'strict'];
}

module.exports = { parse, modes };
