'use strict';

// Tests the scope list of the engine `hooks` without Node's hooks: AsyncLocalStorage runs on a host
// of the test's own, which says whose callback runs. Random programs are compared with the model of
// the contract; single cases pin down what closes each kind of scope.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Host } = require('../helpers/scopes-host.js');
const { shareEngine } = require('../../lib/engine/shared.js');
const { createRandom, pick } = require('../helpers/random.js');
const { Program } = require('../helpers/model.js');

const host = new Host();
shareEngine(host.engine); // before anything chooses one

const { AsyncLocalStorage } = require('../../lib/async-local-storage.js');

const PROGRAMS = 300;
const SEED = Number(process.env.SEED ?? 1);

const { current, leave, closeScope, scopes } = host.engine;

/** A verb that the contract has called directly after `current()`. */
const afterCurrent = (name) => (value) => {
  current();
  return host.engine[name](value);
};
const enter = afterCurrent('enter');
const swap = afterCurrent('swap');
const openScope = afterCurrent('openScope');

/** What the running code enters, by name. */
const frame = (name) => ({ name });

/** Runs `body` in a callback of a resource that keeps `kept`, and ends the job. */
function job(body, kept) {
  const resource = { ...host.resource(), frame: kept };
  host.queue(() => host.run(resource, () => body(resource)));
  host.drain();
  return resource;
}

function subjectOf(program, random) {
  const later = (run) => (callback) => {
    const resource = host.resource();
    host.queue(() => run(resource, callback));
  };
  // The model takes a scheduled callback for one that runs by itself.
  const atOnce = (callback) => {
    const { context } = program();
    host.run(host.resource(), callback, { ends: random() < 0.5 });
    program().context = context;
  };
  return {
    storages: [1, 2, 3].map(() => new AsyncLocalStorage()),
    snapshot: () => AsyncLocalStorage.snapshot(),
    bind(fn) {
      const resource = host.resource();
      return (visit) => host.runInScope(resource, () => fn(visit));
    },
    improved: true,
    schedulers: {
      callback: later((resource, callback) => host.run(resource, callback)),
      promise: later((resource, callback) => host.runPromise(resource, callback)),
      silent: later((resource, callback) => host.run(resource, callback, { ends: false })),
      nested: atOnce,
      // Inside another callback of the same resource.
      inItself: later((resource, callback) =>
        host.run(resource, () => {
          enter(frame('entered'));
          host.run(resource, callback);
        }),
      ),
    },
  };
}

async function runProgram(seed) {
  const random = createRandom(seed);
  const program = new Program(
    seed,
    subjectOf(() => program, random),
  );
  host.queue(() => {
    const begin = pick(random, ['run', 'runPromise']);
    host[begin](host.resource(), () => program.sync(random, 12, 0));
  });
  host.drain();
  await Promise.all(program.pending);
  return program.checks;
}

test('programs behave as the model says', async () => {
  let checks = 0;
  for (let i = 0; i < PROGRAMS; i++) checks += await runProgram(SEED + i);
  assert.ok(checks > PROGRAMS * 100, `${checks} checks`);
});

test('closing a promise callback closes the overrides that were left open in it', () => {
  host.runPromise({ asyncId: 900, frame: frame('kept') }, () => {
    enter(frame('entered'));
    assert.equal(current().name, 'entered');
  });
  job(() => assert.equal(current(), undefined));
});

test('closing a block closes everything that was opened in it', () => {
  job(() => {
    const outer = openScope(frame('outer'));
    openScope(frame('inner'));
    swap(frame('swapped'));
    closeScope(outer);
    assert.equal(current().name, 'kept');
  }, frame('kept'));
});

test('an override is left with the frame that opened it, and in no other way', () => {
  job(() => {
    const prior = current();
    const entered = frame('entered');
    swap(entered);
    assert.equal(leave(frame('another'), prior), false);
    assert.equal(current(), entered);
    assert.equal(leave(entered, prior), true);
    assert.equal(current(), prior);
  }, frame('kept'));
});

test('leaving by the fields of a scope is leaving by the verb', () => {
  for (const kept of [undefined, frame('kept')]) {
    for (const byFields of [false, true]) {
      job(() => {
        const outermost = scopes.innermost;
        const seen = [];
        const nest = (depth) => {
          const prior = current();
          const entered = frame(depth);
          const scope = swap(entered);
          if (depth < 3) nest(depth + 1);
          seen.push(current().name);
          assert.equal(scopes.innermost, scope);
          assert.equal(scope.frame, entered);
          if (!byFields) assert.equal(leave(entered, prior), true);
          else if (scope.closer === entered) scopes.innermost = scope.outer;
          else scope.frame = prior;
          assert.equal(current(), prior);
        };
        nest(1);
        assert.deepEqual(seen, [3, 2, 1]);
        assert.equal(scopes.innermost, outermost);
      }, kept);
    }
  }
});

test('a callback whose resource keeps no frame asks for it once, and no scope is made', () => {
  const storage = new AsyncLocalStorage();
  job(() => {
    const { asked } = host;
    const { innermost } = scopes;
    for (let i = 0; i < 10; i++) {
      assert.equal(
        storage.run(i, () => storage.getStore()),
        i,
      );
      assert.equal(
        storage.run(i, () => scopes.innermost),
        innermost,
      );
      assert.equal(storage.getStore(), undefined);
    }
    assert.equal(host.asked, asked + 1);
  });
});

test('a scope of a callback that keeps no frame stays that of it while others run inside', () => {
  job(() => {
    const outer = frame('outer');
    const prior = current();
    swap(outer);
    for (const kept of [undefined, frame('kept')]) {
      host.run({ ...host.resource(), frame: kept }, () => {
        assert.equal(current(), kept);
        const entered = frame('inner');
        swap(entered);
        assert.equal(current(), entered);
        assert.equal(leave(entered, kept), true);
        assert.equal(current(), kept);
      });
      assert.equal(current(), outer);
    }
    assert.equal(leave(outer, prior), true);
    assert.equal(current(), undefined);
  });
});

test('what is entered in a callback that keeps no frame is seen by no other', () => {
  const resource = job(() => enter(frame('entered')));
  host.queue(() =>
    host.run({ ...host.resource() }, () => {
      assert.equal(current(), undefined);
      enter(frame('another'));
    }),
  );
  host.queue(() => host.run(resource, () => assert.equal(current(), undefined)));
  host.drain();
  assert.equal(scopes.innermost.frame, undefined); // nor kept alive
});

test('callbacks of no resource may keep different frames', () => {
  for (const kept of [undefined, frame('one'), frame('two')]) {
    host.queue(() => host.run({ asyncId: 0, frame: kept }, () => assert.equal(current(), kept)));
  }
  host.drain();
});

test('the same frame in the scope of another resource is not left', () => {
  const same = frame('same');
  job(() => {
    const outer = openScope(same);
    host.run({ asyncId: 901, frame: undefined }, () => {
      assert.equal(leave(same, undefined), false);
    });
    assert.equal(current(), same);
    closeScope(outer);
  });
});

test('leaving closes what callbacks inside have left behind without telling their end', () => {
  job(() => {
    const prior = current();
    const entered = frame('entered');
    swap(entered);
    host.run({ asyncId: 902, frame: undefined }, () => enter(frame('left')), { ends: false });
    assert.equal(current(), entered);
    assert.equal(leave(entered, prior), true);
    assert.equal(current(), prior);
  }, frame('kept'));
});

test('entering closes them, too, so that a scope around both is left', () => {
  job(() => {
    const prior = current();
    const entered = frame('entered');
    swap(entered);
    host.run({ asyncId: 904, frame: undefined }, () => enter(frame('left')), { ends: false });
    current();
    enter(frame('later'));
    assert.equal(leave(entered, prior), false);
    enter(prior); // as a storage does then
    assert.equal(current(), prior);
  }, frame('kept'));
});

test('what is entered ends with the callback, and the next one sees the kept frame', () => {
  const resource = job(() => enter(frame('entered')), frame('kept'));
  host.queue(() => host.run(resource, () => assert.equal(current().name, 'kept')));
  host.drain();
});

test('what is entered where no end is told ends with the job', () => {
  const resource = { asyncId: 903, frame: frame('kept') };
  host.queue(() => host.run(resource, () => enter(frame('entered')), { ends: false }));
  host.queue(() => host.run(resource, () => assert.equal(current().name, 'kept')));
  host.drain();
});

test('a callback inside another one of its resource begins with the kept frame', () => {
  job((resource) => {
    enter(frame('entered'));
    host.run(resource, () => {
      assert.equal(current().name, 'kept');
      enter(frame('inner'));
    });
    assert.equal(current().name, 'entered');
  }, frame('kept'));
});

test('entering the kept frame again closes the override', () => {
  const kept = frame('kept');
  job(() => {
    enter(frame('entered'));
    enter(kept);
    assert.equal(current(), kept);
    const prior = current();
    const entered = frame('another');
    swap(entered);
    assert.equal(leave(entered, prior), true);
    assert.equal(current(), kept);
  }, kept);
});
