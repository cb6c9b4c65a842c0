'use strict';

// Whether a function can see what it is called with behind its first argument. Most processors name
// one parameter, and what a task knows of its run is then not worth making.

const { apply } = Reflect;
const { toString } = Function.prototype;

const NAME = '[\\w$]+';
// Of properties or elements, without defaults.
const PATTERN = '\\{[\\w$\\s,:.]*\\}|\\[[\\w$\\s,:.]*\\]';
const AT_MOST_ONE = `\\(\\s*(?:(?:${NAME}|${PATTERN})\\s*,?\\s*)?\\)`;
// Arrow functions, functions and methods. Text in any other form, or with comments there, may be
// anything.
const ONE_PARAMETER = new RegExp(
  `^(?:async\\s*)?(?:(?:${AT_MOST_ONE}|${NAME})\\s*=>` +
    `|(?:function\\b)?\\s*\\*?\\s*(?:${NAME})?\\s*${AT_MOST_ONE}\\s*\\{)`,
);
// By these it sees all of them, also if they are written with escapes; of functions that are bound,
// of proxies and of native ones there is no text.
const OTHER_WAYS = /\b(?:arguments|eval)\b|\\u|\[native code\]/;

/**
 * As its text says. `true` where that is not certain.
 *
 * @param {Function} run
 */
function mayReadSecond(run) {
  const text = apply(toString, run, []);
  return !ONE_PARAMETER.test(text) || OTHER_WAYS.test(text);
}

module.exports = { mayReadSecond };
