'use strict';

// A store in a few words, for reports. No code of the program runs for it.

const { inspect } = require('node:util');

const LENGTH = 120;

const OPTIONS = {
  __proto__: null,
  breakLength: Infinity,
  compact: true,
  customInspect: false,
  depth: 0,
  getters: false,
  maxArrayLength: 3,
  maxStringLength: 60,
  showProxy: true,
};

/** @param {unknown} store */
function preview(store) {
  let text;
  try {
    text = inspect(store, OPTIONS);
  } catch {
    text = typeof store;
  }
  const line = text.replace(/\s+/g, ' ');
  return line.length > LENGTH ? `${line.slice(0, LENGTH - 1)}…` : line;
}

module.exports = { preview };
