'use strict';

// Why the finder of lost context has no addon.

const { coded } = require('./coded.js');

/** Part of the public interface. */
const UNAVAILABLE = 'ERR_ASYNC_HOOKS_RS_TRACE_UNAVAILABLE';

/**
 * The finder's addon is not there, or does not load.
 *
 * @param {string} reason  what is missing, and how to get it
 * @param {unknown} [cause]
 */
function unavailable(reason, cause) {
  const error = coded(Error, UNAVAILABLE, `The finder of lost context ${reason}`, unavailable);
  if (cause !== undefined) error.cause = cause;
  return error;
}

module.exports = { UNAVAILABLE, unavailable };
