'use strict';

// How a server learns that nobody waits for a task that it runs. BullMQ has no way for that from
// another process, so the ids go through a stream of their own, in BullMQ's form for events.

const { end } = require('./connections.js');

/** Servers read it from its beginning on: it is short, and what it says stays true. */
const FROM_THE_BEGINNING = '0';

const EVENT = 'cancelled';

// How many ids a server remembers: they may arrive before the job does.
const REMEMBERED = 4096;

/** @param {string} queue */
const streamOf = (queue) => `${queue}.cancelled`;

/** Tells the servers. */
class Canceller {
  #producer;

  /**
   * @param {any} bullmq
   * @param {{ name: string, connection: object, prefix: string }} settings
   * @param {(error: Error) => void} onError
   */
  constructor({ QueueEventsProducer }, { name, connection, prefix }, onError) {
    this.#producer = new QueueEventsProducer(streamOf(name), { connection, prefix });
    this.#producer.on('error', onError);
  }

  /** @param {string} id  of the job */
  cancel(id) {
    return this.#producer.publishEvent({ eventName: EVENT, jobId: id });
  }

  close() {
    return end(this.#producer);
  }
}

/** What a server has been told. */
class Cancellations {
  #events;
  /** @type {Set<string>} */
  #ids = new Set();

  /**
   * @param {any} bullmq
   * @param {{ name: string, connection: object, prefix: string }} settings
   * @param {{ cancelled: (id: string) => void, error: (error: Error) => void }} told
   */
  constructor({ QueueEvents }, { name, connection, prefix }, { cancelled, error }) {
    this.#events = new QueueEvents(streamOf(name), {
      connection,
      prefix,
      lastEventId: FROM_THE_BEGINNING,
    });
    this.#events.on('error', error);
    this.#events.on(EVENT, (/** @type {{ jobId: string }} */ { jobId }) => {
      this.#ids.add(jobId);
      if (this.#ids.size > REMEMBERED) this.#ids.delete(/** @type {string} */ (first(this.#ids)));
      cancelled(jobId);
    });
  }

  /** @param {string} id  of a job */
  has(id) {
    return this.#ids.has(id);
  }

  close() {
    return end(this.#events);
  }
}

/** @param {Set<string>} set */
const first = (set) => set.values().next().value;

module.exports = { Canceller, Cancellations };
