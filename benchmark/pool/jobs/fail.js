'use strict';

// Fails every task.

module.exports = ({ i }) => {
  throw new RangeError(`task ${i} has failed`);
};
