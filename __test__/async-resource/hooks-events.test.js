'use strict';

// The events of our AsyncResource for observers of async_hooks: the same as those of Node's class,
// event by event, in the same program.

const assert = require('node:assert/strict');
const asyncHooks = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { eventsOf } = require('../helpers/event-log.js');
const { PRELUDE, runProgram } = require('../helpers/printing-program.js');
const { runScript } = require('../helpers/script.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const attempt = (fn) => {
  try {
    fn();
  } catch {
    /* the events are the subject */
  }
};

// Each program gets the class and `note`, which appends a word to the log.
const programs = {
  'made, run in, destroyed': [
    (Resource, note) => {
      const resource = new Resource('A');
      resource.runInAsyncScope(() => note('callback'));
      resource.emitDestroy();
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1', 'destroy 1'],
  ],

  'destroyed inside its scope': [
    (Resource, note) => {
      const resource = new Resource('A');
      resource.runInAsyncScope(() => {
        resource.emitDestroy();
        note('callback');
      });
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1', 'destroy 1'],
  ],

  'nested': [
    (Resource, note) => {
      new Resource('A').runInAsyncScope(() => {
        new Resource('B').runInAsyncScope(() => note('callback'));
      });
    },
    ['init A 1 outside', 'before 1', 'init B 2 1', 'before 2', 'callback', 'after 2', 'after 1'],
  ],

  're-entrant': [
    (Resource, note) => {
      const resource = new Resource('A');
      resource.runInAsyncScope(() => resource.runInAsyncScope(() => note('callback')));
    },
    ['init A 1 outside', 'before 1', 'before 1', 'callback', 'after 1', 'after 1'],
  ],

  'the callback throws': [
    (Resource, note) => {
      try {
        new Resource('A').runInAsyncScope(() => {
          throw new Error('thrown');
        });
      } catch {
        note('caught');
      }
    },
    ['init A 1 outside', 'before 1', 'after 1', 'caught'],
  ],

  'no function': [
    (Resource) => {
      attempt(() => new Resource('A').runInAsyncScope(5));
      attempt(() => new Resource('B').runInAsyncScope());
    },
    ['init A 1 outside', 'before 1', 'after 1', 'init B 2 outside', 'before 2', 'after 2'],
  ],

  'given a trigger': [
    (Resource) => {
      const first = new Resource('A');
      new Resource('B', first.asyncId());
      new Resource('C', { triggerAsyncId: first.asyncId() });
    },
    ['init A 1 outside', 'init B 2 1', 'init C 3 1'],
  ],

  'run in after it was destroyed': [
    (Resource, note) => {
      new Resource('A').emitDestroy().runInAsyncScope(() => note('callback'));
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1', 'destroy 1'],
  ],

  'bound functions': [
    (Resource, note) => {
      const bound = new Resource('A').bind(() => note('callback'));
      bound();
      bound();
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1', 'before 1', 'callback', 'after 1'],
  ],

  'bound functions with thisArg': [
    (Resource, note) => {
      new Resource('A').bind(() => note('callback'), {})();
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1'],
  ],

  'static bind()': [
    (Resource, note) => {
      Resource.bind(() => note('callback'), 'A')();
      Resource.bind(function B() {});
      attempt(() => Resource.bind({}, 'C'));
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1', 'init B 2 outside', 'init C 3 outside'],
  ],

  'a subclass': [
    (Resource, note) => {
      class Sub extends Resource {}
      new Sub('A').runInAsyncScope(() => note('callback'));
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1'],
  ],

  'inside a scope of a storage': [
    (Resource, note) => {
      new AsyncLocalStorage().run(1, () => {
        new Resource('A').runInAsyncScope(() => note('callback'));
      });
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1'],
  ],

  'inside a snapshot': [
    (Resource, note) => {
      const snapshot = new AsyncLocalStorage().run(1, () => AsyncLocalStorage.snapshot());
      snapshot(() => new Resource('A').runInAsyncScope(() => note('callback')));
    },
    ['init A 1 outside', 'before 1', 'callback', 'after 1'],
  ],

  'in a timer inside its scope': [
    (Resource, note) =>
      new Promise((resolve) => {
        const resource = new Resource('A');
        resource.runInAsyncScope(() =>
          setImmediate(() => {
            resource.runInAsyncScope(() => note('callback'));
            resolve();
          }),
        );
      }),
    ['init A 1 outside', 'before 1', 'after 1', 'before 1', 'callback', 'after 1'],
  ],
};

for (const [title, [program, expected]] of Object.entries(programs)) {
  test(`the same events as Node's: ${title}`, async () => {
    const ours = await eventsOf((note) => program(AsyncResource, note));
    const theirs = await eventsOf((note) => program(asyncHooks.AsyncResource, note));
    assert.deepEqual(ours, theirs);
    assert.deepEqual(ours, expected);
  });
}

test("AsyncLocalStorage.bind() emits the events of Node's", async () => {
  const program = (Storage) => (note) => {
    Storage.bind(function A() {
      note('callback');
    })();
    attempt(() => Storage.bind({}));
  };
  const ours = await eventsOf(program(AsyncLocalStorage));
  assert.deepEqual(ours, await eventsOf(program(asyncHooks.AsyncLocalStorage)));
  assert.deepEqual(ours, [
    'init A 1 outside',
    'before 1',
    'callback',
    'after 1',
    'init bound-anonymous-fn 2 outside',
  ]);
});

test('init is given the resource itself, of a subclass too', () => {
  class Sub extends AsyncResource {}
  for (const Resource of [AsyncResource, Sub]) {
    const events = [];
    const hook = asyncHooks
      .createHook({
        init(...args) {
          events.push(args);
        },
      })
      .enable();
    const resource = new Resource('A');
    hook.disable();
    assert.equal(events.length, 1);
    assert.deepEqual(events[0].slice(0, 3), [resource.asyncId(), 'A', resource.triggerAsyncId()]);
    assert.equal(events[0][3], resource);
  }
});

test('a hook enabled after the construction sees before, after and destroy', async () => {
  const resource = new AsyncResource('A');
  const events = [];
  const log = (name) => (id) => {
    if (id === resource.asyncId()) events.push(name);
  };
  const hook = asyncHooks
    .createHook({
      init: log('init'),
      before: log('before'),
      after: log('after'),
      destroy: log('destroy'),
    })
    .enable();
  resource.runInAsyncScope(() => events.push('callback'));
  resource.emitDestroy();
  await new Promise(setImmediate);
  hook.disable();
  assert.deepEqual(events, ['before', 'callback', 'after', 'destroy']);
});

test('a hook disabled inside the scope sees no after', () => {
  const resource = new AsyncResource('A');
  const events = [];
  const log = (name) => (id) => {
    if (id === resource.asyncId()) events.push(name);
  };
  const hook = asyncHooks.createHook({ before: log('before'), after: log('after') }).enable();
  resource.runInAsyncScope(() => hook.disable());
  assert.deepEqual(events, ['before']);
});

for (const Class of ['AsyncResource', "require('node:async_hooks').AsyncResource"]) {
  test(`an uncaught error in the scope of ${Class} emits after first`, async () => {
    assert.deepEqual(
      await runProgram(`
      const seen = [];
      let id;
      const log = (name) => (of) => { if (of === id) seen.push(name); };
      createHook({
        init(of, type) { if (type === 'A') { id = of; seen.push('init'); } },
        before: log('before'), after: log('after'),
      }).enable();
      process.on('uncaughtException', () => { seen.push('handler'); print(seen); });
      new (${Class})('A').runInAsyncScope(() => {
        seen.push('callback');
        throw new Error('uncaught');
      });
    `),
      ['init', 'before', 'callback', 'after', 'handler'],
    );
  });
}

test('a throw inside a hook ends the process with its stack', async () => {
  for (const event of ['init', 'before', 'after', 'destroy']) {
    const { code, stdout, stderr } = await runScript(`${PRELUDE}
      process.on('uncaughtException', () => print('handler'));
      new AsyncLocalStorage().run(1, () => {
        createHook({ ${event}() { throw new Error('in the hook'); } }).enable();
        try {
          new AsyncResource('A').emitDestroy().runInAsyncScope(() => {});
        } catch {
          print('caught');
        }
      });
    `);
    assert.notEqual(code, 0, event);
    assert.equal(stdout, '', event);
    assert.match(stderr, /Error: in the hook/, event);
  }
});
