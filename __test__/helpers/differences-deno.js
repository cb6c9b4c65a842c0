'use strict';

// Differences on Deno, but those of the pool (differences-deno-pool.js). Without another reason,
// Deno's own classes behave in the same way.

const PRIVATE = 'what makes an AsyncResource is in private fields, which only the object has';
const ANONYMOUS_TLS = "Deno's TLS has no cipher without a certificate, which the test uses";
const DESTROY = 'destroy is emitted by emitDestroy() itself';
const COLLECTED = 'destroy is emitted for every resource that is garbage-collected';
const SOCKETS = 'events of sockets, requests and child processes may come in no scope';
const UNCAUGHT = 'handlers of uncaughtException may run in no scope';
const STANDARD_ERROR = 'it is reported on standard error all the same';
const GENERATORS = 'a call of next() that waited runs in no scope';
const INPUT_TYPE = "Deno's -e does not know --input-type";
const PERMISSIONS = 'Deno has permissions of its own, and not this flag';

const carried = (events) => ({
  one: events.map((event) => event && 'one'),
  two: events.map((event) => event && 'two'),
  none: events.map(() => undefined),
});
const SEEN = true;
const LOST = undefined;

const skipped = (file, title, reason) => ({ file, title, reason, skip: true });

/** @type {import('./runtimes.js').Difference[]} */
module.exports = [
  skipped(
    'contexts/carry/failures.test.js',
    'nothing is transferred with a message that cannot be posted',
    'postMessage() transfers before it clones',
  ),
  skipped(
    'contexts/carry/failures.test.js',
    'postMessage() that another port borrows posts a message as it is',
    'what is posted in this way does not arrive, without carry() either',
  ),
  skipped(
    'contexts/carry/listeners.test.js',
    'once(), again each time: a listener that was removed hears nothing',
    'off() does not remove what once() has added',
  ),
  skipped(
    'contexts/carry/messages.test.js',
    'postMessage() looks as it did',
    'a port has enumerable properties of its own',
  ),
  skipped(
    'contexts/carry/other-end.test.js',
    'a port that the other end closes without carry(): a warning',
    'carry() cannot tell which end has closed a port',
  ),
  skipped(
    'contexts/carry/other-end.test.js',
    'a Worker that posts before it calls carry()',
    "parentPort cannot be read synchronously, so the other end's list comes later",
  ),
  skipped(
    'contexts/carry/workers.test.js',
    'a Worker runs code in the context of its making, before it listens',
    'parentPort cannot be read synchronously, so the context of the making comes later',
  ),
  skipped(
    'contexts/carry/workers.test.js',
    /^(?:the last messages of a worker that ends|a worker whose port has no listener)/,
    'the listener of carry() keeps a worker',
  ),
  {
    file: 'crate/posts.js',
    title: 'ticks and microtasks run after each call of a burst',
    reason: 'a threadsafe function delivers in one turn what is queued',
    skip: true,
  },
  {
    file: 'crate/lifetime.js',
    title: 'each resource that async_hooks sees is destroyed once',
    reason: 'createHook() emits no events',
    skip: true,
  },
  skipped(
    'propagation/rejection-events.test.js',
    /^(?:--unhandled-rejections|rejectionHandled|strict)/,
    'Deno has no such modes',
  ),
  skipped(
    'async-local-storage/engine-choice.test.js',
    'engine() gives the reason why the addon is missing',
    'Deno has no flag --no-addons',
  ),
  {
    file: 'async-local-storage/exports.test.js',
    title: 'loading the package leaves node:async_hooks as it is',
    reason: 'AsyncResource has no triggerAsyncId(); ours has',
    finds: ['constructor', 'asyncId', 'runInAsyncScope', 'emitDestroy', 'bind'],
  },
  {
    file: 'async-resource/constructor.test.js',
    title: 'an empty type is allowed while no init hook is enabled',
    reason: 'an empty type is always allowed',
    finds: ['made', 'made', 'made'],
  },
  {
    file: 'async-resource/emit-destroy.test.js',
    title: 'the event is emitted once, however often it is called',
    reason: DESTROY,
    finds: ['destroy', 'thrown'],
  },
  {
    file: 'async-resource/emit-destroy.test.js',
    title: 'the event comes after nextTick and microtasks, before setImmediate',
    reason: DESTROY,
    fails: /\+ {3}'destroy',\n {4}'sync',/,
  },
  {
    file: 'async-resource/emit-destroy.test.js',
    title: /^garbage collection: (?:requireManualDestroy: (?:true|1)|no event)/,
    reason: COLLECTED,
    finds: ['destroy'],
  },
  {
    file: 'async-resource/hooks-events.test.js',
    title: "the same events as Node's: destroyed inside its scope",
    reason: DESTROY,
    finds: ['init A 1 outside', 'before 1', 'destroy 1', 'callback', 'after 1'],
  },
  {
    file: 'async-resource/hooks-events.test.js',
    title: "the same events as Node's: given a trigger",
    reason: 'the trigger that init is told is always the execution in which the resource is made',
    finds: ['init A 1 outside', 'init B 2 outside', 'init C 3 outside'],
  },
  {
    file: 'async-resource/hooks-events.test.js',
    title: "the same events as Node's: run in after it was destroyed",
    reason: DESTROY,
    finds: ['init A 1 outside', 'destroy 1', 'before 1', 'callback', 'after 1'],
  },
  {
    file: 'async-resource/hooks-events.test.js',
    title: 'a throw inside a hook ends the process with its stack',
    reason: 'what a hook throws is ignored',
    finds: 0,
  },
  {
    file: 'async-resource/run-in-async-scope.test.js',
    title: 'what is current inside, and after',
    reason: 'the function triggerAsyncId() always returns 0',
    fails: /\+ {3}0\n- {3}1/,
  },
  {
    file: 'async-resource/run-in-async-scope.test.js',
    title: 'on what has the ids of a resource: a proxy, an object that inherits from one',
    reason: PRIVATE,
    fails: /^Value of "this" must be of type AsyncResource$/,
  },
  {
    file: 'async-resource/surface.test.js',
    title: 'own keys are the symbols that Node puts there, and no strings',
    reason: 'an instance has one own key, `type`',
    finds: false,
  },
  {
    file: 'async-resource/surface.test.js',
    title: 'no Symbol.toStringTag; structuredClone gives an empty object',
    reason: 'an instance has one own key, `type`',
    finds: { type: 'T' },
  },
  {
    file: 'coexistence/built-in.test.js',
    title: 'enterWith() of one persists in run() of the other, its own run() takes it back',
    reason: "run() of Deno's class also takes back what storages of ours entered in it",
    finds: ['1/-', '-/-', '-/6', '-/-'],
  },
  {
    file: 'coexistence/built-in.test.js',
    title: 'exceptions through the scopes of both',
    reason: UNCAUGHT,
    finds: ['x/-', '-/-', '-/-', '-/-', '-/x', '-/-', '-/-', '-/-'],
  },
  skipped('coexistence/permissions.test.js', /^context is carried under --permission/, PERMISSIONS),
  {
    file: 'coexistence/scopes-of-node.test.js',
    title: 'enterWith() in the main script is not seen by what has no scope',
    reason: 'it is seen by it',
    finds: { code: 0, stdout: 'data main\nexit main\n', stderr: '' },
  },
  {
    file: 'coexistence/workers.test.js',
    title: 'eight Workers that end by natural, exit, terminate, error',
    reason: STANDARD_ERROR,
    fails: /Uncaught \(in worker/,
  },
  {
    file: 'compatibility.test.js',
    title: 'destroy is emitted when a resource is garbage-collected',
    reason: COLLECTED,
    fails: /\+ 'EXAMPLE-MANUAL\\nEXAMPLE\\n'|\+ 'EXAMPLE\\nEXAMPLE-MANUAL\\n'/,
  },
  {
    file: 'propagation/events.test.js',
    title: 'AbortSignal.timeout: the scope in which it was made',
    reason: 'its event comes in no scope',
    finds: undefined,
  },
  skipped('propagation/http-client.test.js', /^https/, ANONYMOUS_TLS),
  {
    file: 'propagation/http-client.test.js',
    title: /^a request that fails, one that is aborted, one that times out/,
    reason: SOCKETS,
    finds: carried([SEEN, LOST, SEEN, LOST]),
  },
  {
    file: 'propagation/http-client.test.js',
    title: /^http2: a session of its own/,
    reason: SOCKETS,
    finds: carried([SEEN, SEEN, SEEN, SEEN, LOST]),
  },
  {
    file: 'propagation/http-client.test.js',
    title: 'http2: the streams of one session keep the scopes of their requests',
    reason: SOCKETS,
    finds: ['a', 'a', 'a', undefined, 'a'],
  },
  {
    file: 'propagation/http-server.test.js',
    title: 'requests arrive in the scope in which the server began to listen',
    reason: 'they arrive in no scope',
    finds: [undefined, undefined],
  },
  {
    file: 'propagation/http-server.test.js',
    title: 'the events of the request itself come in no scope, as in Node',
    reason: 'they come in the scope in which the request is read',
    finds: ['in'],
  },
  {
    file: 'propagation/http-server.test.js',
    title: 'an upgrade keeps the scopes of its messages',
    reason: SOCKETS,
    finds: [undefined, 'upgraded', undefined, 'client'],
  },
  {
    file: 'propagation/io.test.js',
    title: /^child_process/,
    reason: SOCKETS,
    fails: /'one',\n\+\s+undefined,/,
  },
  {
    file: 'propagation/messaging.test.js',
    title: 'MessagePort',
    reason: 'messages come in the scope of the listener',
    finds: ['listener', 'listener'],
  },
  {
    file: 'propagation/messaging.test.js',
    title: 'BroadcastChannel',
    reason: 'messages come in the scope of their sender in the same thread',
    finds: 'poster',
  },
  {
    file: 'propagation/net.test.js',
    title: /^a client socket of net/,
    reason: SOCKETS,
    finds: carried([SEEN, SEEN, LOST, LOST, LOST, LOST, LOST]),
  },
  skipped('propagation/net.test.js', /^a client socket of tls/, ANONYMOUS_TLS),
  {
    file: 'propagation/net.test.js',
    title: /^a server that begins and ends/,
    reason: SOCKETS,
    finds: carried([SEEN, LOST]),
  },
  {
    file: 'propagation/net.test.js',
    title: 'data comes in the scope in which the socket was made, not in that of the listener',
    reason: SOCKETS,
    finds: undefined,
  },
  {
    file: 'propagation/rejections.test.js',
    title: 'a handler of unhandledRejection that throws',
    reason: STANDARD_ERROR,
    fails: /Uncaught Error: handler/,
  },
  {
    file: 'propagation/uncaught.test.js',
    title: 'domain: its error handler sees the scope of the timer that threw',
    reason: "Deno's domain does not catch what a timer throws",
    fails: /Uncaught Error: expected/,
  },
  {
    file: 'propagation/uncaught.test.js',
    title: 'the handler may enter a scope: what it starts has it, nothing else does',
    reason: UNCAUGHT,
    finds: ['handler', null],
  },
  {
    file: 'propagation/uncaught.test.js',
    title: 'hundreds of exceptions in turn leave nothing behind',
    reason: UNCAUGHT,
    fails: /\+ {5}0,\n\+ {5}null/,
  },
  {
    file: 'propagation/uncaught.test.js',
    title: /^thrown (?:by (?:a timer|an immediate|the scope|a bound)|out of|after enterWith)/,
    reason: UNCAUGHT,
    finds: ['expected', null, null, 'other', null, 'expected', null, null, 'other', null],
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'calls of next() that wait for an earlier one run in the context of that one',
    reason: GENERATORS,
    finds: ['one', 'default', 'default'],
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'an async generator with a snapshot runs in the context of its creation',
    reason: GENERATORS,
    finds: ['creation', 'default', 'default'],
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'a message arrives in the context in which the port was created, not in none',
    reason: 'messages come in the scope of the listener',
    finds: 'listener',
  },
  {
    file: 'compatibility.test.js',
    title: 'run() in what is entered again inside of it: there, what was captured is current',
    reason: "Deno's class does what ours does",
    finds: Array(3).fill(['run', 'none', 'run']),
  },
  skipped(
    'async-context/exports.test.js',
    /^import by name|^usage with the namespace object: import/,
    INPUT_TYPE,
  ),
];
