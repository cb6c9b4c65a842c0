'use strict';

// What a command says while it runs: lines for people, or with --json one object a line, for
// programs that collect logs. On standard error: standard output is the processor's.

/** @typedef {{ [name: string]: string | number }} Fields */

class Reporter {
  #json;

  /** @param {boolean} json */
  constructor(json) {
    this.#json = json;
  }

  /**
   * @param {string} event
   * @param {string} text  for people
   * @param {Fields} [fields]  for programs
   */
  say(event, text, fields = {}) {
    const line = this.#json
      ? JSON.stringify({ time: new Date().toISOString(), event, ...fields })
      : text;
    process.stderr.write(`${line}\n`);
  }

  /**
   * @param {string} event
   * @param {string} what  has failed
   * @param {any} error
   */
  fail(event, what, error) {
    const { code = '', message } = error;
    const said = message === '' ? code : message; // of several addresses, Node says only the code
    this.say(event, `${what}: ${said}`, { code, message: said });
  }
}

module.exports = { Reporter };
