'use strict';

// A witness of the deep tier: where a read gave nothing, the variables of the functions that run
// are looked at, through the inspector of the process itself. An object that was made in a context
// tells that the code works for that context. That is a hint and no proof.

const { effective } = require('./contexts.js');
const { takeOwner } = require('./owners.js');
const { framesOf, isProgram, placeOf } = require('./places.js');
const { loadTraceAddon } = require('../package/trace-addon.js');

// A look takes some 20 ms.
const LOOKS_AT_PLACE = 3;
const LOOKS = 200;
const FRAMES = 5;

const OWN = '__ahr'; // what the transform's variables begin with
const SCOPES = ['local', 'block', 'closure'];

/** @typedef {{ name: string, number: number, frame: any, url: string }} Seen */

class Witness {
  #tracer;
  /** @type {import('node:inspector').Session | undefined} */
  #session;
  /** @type {typeof import('node:inspector') | undefined} */
  #inspector;
  /** @type {Map<number, number>} */
  #looks = new Map();
  #all = 0;
  #isLooking = false;
  /** @type {Map<string, string>} */
  #urls = new Map();
  /** @type {Seen[]} */
  #seen = [];

  /** @param {import('./tracer.js').Tracer} tracer */
  constructor(tracer) {
    this.#tracer = tracer;
    try {
      this.#inspector = require('node:inspector');
    } catch {
      // Node was built without it, or may not use it.
    }
  }

  /**
   * Looks for an object of a context that has a store for the storage, which was read in vain.
   *
   * @param {import('./storage-records.js').StorageRecord} record
   * @param {{ stack?: any }} captured
   */
  look(record, captured) {
    const frame = framesOf(captured).find(isProgram);
    if (frame === undefined || !this.#mayLook(placeOf(frame))) return;
    for (const { name, number, frame: holder, url } of this.#variables()) {
      const owner = takeOwner(number);
      const context = effective(owner?.context, record);
      if (owner === undefined || context === undefined || context.exited) continue;
      const { lineNumber, columnNumber = 0 } = holder.location;
      const { functionName } = holder;
      const place = loadTraceAddon().place(url, lineNumber + 1, columnNumber + 1, functionName);
      this.#tracer.reads.check({ context: owner.context, place, name }, 'witness', captured);
      return;
    }
  }

  /** @param {number} place */
  #mayLook(place) {
    const looks = this.#looks.get(place) ?? 0;
    if (this.#isLooking || looks === LOOKS_AT_PLACE || this.#all === LOOKS) return false;
    // A debugger would stop at our pauses.
    if (this.#inspector === undefined || this.#inspector.url() !== undefined) return false;
    this.#looks.set(place, looks + 1);
    this.#all++;
    return true;
  }

  #variables() {
    this.#isLooking = true;
    this.#seen = [];
    try {
      this.#session ??= this.#connected();
      // What it pauses at is the next statement.
      this.#session.post('Debugger.pause');
      this.#isLooking = false;
    } catch {
      this.#inspector = undefined;
    } finally {
      this.#isLooking = false;
    }
    return this.#seen;
  }

  #connected() {
    const { Session } = /** @type {typeof import('node:inspector')} */ (this.#inspector);
    const session = new Session();
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => {
      this.#urls.set(params.scriptId, params.url);
    });
    session.on('Debugger.paused', ({ params }) => this.#paused(session, params.callFrames));
    session.post('Debugger.enable');
    return session;
  }

  /**
   * @param {import('node:inspector').Session} session
   * @param {any[]} callFrames
   */
  #paused(session, callFrames) {
    let count = 0;
    for (const frame of callFrames) {
      const url = frame.url || (this.#urls.get(frame.location.scriptId) ?? '');
      if (url === '' || url.startsWith('node:') || isOurs(url)) continue;
      if (count++ === FRAMES) break;
      for (const { type, object } of frame.scopeChain) {
        if (SCOPES.includes(type)) this.#look(session, object.objectId, frame, url);
        if (type === 'closure') break;
      }
    }
  }

  /**
   * @param {import('node:inspector').Session} session
   * @param {string} objectId  of a scope
   * @param {any} frame
   * @param {string} url
   */
  #look(session, objectId, frame, url) {
    const properties = { objectId, ownProperties: true };
    session.post('Runtime.getProperties', properties, (_, /** @type {any} */ found) => {
      for (const { name, value } of found?.result ?? []) {
        if (value?.type !== 'object' || value.objectId === undefined) continue;
        if (name.startsWith(OWN)) continue;
        const call = {
          objectId: value.objectId,
          functionDeclaration: 'function () { return globalThis.__ahrOwn.numberOf(this); }',
          returnByValue: true,
          silent: true,
        };
        session.post('Runtime.callFunctionOn', call, (__, /** @type {any} */ answer) => {
          const number = answer?.result?.value;
          if (typeof number === 'number' && number > 0) {
            this.#seen.push({ name, number, frame, url });
          }
        });
      }
    });
  }
}

/** @param {string} url */
function isOurs(url) {
  return url.includes('/lib/trace/') || url.endsWith('/dist/trace.js');
}

module.exports = { Witness };
