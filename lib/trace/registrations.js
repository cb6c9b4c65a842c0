'use strict';

// Where a listener was registered, or a function bound.

const { callerIn, capture, fileOf, framesOf, isProgram, placeOf } = require('./places.js');
const { StackBudget } = require('./stack-budget.js');

const DEPTH = 4;
// Stacks for one event, or one function that is bound, of which none has crossed.
const FIRST = 100;

let count = 0;

function registrationBudget() {
  return new StackBudget(FIRST);
}

/** The names of what registers listeners: Node's streams have methods of their own around it. */
const REGISTERING = /(?:^|\.)(?:on|addListener|prependListener|once|prependOnceListener)$/;

class Registration {
  /** Whether the program itself has called for it, not a function of Node like pipe(). */
  isDirect = false;
  #captured;
  /** @type {import('./places.js').Frame | null | undefined} */
  #found;
  /** @type {number | undefined} */
  #place;

  /**
   * @param {import('./contexts.js').Context} context
   * @param {StackBudget} budget  of all that is registered for the same
   * @param {string} name  of the function
   * @param {Function} hidden
   */
  constructor(context, budget, name, hidden) {
    this.context = context;
    /** Whether it was called where it was made. */
    this.wasHome = false;
    /** @type {Set<number> | undefined} the other contexts in which it was called */
    this.foreign = undefined;
    this.number = ++count;
    this.budget = budget;
    this.name = name;
    this.#captured = budget.take() ? capture(hidden, DEPTH) : undefined;
  }

  /** The number of the place; 0 if it is not known, or none of the program. */
  get place() {
    if (this.#place === undefined) {
      this.#place = this.isProgram ? placeOf(this.#frame) : 0;
      this.isDirect = this.#place !== 0 && this.#hasDirectCaller();
      this.#captured = this.#found = undefined;
    }
    return this.#place;
  }

  /**
   * Notes that it was called in another context.
   *
   * @param {import('./contexts.js').Context | undefined} now
   */
  crosses(now) {
    // One without a stack says nothing of whose the next ones are.
    if (this.#place === undefined && this.#captured === undefined) this.budget.renew();
    else if (this.place !== 0) this.budget.open();
    this.foreign ??= new Set();
    // More than a few say no more than a few.
    if (this.foreign.size < 4) this.foreign.add(now?.id ?? 0);
  }

  /**
   * Another one at the same place, without a stack of its own.
   *
   * @param {import('./contexts.js').Context} context
   */
  again(context) {
    const registration = new Registration(context, this.budget, this.name, Registration);
    registration.#captured = undefined;
    registration.#place = this.place;
    registration.isDirect = this.isDirect;
    return registration;
  }

  /** Whether the program itself has registered it, as far as is known. Asked before `place`. */
  get isProgram() {
    const frame = this.#frame;
    return frame !== undefined && isProgram(frame);
  }

  /**
   * Whether it stands where a mend is to be put in. Asked before `place`.
   *
   * @param {import('./mends.js').Mends} mends
   */
  isMended(mends) {
    const frame = this.#frame;
    if (frame === undefined) return false;
    return mends.registers(fileOf(frame), frame.getLineNumber() ?? 0);
  }

  #hasDirectCaller() {
    const stack = this.#captured === undefined ? [] : framesOf(this.#captured);
    const isCaller = (/** @type {import('./places.js').Frame} */ frame) =>
      isProgram(frame) || !REGISTERING.test(frame.getFunctionName() ?? '');
    return stack.find(isCaller) === this.#frame;
  }

  get #frame() {
    if (this.#captured === undefined) return undefined;
    if (this.#found === undefined) this.#found = callerIn(framesOf(this.#captured)) ?? null;
    return this.#found ?? undefined;
  }
}

module.exports = { Registration, registrationBudget };
