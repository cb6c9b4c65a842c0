'use strict';

// What each thread does for a task: it awaits a timer, and calls the second server.

const { setTimeout: delay } = require('node:timers/promises');
const { REQUEST_ID } = require('../../helpers/load.js');
const { inSpan } = require('./spans.js');

/** A processor; `place` is the part of the service to which it belongs. */
module.exports.workIn = (place) => (task) =>
  inSpan(`in a ${place}`, task.id, async () => {
    await delay(1);
    await inSpan(`in a ${place}, after an await`, task.id);
    const response = await fetch(`http://127.0.0.1:${task.port}/${place}`, {
      headers: { [REQUEST_ID]: task.id },
    });
    return response.text();
  });
