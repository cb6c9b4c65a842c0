'use strict';

// Constructors for Reflect.construct() that do not extend the class.

const vm = require('node:vm');

function newTargets() {
  const targets = [function NewTarget() {}, vm.runInNewContext('(function NewTarget() {})')];
  for (const target of targets) target.prototype = null;
  return [...targets, targets[0].bind(), new Proxy(targets[0], {}), class {}, Object, Array];
}

module.exports = { newTargets };
