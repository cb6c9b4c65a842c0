'use strict';

// The events of the queue, by which a pool learns how its jobs end.
//
// BullMQ reads them from "now" on, and says nowhere when that is. So a pool sends itself an event
// until it hears one: from then on none is missed, also over reconnections, because reading goes on
// after the last one heard.

const { setTimeout } = require('../node/clock.js');
const { end, settled } = require('./connections.js');

const HELLO = 'async-hooks-rs:hello';
const AGAIN = 100; // ms

// So that the event has no other ones dropped, whatever the program lets the stream hold.
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

class Listening {
  #events;
  #greeter;
  #closed = false;

  /** Fulfilled when everything is heard from now on; never rejected. */
  ready;

  /**
   * @param {any} bullmq
   * @param {{ name: string, connection: object, prefix: string }} settings
   * @param {string} self  by which the pool knows its own event
   * @param {{ [event: string]: (event: any) => void }} listeners
   */
  constructor({ QueueEvents, QueueEventsProducer }, { name, connection, prefix }, self, listeners) {
    this.#events = new QueueEvents(name, { connection, prefix });
    this.#greeter = new QueueEventsProducer(name, { connection, prefix });
    this.#greeter.on('error', listeners.error);
    for (const [event, listener] of Object.entries(listeners)) this.#events.on(event, listener);
    this.ready = this.#greet(self);
  }

  /** @param {string} self */
  async #greet(self) {
    let heard = false;
    /** @type {() => void} */
    let wake = () => {};
    const listener = (/** @type {{ pool: string }} */ { pool }) => {
      if (pool !== self) return;
      heard = true;
      wake();
    };
    this.#events.on(HELLO, listener);
    while (!heard && !this.#closed) {
      // A command may wait for as long as the connection is away: the next round is for its answer.
      const sent = this.#greeter.publishEvent({ eventName: HELLO, pool: self }, NO_LIMIT);
      const answered = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
        wake = resolve;
        setTimeout(resolve, AGAIN);
      });
      await settled(sent); // if it has failed, it is tried again
      await answered;
    }
    this.#events.off(HELLO, listener);
    end(this.#greeter); // nobody needs to wait for that
  }

  async close() {
    this.#closed = true;
    await Promise.all([end(this.#events), end(this.#greeter)]);
  }
}

module.exports = { Listening };
