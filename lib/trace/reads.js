'use strict';

// What getStore() gives, and whether it is what the running function may expect.

const { current, isRight, storagesOf } = require('./contexts.js');
const { DEPTH, blamed, foreignOf, isSuspicious } = require('./crossings.js');
const { ranElsewhere, ranForOthers } = require('./homes.js');
const { capture, framesOf, isProgram, placeOf } = require('./places.js');
const { EMPTY, state } = require('./segments.js');
const { twinOf } = require('./twins.js');
const { executionAsyncResource } = require('../node/async-hooks.js');
const { loadTraceAddon } = require('../package/trace-addon.js');

/** @typedef {import('./crossings.js').Item} Item */
/** @typedef {import('./storage-records.js').StorageRecord} StorageRecord */

/**
 * What is said of a read that gave another store than was expected. Numbers are those of storages,
 * contexts and places; 0 is none.
 *
 * @typedef {object} Evidence
 * @property {'finding'} type
 * @property {string} rule
 * @property {number} storage
 * @property {number} read
 * @property {number} via
 * @property {number} expected
 * @property {number} actual
 * @property {number} made
 * @property {string} madeAs
 * @property {string} [madeName]
 * @property {number} ranBy
 * @property {{ type: string, site: number } | null} ranIn
 * @property {string} [instance]
 * @property {number} [foreign]
 * @property {boolean} [wasHome]
 * @property {boolean} [elsewhere]
 * @property {boolean} [byOthers]
 * @property {boolean} mendable
 * @property {number} registered
 */

const NEAR = 6; // frames

// Numbers of registrations begin beyond those of sites.
const NO_SITE = 2 ** 31;

class Reads {
  #tracer;
  /** @type {Evidence | undefined} of the last read */
  #last;

  /** @param {import('./tracer.js').Tracer} tracer */
  constructor(tracer) {
    this.#tracer = tracer;
  }

  /**
   * A storage was read. Returns the evidence, if the store is not the right one.
   *
   * @param {object} storage
   * @param {unknown} value
   * @param {Function} hidden
   */
  see(storage, value, hidden) {
    const isAbsent = value === undefined;
    const { watch, picture } = this.#tracer;
    const isRecorded = watch !== undefined || picture !== undefined;
    if (!isAbsent && !isRecorded && state.segment === EMPTY) return undefined;
    const record = this.#tracer.storages.recordOf(storage);
    const now = current();
    const evidence = this.#wrong(record, value, now, () => capture(hidden, DEPTH));
    this.#last = evidence;
    const where = isRecorded ? nearest(hidden) : undefined;
    if (where !== undefined) {
      watch?.note(where.frame, evidence !== undefined);
      picture?.read(record, now, where, isAbsent);
    }
    return evidence;
  }

  /**
   * What `read` gives, and the evidence if it is not right.
   *
   * @param {() => unknown} read
   */
  observed(read) {
    this.#last = undefined;
    const value = read();
    return { value, evidence: this.#last };
  }

  /**
   * There is no store, where the program says that there is one.
   *
   * @param {StorageRecord} record
   * @param {import('./contexts.js').Context | undefined} now
   * @param {Function} hidden
   */
  expected(record, now, hidden) {
    const where = readAt(capture(hidden, DEPTH));
    return where && this.#say(record, where, 'expect', undefined, now, { madeAs: 'storage' });
  }

  /**
   * Whether the current context is that of an object, for all storages that have a store there.
   *
   * @param {import('./owners.js').Owner} owner
   * @param {'check' | 'witness'} rule
   * @param {{ stack?: any }} captured  the stack of who asks
   */
  check({ context, place, name }, rule, captured) {
    const now = current();
    const lost = storagesOf(context).find((storage) => !isRight(now, context, storage));
    if (lost === undefined) return true;
    const where = readAt(captured);
    if (where === undefined) return false;
    this.#say(lost, where, rule, context, now, { made: place, madeAs: 'object', madeName: name });
    return false;
  }

  /**
   * @param {StorageRecord} record
   * @param {unknown} value
   * @param {import('./contexts.js').Context | undefined} now
   * @param {() => { stack?: any }} captureRead
   */
  #wrong(record, value, now, captureRead) {
    if (state.segment !== EMPTY && isSuspicious(now, record, value)) {
      const captured = captureRead();
      const item = blamed(now, record, value, captured);
      if (item !== undefined) return this.#crossed(record, now, captured, item);
    }
    if (value !== undefined) return undefined;
    const twin = twinOf(record, now);
    if (twin !== undefined) return this.#twins(record, captureRead(), twin);
    this.#tracer.witness?.look(record, captureRead());
    return undefined;
  }

  /**
   * @param {StorageRecord} record
   * @param {import('./contexts.js').Context | undefined} now
   * @param {{ stack?: any }} captured
   * @param {Item} item
   */
  #crossed(record, now, captured, item) {
    const where = readAt(captured);
    if (where === undefined) return undefined;
    const { crossing, caller, registered } = item;
    const { registration } = (crossing.rule === 'birth' ? registered : crossing) ?? {};
    const { rule, ...what } = crossing.rule === 'birth' ? ofBirth(crossing) : ofCall(crossing);
    return this.#say(record, where, rule, crossing.parent, now, {
      ...what,
      ranBy: placeOf(caller),
      registered: registration?.place ?? 0,
    });
  }

  /**
   * @param {StorageRecord} record
   * @param {{ stack?: any }} captured
   * @param {import('./contexts.js').Context} twin
   */
  #twins(record, captured, twin) {
    const where = readAt(captured);
    const made = twin.storage.origin?.place ?? 0;
    return where && this.#say(record, where, 'twins', twin, undefined, { made, madeAs: 'storage' });
  }

  /**
   * Hands over evidence.
   *
   * @param {StorageRecord} record
   * @param {{ read: number, via: number }} where
   * @param {string} rule
   * @param {import('./contexts.js').Context | undefined} expected
   * @param {import('./contexts.js').Context | undefined} actual
   * @param {Partial<Evidence>} more
   */
  #say({ id }, { read, via }, rule, expected, actual, more) {
    /** @type {Evidence} */
    const evidence = {
      type: 'finding',
      rule,
      storage: id,
      read,
      via,
      expected: expected?.id ?? 0,
      actual: actual?.id ?? 0,
      made: 0,
      madeAs: 'function',
      ranBy: 0,
      ranIn: runningResource(),
      mendable: false,
      registered: 0,
      ...more,
    };
    this.#tracer.find(evidence, [expected, actual]);
    return evidence;
  }
}

/** @param {import('./crossings.js').Birth} birth */
function ofBirth({ parent, site, wasHome }) {
  return {
    rule: /** @type {const} */ ('birth'),
    made: site,
    // Of a function that is in no other, the context can only be that in which it has begun.
    madeAs: loadTraceAddon().enclosing(site) === 0 ? 'generator' : 'function',
    instance: `${parent.id}:${site}`,
    foreign: foreignOf(parent, site),
    wasHome,
    elsewhere: ranElsewhere(site, parent.id),
    byOthers: ranForOthers(site, parent.id),
    mendable: true,
  };
}

/** @param {import('./crossings.js').Call} call */
function ofCall({ rule, parent, registration, wasHome }) {
  const { name, place, foreign, number } = registration;
  return {
    rule,
    made: place,
    madeAs: rule === 'emitter' ? 'listener' : 'bound function',
    madeName: name,
    instance: `${parent.id}:${number + NO_SITE}`,
    foreign: foreign?.size ?? 0,
    wasHome,
    mendable: true,
  };
}

/**
 * Where the program has read, and from where it came there; `undefined` if Node has read.
 *
 * @param {{ stack?: any }} captured
 */
function readAt(captured) {
  const stack = framesOf(captured);
  const at = stack.findIndex(isProgram);
  if (at < 0) return undefined;
  const caller = stack.slice(at + 1).find(isProgram);
  return { frame: stack[at], read: placeOf(stack[at]), via: placeOf(caller) };
}

/**
 * The same for the running code: few frames take less, and are enough as good as always.
 *
 * @param {Function} hidden
 */
function nearest(hidden) {
  return readAt(capture(hidden, NEAR)) ?? readAt(capture(hidden, DEPTH));
}

/** What runs now, as far as its class tells. */
function runningResource() {
  const name = executionAsyncResource()?.constructor?.name;
  return name === undefined || name === 'Object' ? null : { type: name, site: 0 };
}

module.exports = { Reads, readAt };
