'use strict';

// Has the addon transform sources, and counts what came of it.

const { now } = require('../../node/clock.js');
const { noteLoad } = require('../loads.js');
const { pathOf } = require('../own-files.js');
const { mapSources } = require('./map-sources.js');
const { Selection } = require('./selection.js');

const OPT_OUT = /async-hooks-rs: no-trace/;

class Transformer {
  #addon;
  #selection;
  #mends;
  #deep;
  #say;
  #files = 0;
  #bytes = 0;
  #ms = 0;

  /**
   * @param {import('../../package/trace-native.js').TraceAddon} addon
   * @param {import('../options.js').Options} options
   * @param {import('../mends.js').Mends} mends
   * @param {(evidence: { type: string, [name: string]: unknown }) => void} say
   */
  constructor(addon, options, mends, say) {
    this.#addon = addon;
    this.#selection = new Selection(options);
    this.#mends = mends;
    this.#deep = options.deep;
    this.#say = say;
  }

  /**
   * The source to compile in place of another.
   *
   * @param {string} source
   * @param {string} file  path or URL, as V8 is to call it
   * @param {import('../../package/trace-native.js').SourceFormat} format
   */
  transform(source, file, format) {
    noteLoad(file);
    if (!this.#selection.has(file)) return source;
    const begun = now();
    const mends = this.#mendsOf(source, file);
    const output = this.#addon.transform(source, file, format, {
      deep: this.#deep,
      sourceMap: needsSourceMap(),
      mends: mends.map(({ line, column = 0 }) => [line, column]),
    });
    this.#ms += now() - begun;
    if (output === null) {
      if (!OPT_OUT.test(source)) this.#say({ type: 'unparsed', file });
      return source;
    }
    this.#files++;
    this.#bytes += source.length;
    mends.forEach((mend, i) => {
      if (!output.unmended.includes(i)) this.#mends.put(mend);
    });
    return output.code;
  }

  /**
   * The places of mends are those of the source as it was written.
   *
   * @param {string} source
   * @param {string} file
   */
  #mendsOf(source, file) {
    if (this.#mends.isEmpty) return [];
    const files = [file, ...mapSources(source, pathOf(file))];
    return files.flatMap((one) => this.#mends.of(one));
  }

  /** Says what came of it since the last call. */
  sayCounts() {
    if (this.#files === 0) return;
    const counts = { files: this.#files, bytes: this.#bytes, ms: this.#ms };
    this.#files = this.#bytes = this.#ms = 0;
    this.#say({ type: 'transformed', ...counts });
  }
}

/** Whether somebody reads them: Node in stacks, or a debugger. */
function needsSourceMap() {
  const { sourceMapsEnabled } = /** @type {any} */ (process);
  return sourceMapsEnabled === true || process.execArgv.some((one) => one.startsWith('--inspect'));
}

module.exports = { Transformer };
