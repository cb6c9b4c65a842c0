'use strict';

/** The lines of a stream as they come, and those that are waited for. */
class Lines {
  all = [];
  #waiting = [];

  constructor(stream) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) this.#add(line);
    });
  }

  #add(line) {
    this.all.push(line);
    this.#waiting = this.#waiting.filter(({ test, resolve }) => {
      if (!test(line)) return true;
      resolve(line);
      return false;
    });
  }

  /** The first line that passes the test, of those that were there or will come. */
  async find(test) {
    const found = this.all.find(test);
    if (found !== undefined) return found;
    return new Promise((resolve) => {
      this.#waiting.push({ test, resolve });
    });
  }
}

module.exports = { Lines };
