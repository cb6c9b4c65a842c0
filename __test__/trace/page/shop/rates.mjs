import { EventEmitter } from 'node:events';

/** The rate of exchange: asked for once two requests wait for it. */
export class Rates extends EventEmitter {
  ask() {
    if (this.listenerCount('rate') === 2) setTimeout(() => this.emit('rate', 1.08), 5);
  }
}
