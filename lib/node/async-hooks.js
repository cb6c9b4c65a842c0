'use strict';

// node:async_hooks with Node's own classes, also where `register` of this or another copy of the
// package has replaced them. All of lib/ takes them from here; else a class of ours would extend a
// class of ours.

const { objectsOf } = require('./builtin-module.js');
const { REPLACED } = require('./replaced.js');

const objects = objectsOf('node:async_hooks', require('node:async_hooks'));
const record = objects.find((object) => REPLACED in object)?.[REPLACED];

// Descriptors and not values: on Node 22 and later AsyncLocalStorage is a getter, and to read it
// is what switches AsyncContextFrame on.
/** @type {typeof import('node:async_hooks')} */
const asyncHooks = Object.create(null, {
  ...Object.getOwnPropertyDescriptors(objects[0]),
  ...record?.descriptors,
});

module.exports = asyncHooks;
