'use strict';

// What traces a thread, from start() on: it knows the session, the storages and the findings.

const { loadTraceAddon } = require('../package/trace-addon.js');
const { Births } = require('./births.js');
const { watchBoundFunctions } = require('./bound-functions.js');
const { followClasses, followCopy } = require('./classes.js');
const { watchEmitters } = require('./emitters.js');
const { how, kinds } = require('./event-kinds.js');
const { Findings } = require('./findings.js');
const { defineGlobals } = require('./globals.js');
const { Mends, keepContext } = require('./mends.js');
const { ownFunction, ownObject, ownerOf } = require('./owners.js');
const { Picture } = require('./picture.js');
const { capture, placeHere } = require('./places.js');
const { preview } = require('./previews.js');
const { Reads } = require('./reads.js');
const { processSettings } = require('./reporting.js');
const { Session } = require('./session.js');
const { Storages } = require('./storages.js');
const { Watch } = require('./watch.js');
const { traceWorkers } = require('./workers.js');
const { Witness } = require('./witness.js');
const { transformCommonJs } = require('./loading/common-js.js');
const { inThread, transformModules } = require('./loading/modules.js');
const { transformScripts } = require('./loading/scripts.js');
const { Transformer } = require('./loading/transformer.js');

/** @typedef {import('./contexts.js').Context} Context */
/** @typedef {import('./storage-records.js').StorageRecord} StorageRecord */

// Of stacks.
const DEPTH = 8;
const ENTRY_DEPTH = 4;

class Tracer {
  #births;
  #transformer;
  #mends;
  #takeMends;
  #isFull;
  /** @type {FinalizationRegistry<number>} */
  #collected;

  /** @param {import('./options.js').Options} options */
  constructor(options) {
    const addon = loadTraceAddon();
    const { possible, deep, picture } = options;
    this.options = options;
    this.session = new Session(addon, processSettings(options));
    this.findings = new Findings(this.session);
    this.reads = new Reads(this);
    this.storages = new Storages(this);
    this.watch = options.watch.length > 0 ? new Watch(options.watch) : undefined;
    // All that happens is wanted, and not only what crosses.
    this.#isFull = possible || deep || picture;
    this.picture = this.#isFull ? new Picture(this.session) : undefined;
    this.witness = deep ? new Witness(this) : undefined;
    this.#births = new Births(this.session);
    this.#mends = new Mends(options.mends);
    this.#collected = new FinalizationRegistry((id) => {
      this.session.put(kinds.COLLECTED, id, 0, 0, 0, 0, 0);
    });
    const { at, resumed } = this.#births;
    const functions = { at, resumed, bind: keepContext, own: ownFunction };
    const define = (/** @type {object} */ global) => defineGlobals(global, functions);
    define(globalThis);
    watchEmitters(this.#mends);
    watchBoundFunctions(this.#mends);
    followClasses(this.storages);
    const say = this.session.evidence.bind(this.session);
    this.#transformer = new Transformer(addon, options, this.#mends, say);
    transformCommonJs(this.#transformer, inThread, (exports) => {
      followCopy(this.storages, exports);
    });
    transformScripts(this.#transformer, define);
    this.#takeMends = transformModules(this.#transformer, options, this.#mends);
    traceWorkers(options);
    this.picture?.begin();
  }

  /** @param {StorageRecord} record */
  storageMade(record) {
    record.isKnown = true;
    const { session } = this;
    session.put(kinds.STORAGE, record.id, 0, 0, 0, record.origin?.place ?? 0, 0);
    if (record.name !== '') session.evidence({ type: 'storage', id: record.id, name: record.name });
  }

  /**
   * Where a context is entered; 0 if it is not known. It is worth a stack for the first of a
   * storage, and for some after a finding.
   *
   * @param {StorageRecord} storage
   * @param {Function} hidden
   */
  placeOfEntry({ places, usualPlace }, hidden) {
    if (this.#isFull) return usualPlace.next(hidden);
    return places.take() ? placeHere(hidden, ENTRY_DEPTH) : 0;
  }

  /** @param {Context} context */
  contextEnds({ id }) {
    if (this.#isFull) this.session.put(kinds.LEAVE, id, 0, 0, 0, 0, 0);
  }

  /**
   * @param {Context} context
   * @param {number} place  where it is entered; 0 if it is not known
   */
  contextBegins(context, place) {
    const { id, kind, parent, storage } = context;
    if (!storage.isKnown) this.storageMade(storage);
    const entered = context.exited ? how.EXIT : kind;
    const first = this.#isFull ? firstWith(context) : 0;
    this.session.put(kinds.ENTER, id, parent?.id ?? 0, storage.id, first, place, entered);
    if (this.#isFull) this.#show(context);
  }

  /**
   * Tells what reports say of a context: its store, and later that it is over.
   *
   * @param {Context} context
   */
  #show(context) {
    this.session.preview(context.id, preview(context.store));
    this.#collected.register(context, context.id);
  }

  /**
   * Hands over evidence, with what the contexts of it are.
   *
   * @param {import('./reads.js').Evidence} evidence
   * @param {(Context | undefined)[]} contexts
   */
  find(evidence, contexts) {
    if (!this.#isFull) {
      for (const context of contexts) {
        if (context === undefined || context.isShown) continue;
        context.isShown = true;
        this.#show(context);
        context.storage.places.renew();
      }
    }
    this.findings.add(evidence);
  }

  /**
   * The finding that some evidence has become, as a list.
   *
   * @param {import('./reads.js').Evidence | undefined} evidence
   * @returns {any[]}
   */
  findingsAt(evidence) {
    if (evidence === undefined) return [];
    const found = this.session.finding(evidence);
    return found === undefined ? [] : [found];
  }

  /**
   * Has an object remember the current context.
   *
   * @param {object} object
   * @param {Function} hidden
   */
  own(object, hidden) {
    ownObject(object, placeHere(hidden, DEPTH));
  }

  /**
   * Whether the current context is the one that an object remembers.
   *
   * @param {object} object
   * @param {Function} hidden
   */
  check(object, hidden) {
    const owner = ownerOf(object);
    return owner === undefined || this.reads.check(owner, 'check', capture(hidden, DEPTH));
  }

  /**
   * The report of the process so far.
   *
   * @param {boolean} final
   * @returns {string}
   */
  report(final) {
    const { session } = this;
    session.evidence({ type: 'counts', reads: this.storages.reads, crossings: this.#births.count });
    this.#transformer.sayCounts();
    this.watch?.say(session);
    if (final) this.#sayUnmended();
    return session.report(final);
  }

  #sayUnmended() {
    this.#takeMends();
    for (const { file, line, column = 0 } of this.#mends.missing) {
      this.session.evidence({ type: 'unmended', file, line, column });
    }
  }
}

/** @type {WeakMap<object, number>} */
const firstContexts = new WeakMap();

/**
 * The first context with the same store, if that is an object; 0 if it is this one.
 *
 * @param {Context} context
 */
function firstWith({ id, store }) {
  if ((typeof store !== 'object' || store === null) && typeof store !== 'function') return 0;
  const first = firstContexts.get(store);
  if (first === undefined) firstContexts.set(store, id);
  return first ?? 0;
}

module.exports = { Tracer };
