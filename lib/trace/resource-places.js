'use strict';

// Where asynchronous resources are made, without a stack for each of them: one costs a hundred
// times what the rest of an event does.
//
// Programs do the same again and again. Resources are of one kind if they have the same type, are
// made in the callback of a resource that was made at the same place, by or for one that was made
// at the same place, and follow upon one of the same place in that callback. A kind of which one
// has to do with two contexts, so that a finding may name it, gets all stacks from then on.

const { placeHere } = require('./places.js');
const { UsualPlace } = require('./usual-place.js');

const DEPTH = 8; // of a stack

// Of so many of the last resources it is known what they are. A power of two.
const RESOURCES = 1 << 16;
const MASK = RESOURCES - 1;

// Different places, types and kinds that are told apart: three places and a type make a number that
// a double has.
const PLACES = 1 << 14;
const TYPES = 1 << 10;
const KINDS = 20_000;

class Kind extends UsualPlace {
  /** @param {number} type */
  constructor(type) {
    super();
    this.type = type;
  }
}

class ResourcePlaces {
  /** @type {Map<number, Kind>} */
  #kinds = new Map();
  /** @type {Map<number, number>} from 1 on, by their numbers in the table of places */
  #places = new Map();
  // What is known of resources, by their ids modulo the number of them.
  #ids = new Float64Array(RESOURCES);
  #contexts = new Uint32Array(RESOURCES);
  #madeAt = new Uint16Array(RESOURCES);
  /** @type {Kind[]} */
  #kindOf = [];
  /** The place of what was last made in this callback. */
  #last = 0;
  #hasCrossed = false;

  /** A callback begins or ends. */
  turn() {
    this.#last = 0;
    this.#hasCrossed = false;
  }

  /**
   * Where the resource is made that is being made; 0 if it is not known.
   *
   * @param {number} id
   * @param {number} type
   * @param {number} trigger
   * @param {number} running  the resource whose callback runs
   * @param {number} context  0 for none
   * @param {Function} hidden
   */
  made(id, type, trigger, running, context, hidden) {
    const by = this.#placeOf(trigger);
    const key = (((type % TYPES) * PLACES + this.#placeOf(running)) * PLACES + by) * PLACES;
    const kind = this.#kind(key + this.#last, type);
    if (trigger !== running) this.#waits(kind, trigger, running, context);
    const place = kind.next(hidden);
    const at = id & MASK;
    this.#ids[at] = id;
    this.#contexts[at] = context;
    this.#kindOf[at] = kind;
    this.#last = this.#madeAt[at] = this.#numberOf(place);
    return place;
  }

  /**
   * Where the promise is resolved that is being resolved; 0 if that says nothing, as all happens
   * in one context.
   *
   * @param {number} id
   * @param {number} context
   * @param {Function} hidden
   */
  resolved(id, context, hidden) {
    const at = id & MASK;
    const isKnown = this.#ids[at] === id;
    const owner = this.#contexts[at];
    if (isKnown && (owner === 0 || owner === context)) {
      // Unless the callback has resolved one of another context, too.
      return this.#hasCrossed && owner !== 0 ? placeHere(hidden, DEPTH) : 0;
    }
    if (isKnown) {
      this.#hasCrossed = true;
      this.#kindOf[at].open();
    }
    return placeHere(hidden, DEPTH);
  }

  /**
   * The one that is made may wait for a promise of another context.
   *
   * @param {Kind} kind  its own
   * @param {number} trigger
   * @param {number} running
   * @param {number} context
   */
  #waits(kind, trigger, running, context) {
    const awaited = this.#kindOfType(trigger, kind.type);
    if (awaited === undefined) return;
    const owner = this.#contexts[trigger & MASK];
    if (owner === 0) return;
    // One that runs has adopted it.
    const adopting = this.#kindOfType(running, kind.type);
    const isAdopted = adopting !== undefined && this.#contexts[running & MASK] !== owner;
    if (owner === context && !isAdopted) return;
    kind.open();
    awaited.open();
    if (isAdopted) adopting.open();
  }

  /**
   * The kind of a resource, if it is known and has the type.
   *
   * @param {number} id
   * @param {number} type
   */
  #kindOfType(id, type) {
    const at = id & MASK;
    const kind = this.#ids[at] === id ? this.#kindOf[at] : undefined;
    return kind?.type === type ? kind : undefined;
  }

  /** @param {number} id */
  #placeOf(id) {
    const at = id & MASK;
    return this.#ids[at] === id ? this.#madeAt[at] : 0;
  }

  /** @param {number} place  by its number in the table of places */
  #numberOf(place) {
    if (place === 0) return 0;
    let number = this.#places.get(place);
    if (number === undefined) {
      // The numbers of before now say something else, so kinds are mixed for a while.
      if (this.#places.size === PLACES - 1) this.#forget();
      this.#places.set(place, (number = this.#places.size + 1));
    }
    return number;
  }

  /**
   * @param {number} key
   * @param {number} type
   */
  #kind(key, type) {
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      if (this.#kinds.size === KINDS) this.#forget();
      this.#kinds.set(key, (kind = new Kind(type)));
    }
    return kind;
  }

  #forget() {
    this.#kinds.clear();
    this.#places.clear();
    this.#madeAt.fill(0);
  }
}

module.exports = { ResourcePlaces };
