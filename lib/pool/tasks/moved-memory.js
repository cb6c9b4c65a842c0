'use strict';

// ArrayBuffers in the transfer list of a task for Rust threads. Their memory is handed over, where
// the task is encoded with their bytes beside it.

const { DataView, Uint8Array, getterOf, types } = require('../../codec/built-ins.js');
const { faultIn, refusalOf } = require('../../node/transfers.js');
const { notForNative } = require('../../errors/native.js');
const { notCloneable } = require('../../errors/pool.js');
const { Parcels } = require('./parcels.js');

const { getPrototypeOf } = Object;
const { filter, indexOf } = Array.prototype;
const { apply } = Reflect;

const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const bufferOf = getterOf(typedArrayPrototype, 'buffer');
const startOf = getterOf(typedArrayPrototype, 'byteOffset');
const lengthOf = getterOf(typedArrayPrototype, 'byteLength');

/**
 * The list as it is now: getters of the task, or of the list itself, may change it, and may submit
 * tasks. Throws if there is anything but ArrayBuffers in it: what nobody can transfer is refused as
 * for any other pool.
 *
 * @param {readonly any[]} transferList
 */
function arrayBuffersOf(transferList) {
  /** @type {ArrayBuffer[]} */
  const buffers = [];
  let areAll = true;
  for (let i = 0; i < transferList.length; i++) {
    buffers[i] = transferList[i];
    areAll &&= types.isArrayBuffer(buffers[i]);
  }
  if (areAll) return buffers;
  const cause = refusalOf(apply(filter, buffers, [isOther]));
  const fault = faultIn(buffers);
  if (cause === undefined && fault === undefined) throw notForNative();
  throw notCloneable('task', cause, undefined, fault);
}

/** @param {unknown} item */
const isOther = (item) => !types.isArrayBuffer(item);

/**
 * Takes the ArrayBuffers away from their program. Gives the views, and in place of those on one of
 * the ArrayBuffers a DataView of the same memory: nobody else has that any more. Throws
 * ERR_WORKER_POOL_NOT_CLONEABLE, and then nothing was taken.
 *
 * No getter of a program runs meanwhile: the views may lie beside a value that is in a region.
 *
 * @param {Uint8Array[]} views
 * @param {ArrayBuffer[]} buffers  what arrayBuffersOf() has given
 */
function moveMemory(views, buffers) {
  // A view has no place any more once its ArrayBuffer is gone.
  const places = [];
  for (let i = 0; i < views.length; i++) {
    const view = views[i];
    const index = apply(indexOf, buffers, [bufferOf(view)]);
    places[i] = { view, index, start: startOf(view), length: lengthOf(view) };
  }
  const moved = Parcels.pack(undefined, buffers).transferList;
  const memory = [];
  for (let i = 0; i < places.length; i++) {
    const { view, index, start, length } = places[i];
    memory[i] = index < 0 ? view : new DataView(moved[index], start, length);
  }
  return memory;
}

module.exports = { arrayBuffersOf, moveMemory };
