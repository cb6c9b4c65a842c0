'use strict';

// Differences on Bun, but those of the pool (differences-bun-pool.js). Without another reason, Bun's
// own classes behave in the same way.

const HOOKS = 'createHook() accepts a hook, but emits no events';
const IDS = 'all async ids are 0';
const PRIVATE = 'what makes an AsyncResource is in private fields, which only the object has';
const ANONYMOUS_TLS = "Bun's TLS has no cipher without a certificate, which the test uses";
const REJECTIONS = 'handlers of unhandledRejection run in no scope';
const IMPORTS = 'import() and what comes after its await run in no scope';
const STREAMS = 'methods of web streams run in the scope of the stream, or in none';
const EVENTS_OF_PORTS = 'events from other threads come in no scope';

const CONSERVATIVE =
  'JavaScriptCore finds pointers on the stack by their looks: what was dropped' +
  ' may stay, and how much of it differs from run to run';

const REFUSED_TYPE = ['TypeError', 'ERR_ASYNC_TYPE', 'Invalid name for async "type": '];
const NO_EVENT = /-\s+'?(?:init|before|destroy|EXAMPLE)/;

const skipped = (file, title, reason) => ({ file, title, reason, skip: true });

/** @type {import('./runtimes.js').Difference[]} */
module.exports = [
  skipped(
    'contexts/carry/other-end.test.js',
    'a port that the other end closes without carry(): a warning',
    'carry() cannot tell which end has closed a port',
  ),
  skipped(
    'contexts/carry/workers.test.js',
    /^(?:the last messages of a worker that ends|a worker whose port has no listener)/,
    'the listener of carry() keeps a worker',
  ),
  {
    file: 'crate/jobs.js',
    title: 'an unhandled rejection is reported in the context of the job',
    reason: REJECTIONS,
    finds: undefined,
  },
  {
    file: 'crate/lifetime.js',
    title: 'a context keeps its store while it lives, and no longer',
    reason: CONSERVATIVE,
    skip: true,
  },
  {
    file: 'crate/lifetime.js',
    title: 'each resource that async_hooks sees is destroyed once',
    reason: HOOKS,
    skip: true,
  },
  ...[
    'async-context/garbage-collection.test.js',
    'async-local-storage/garbage-collection.test.js',
    'robustness/collection.test.js',
    'robustness/heap.test.js',
    'robustness/many-storages.test.js',
  ].map((file) => ({ file, title: /./, reason: CONSERVATIVE, skip: true })),
  {
    file: 'propagation/after-exceptions.test.js',
    title: /^thrown by (?:a listener of a Message|a reaction$|an async|the then)/,
    reason: 'it is printed all the same',
    skip: true,
  },
  { file: 'propagation/rejection-events.test.js', title: /./, reason: REJECTIONS, skip: true },
  {
    file: 'async-local-storage/exports.test.js',
    title: 'loading the package leaves node:async_hooks as it is',
    reason: 'AsyncResource still has emitBefore() and emitAfter()',
    finds: [
      'constructor',
      'emitBefore',
      'emitAfter',
      'asyncId',
      'triggerAsyncId',
      'emitDestroy',
      'runInAsyncScope',
      'bind',
    ],
  },
  {
    file: 'async-resource/bind.test.js',
    title: "the type of static bind(): the argument, the function's name, or the default",
    reason: HOOKS,
    finds: [],
  },
  {
    file: 'async-resource/bind.test.js',
    title: 'static bind() refuses its function after the init event',
    reason: HOOKS,
    finds: [],
  },
  {
    file: 'async-resource/constructor.test.js',
    title: 'an empty type is allowed while no init hook is enabled',
    reason: 'it is refused while any hook is enabled',
    finds: ['made', REFUSED_TYPE, REFUSED_TYPE],
  },
  {
    file: 'async-resource/constructor.test.js',
    title: 'ids are numbers, one more for each resource',
    reason: IDS,
    finds: 0,
  },
  {
    file: 'async-resource/emit-destroy.test.js',
    title: 'the event runs in no execution',
    reason: HOOKS,
    fails: /^JSON Parse error: Unexpected EOF$/,
  },
  {
    file: 'async-resource/emit-destroy.test.js',
    title: /^the event |^garbage collection: (?!requireManualDestroy: (?:true|1)|no event)/,
    reason: HOOKS,
    fails: NO_EVENT,
  },
  {
    file: 'async-resource/hooks-events.test.js',
    title: "the same events as Node's: run in after it was destroyed",
    reason: "emitDestroy() of Bun's class, with which it compares, returns nothing",
    fails: /emitDestroy\(\)\.runInAsyncScope/,
  },
  {
    file: 'async-resource/hooks-events.test.js',
    title: 'init is given the resource itself, of a subclass too',
    reason: HOOKS,
    finds: 0,
  },
  {
    file: 'async-resource/hooks-events.test.js',
    title: 'a throw inside a hook ends the process with its stack',
    reason: HOOKS,
    finds: 0,
  },
  { file: 'async-resource/hooks-events.test.js', title: /./, reason: HOOKS, fails: NO_EVENT },
  {
    file: 'async-resource/run-in-async-scope.test.js',
    title: 'what is current inside, and after',
    reason: IDS,
    finds: [0, 0],
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
    file: 'coexistence/create-hook.test.js',
    title: /: before and after only$/,
    reason: HOOKS,
    finds: false,
  },
  {
    file: 'coexistence/promise-hooks.test.js',
    title: /./,
    reason: 'Bun has no v8.promiseHooks',
    skip: true,
  },
  {
    file: 'coexistence/scopes-of-node.test.js',
    title: 'a context whose storages are evaluated with a process object of its own',
    reason: REJECTIONS,
    finds: 'tracked false\nhandler undefined\n',
  },
  {
    file: 'coexistence/workers.test.js',
    title: 'eight Workers that end by natural, exit, terminate, error',
    reason: 'the exit code of a Worker that threw after an await is 0',
    fails: /\+\s+code: 0,\n-\s+code: 1,\n\s+ending: 'error'/,
  },
  {
    file: 'compatibility.test.js',
    title: 'emitDestroy() a second time throws, and emits nothing',
    reason: HOOKS,
    finds: [true, 'ERR_ASYNC_RESOURCE_DESTROYED', 'turn', 0],
  },
  {
    file: 'compatibility.test.js',
    title: 'unhandledRejection: which scope its handlers see',
    reason: REJECTIONS,
    fails: /^JSON Parse error: Unexpected identifier "undefined"$/,
  },
  {
    file: 'compatibility.test.js',
    title: 'destroy is emitted when a resource is garbage-collected',
    reason: HOOKS,
    finds: '',
  },
  {
    file: 'propagation/events.test.js',
    title: 'AbortSignal.timeout: the scope in which it was made',
    reason: 'its event comes in no scope',
    finds: undefined,
  },
  {
    file: 'propagation/events.test.js',
    title: 'PerformanceObserver: not the scope of what it measures',
    reason: 'it is called in no scope',
    finds: [undefined],
  },
  { file: 'propagation/http-client.test.js', title: /^https/, reason: ANONYMOUS_TLS, skip: true },
  {
    file: 'propagation/messaging.test.js',
    title: 'MessagePort',
    reason: EVENTS_OF_PORTS,
    finds: [undefined, undefined],
  },
  {
    file: 'propagation/messaging.test.js',
    title: 'BroadcastChannel',
    reason: EVENTS_OF_PORTS,
    finds: undefined,
  },
  {
    file: 'propagation/messaging.test.js',
    title: 'the events of a Worker',
    reason: EVENTS_OF_PORTS,
    finds: ['online', 'message', 'error', 'exit'].map((name) => [name, undefined]),
  },
  {
    file: 'propagation/modules.test.js',
    title: 'top-level await',
    reason: IMPORTS,
    finds: {
      found: ['entered', 'entered', 'entered', 'inside', 'entered', 'entered'],
      stores: [null, null, null],
    },
  },
  {
    file: 'propagation/modules.test.js',
    title: /import\(\)/,
    reason: IMPORTS,
    finds: [undefined, undefined, undefined],
  },
  ...[
    ['enterWith', 'entered'],
    ['withScope', null],
  ].map(([verb, left]) => ({
    file: 'propagation/nested-callbacks.test.js',
    title: new RegExp(`^${verb}.* in a request listener`),
    reason: 'the listener runs in the scope in which the bytes are pushed',
    finds: [0, 1, 2].flatMap((i) => [[null, i], 'expected', [left, null], [null, null]]),
  })),
  {
    file: 'propagation/net.test.js',
    title: /^a client socket of tls/,
    reason: ANONYMOUS_TLS,
    skip: true,
  },
  {
    file: 'propagation/net.test.js',
    title: 'a connection arrives in the scope of listen(), its data in none',
    reason: 'its data arrives in the scope of listen(), too',
    finds: ['listen', 'listen'],
  },
  {
    file: 'propagation/process.test.js',
    title: 'a signal handler: the scope in which the first one was registered',
    reason: 'it is called in no scope',
    finds: undefined,
  },
  {
    file: 'propagation/rejections.test.js',
    title: 'unhandledRejection: the scope in which the promise was rejected',
    reason: REJECTIONS,
    finds: { after: 'none' },
  },
  {
    file: 'propagation/rejections.test.js',
    title: 'a rejection that becomes an uncaughtException',
    reason: 'it ends the process, although there is a handler',
    fails: /process\.on\("uncaughtException"/,
  },
  {
    file: 'propagation/rejections.test.js',
    title: 'a store entered by a handler of unhandledRejection does not leak',
    reason: REJECTIONS,
    finds: [null, null, 'entered for a', 'entered for b', null],
  },
  {
    file: 'propagation/uncaught.test.js',
    title: 'thrown by a microtask',
    reason: 'handlers of uncaughtException run in no scope then',
    finds: ['expected', null, null, 'other', null, 'expected', null, null, 'other', null],
  },
  {
    file: 'propagation/uncaught.test.js',
    title: 'domain: its error handler sees the scope of the timer that threw',
    reason: "Bun's domain does not catch what a timer throws",
    fails: /throw Error\("expected"\)/,
  },
  {
    file: 'robustness/deep-nesting.test.js',
    title: /^a stack overflow leaves the right context/,
    reason: 'where the stack is full, what `finally` calls to put the store back may find no room',
    skip: true,
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'a module is evaluated in the context of its import(), not in none',
    reason: IMPORTS,
    finds: ['default', 'default', 'default'],
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'a message arrives in the context in which the port was created, not in none',
    reason: EVENTS_OF_PORTS,
    finds: 'default',
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'a PerformanceObserver calls back in the context of mark(), not in none',
    reason: 'a PerformanceObserver calls back in no scope',
    finds: 'default',
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'methods of a stream called after start() is settled see the call',
    reason: STREAMS,
    finds: { pull: 'construction', write: 'call', transform: 'call' },
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'methods of a stream that wait for an earlier call see the context of that call',
    reason: STREAMS,
    finds: ['one', 'default'],
  },
  {
    file: 'async-context/engine-only.test.js',
    title: 'unhandledRejection sees the context of the reject call where the engine can tell it',
    reason: REJECTIONS,
    fails: /^JSON Parse error: Unexpected EOF$/,
  },
];
