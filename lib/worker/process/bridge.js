'use strict';

// A worker thread whose tasks run in a process: it starts the process, passes on what the pool and
// the process have for each other, and ends with it.

const { fork } = require('node:child_process');
const { Buffer } = require('node:buffer');
const { threadId } = require('node:worker_threads');
const { bytesOfError, errorOfBytes } = require('../../codec/error-bytes.js');
const { clearTimeout, nextTick, setTimeout } = require('../../node/clock.js');
const { messages } = require('../../node/pool-thread.js');
const { TaskRunner } = require('../task-runner.js');
const { tellUncaught } = require('../uncaught.js');
const { BridgeLane } = require('./bridge-lane.js');
const { ChildOutput } = require('./child-output.js');
const { LIFELINE, STDIO, fromFrame, isOurs, kinds, toFrame } = require('./wire.js');

/** @typedef {import('../configuration.js').Configuration} Configuration */
/** @typedef {import('../configuration.js').ProcessSettings} ProcessSettings */
/**
 * What the process has sent (wire.js).
 *
 * @typedef {[kind: string, lane: number, frame: any, written?: number[], leaves?: boolean]} Sent
 */

// How long the streams of a process that has ended may stay open, in ms: those that it has started
// have them, too.
const STREAMS_LAST = 1000;

const phases = Object.freeze({
  RUNNING: 'running', // the process runs
  KILLED: 'killed', // the pool wants its end
  ENDED: 'ended', // it has ended
});

/** @param {Configuration} config */
function begin(config) {
  const contexts = relayed(config.contexts);
  // The process looks at its memory.
  const runners = config.lanes.map(
    (lane) =>
      new TaskRunner({ ...config, contexts: contexts?.descriptions, maxMemory: Infinity }, lane),
  );
  tellUncaught(runners);
  process.on('exit', (exitCode) => config.control.postMessage({ exitCode }));
  new Bridge(config, runners, contexts).begin();
}

/** @param {Configuration['contexts']} descriptions */
function relayed(descriptions) {
  if (descriptions === undefined) return undefined;
  const { RelayedContexts } = require('./relayed-contexts.js');
  return new RelayedContexts(descriptions);
}

class Bridge {
  #config;
  #control;
  #child;
  #lanes;
  #output;
  /** @type {Sent[]}  that wait for output which was written before */
  #waiting = [];
  /** @type {Buffer[]}  what the process says that it ends by */
  #words = [];
  /** @type {string} */
  #phase = phases.RUNNING;

  /**
   * @param {Configuration} config
   * @param {readonly TaskRunner[]} runners
   * @param {import('./relayed-contexts.js').RelayedContexts | undefined} contexts
   */
  constructor(config, runners, contexts) {
    this.#config = config;
    this.#control = config.control;
    const { program, execArgv, env, argv } = /** @type {ProcessSettings} */ (config.process);
    const options = {
      __proto__: null,
      execArgv,
      env,
      stdio: [...STDIO],
      serialization: /** @type {const} */ ('advanced'),
    };
    this.#child = fork(program, argv.map(String), options);
    this.#lanes = runners.map(
      (tasks, lane) =>
        new BridgeLane(tasks, contexts, (frame) => this.#send([kinds.RUN, lane, frame])),
    );
    this.#output = new ChildOutput(
      [this.#child.stdout, this.#child.stderr],
      (descriptor, bytes) => runners[0].output(descriptor, bytes),
      () => this.#hearWaiting(),
    );
  }

  begin() {
    this.#control.on('message', (message) => this.#hearPool(message));
    this.#control.unref();
    const child = this.#child;
    child.on('error', (error) => {
      if (child.pid === undefined) throw error; // else it ends
    });
    child.on('message', (message) => {
      if (isOurs(message)) this.#hear(/** @type {Sent} */ (/** @type {unknown} */ (message)));
    });
    child.on('disconnect', () => child.kill('SIGKILL'));
    /** @type {NodeJS.Timeout | undefined} */
    let limit;
    child.on('exit', (code, signal) => {
      limit = setTimeout(() => this.#ended(code, signal), STREAMS_LAST);
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      this.#ended(code, signal);
    });
    const lifeline = /** @type {import('node:net').Socket} */ (child.stdio[LIFELINE]);
    lifeline?.on('data', (bytes) => this.#words.push(bytes));
    lifeline?.on('error', () => {});
    this.#configure();
  }

  #configure() {
    const { url, file, source, name, contexts, maxMemory, nice } = this.#config;
    const { sparesAborted, broadcast, lanes } = this.#config;
    const { workerData } = /** @type {ProcessSettings} */ (this.#config.process);
    /** @type {import('./child.js').ChildConfiguration} */
    const configuration = {
      url,
      file,
      source,
      name,
      contexts,
      maxMemory,
      nice,
      sparesAborted,
      broadcast,
      lanes: lanes.length,
      workerId: threadId,
      workerData,
    };
    this.#send([kinds.CONFIGURE, 0, toFrame(configuration, 'workerData')]);
  }

  /** @param {unknown[]} message */
  #send(message) {
    // One that cannot be sent is for a process that has ended.
    this.#child.send(/** @type {any} */ (message), undefined, undefined, () => {});
  }

  /** @param {any} message */
  #hearPool(message) {
    switch (message.kind) {
      case messages.KILL:
        this.#phase = phases.KILLED;
        this.#child.kill('SIGKILL');
        return;
      case messages.ABORT:
        // It may be about a task that has ended.
        if (!this.#lanes[message.lane].isAborted) return;
        break;
      case messages.BROADCAST:
        this.#broadcast(message);
        return;
    }
    this.#tell(message);
  }

  /** @param {{ number: number }} message */
  #broadcast(message) {
    try {
      this.#tell(message);
    } catch (error) {
      this.#control.postMessage({ number: message.number, failed: bytesOfError(error) });
    }
  }

  /** @param {unknown} message */
  #tell(message) {
    this.#send([kinds.CONTROL, 0, toFrame(message, 'value')]);
  }

  /** @param {Sent} message */
  #hear(message) {
    this.#waiting.push(message);
    this.#hearWaiting();
  }

  // In their order, each after the output that was written before it.
  #hearWaiting() {
    while (this.#waiting.length > 0) {
      const [[, , , written]] = this.#waiting;
      if (written !== undefined && !this.#output.has(written)) return;
      this.#pass(/** @type {Sent} */ (this.#waiting.shift()));
    }
  }

  /** @param {Sent} message */
  #pass([kind, index, frame, , leaves]) {
    const lane = this.#lanes[index];
    switch (kind) {
      case kinds.STARTED:
        lane.start();
        break;
      case kinds.REPLY:
        lane.reply(frame, leaves === true);
        break;
      case kinds.FAIL:
        lane.fail(frame, leaves === true);
        break;
      case kinds.TELL:
        lane.tell(frame);
        break;
      case kinds.GIVE:
        lane.give(frame);
        break;
      case kinds.CONTROL:
        this.#control.postMessage(fromFrame(frame));
        break;
    }
  }

  /**
   * The process has ended, and what it has said has come.
   *
   * @param {number | null} code
   * @param {NodeJS.Signals | null} signal
   */
  #ended(code, signal) {
    const before = this.#phase;
    if (before === phases.ENDED) return;
    this.#phase = phases.ENDED;
    this.#output.end();
    if (before === phases.RUNNING && this.#words.length > 0) {
      const words = new Uint8Array(Buffer.concat(this.#words));
      nextTick(() => {
        throw errorOfBytes(words);
      });
      return;
    }
    if (before === phases.RUNNING && signal !== null) this.#control.postMessage({ signal });
    process.exit(code ?? 1); // 1 is that of a thread which was stopped, too
  }
}

module.exports = { begin };
