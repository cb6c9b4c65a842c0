'use strict';

// What keepNativeCallbacks() costs: everything else in a program with an addon, and the calls of
// the addon. Its hook is enabled once an addon is loaded.

const { loop, storages, inScopes } = require('./define.js');

const KEEPING = {
  contenders: ['addon', 'arguments', 'both'],
  quotients: [
    ['addon', 'arguments'],
    ['addon', 'both'],
  ],
};

const OTHERS = [
  'setTimeout',
  'setImmediate',
  'nextTick',
  'queueMicrotask',
  'await-1',
  'http-async-1',
];

const others = [...require('./callbacks.js'), ...require('./await.js'), ...require('./http.js')]
  .filter(({ name }) => OTHERS.includes(name))
  .map((subject) => ({ ...subject, ...KEEPING, name: `keep-${subject.name.replace(/-.*/, '')}` }));

/** `prepare(addon)` returns what is done once; the result is the same for all contenders. */
function calls(name, title, prepare) {
  return loop(
    name,
    title,
    ({ AsyncLocalStorage, addon }) => {
      const entries = storages(AsyncLocalStorage, 1);
      const call = prepare(addon);
      return (n) =>
        inScopes(entries, () => {
          let sum = 0;
          for (let i = 0; i < n; i++) sum += call(i);
          return sum;
        });
    },
    KEEPING,
  );
}

const one = () => 1;

// As a function that was registered during one request, and is called during another.
const elsewhere = loop(
  'keep-elsewhere',
  'calls of a function of another context, by an addon',
  ({ AsyncLocalStorage, addon }) => {
    const entries = storages(AsyncLocalStorage, 1);
    inScopes(entries, () => addon.listenerOn(one));
    return (n) =>
      inScopes(entries, () => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += addon.listenerCall();
        return sum;
      });
  },
  KEEPING,
);

// Each callback posts the next.
const callback = loop(
  'keep-callback',
  'callbacks of a threadsafe function',
  ({ AsyncLocalStorage, addon }) => {
    const entries = storages(AsyncLocalStorage, 1);
    return (n) =>
      new Promise((resolve) => {
        let left = n;
        const step = () => {
          if (--left > 0) return addon.channelCall(step);
          addon.channelClose();
          return resolve(n);
        };
        inScopes(entries, () => {
          addon.channelOpen();
          addon.channelCall(step);
        });
      });
  },
  KEEPING,
);

module.exports = [
  ...others,
  calls(
    'keep-call',
    'a call of an addon',
    ({ identity }) =>
      (i) =>
        identity(i),
  ),
  calls(
    'keep-pass',
    'a call of an addon with a function, always the same',
    ({ callSync }) =>
      () =>
        callSync(one),
  ),
  calls(
    'keep-pass-new',
    'a call of an addon with a new function',
    ({ callSync }) =>
      (i) =>
        callSync(() => i),
  ),
  elsewhere,
  callback,
];
