'use strict';

// Keeps its thread busy for as long as the task says.

module.exports = ({ microseconds }) => {
  const end = performance.now() + microseconds / 1e3;
  while (performance.now() < end);
  return microseconds;
};
