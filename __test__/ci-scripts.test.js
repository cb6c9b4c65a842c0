'use strict';

// The scripts that check everything, with programs in place of those that they call.

const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, it } = require('node:test');
const { until } = require('./helpers/with-pool.js');

const root = path.resolve(__dirname, '..');
const { stdout } = spawnSync('bash', ['-c', 'echo "${BASH_VERSINFO[0]}"']);
const skip = Number(stdout) >= 5 ? false : 'needs bash 5';

/** An environment in which these names are programs in bash. */
function environmentWith(t, programs) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ahr-ci-scripts-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(programs)) {
    fs.writeFileSync(path.join(folder, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
  }
  return { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}` };
}

describe('ci/loom.sh', { skip }, () => {
  const models = ['pool::model::door::opens: test', 'table::model::is_freed: test'];
  const run = (t, listed) => {
    const cargo = `[ "\${@: -1}" = --list ] && printf '%s\\n' ${listed.map((line) => `'${line}'`).join(' ')} || echo runs`;
    const env = environmentWith(t, { cargo });
    return spawnSync(path.join(root, 'ci', 'loom.sh'), { env, encoding: 'utf8' });
  };

  it('runs the models', (t) => {
    const { status, stdout } = run(t, models);
    assert.deepEqual([status, stdout], [0, 'runs\n']);
  });

  it('fails where a filter matches nothing', (t) => {
    for (const [i, name] of ['table::model', 'pool::model'].entries()) {
      const { status, stdout, stderr } = run(t, ['0 tests, 0 benchmarks', models[i]]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, new RegExp(`there is no model: ${name}`));
    }
  });
});

describe('.ci/run', { skip }, () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    it(`ends its jobs by ${signal}`, async (t) => {
      const env = environmentWith(t, {
        git: '',
        node: '',
        npm: `case "$2" in
          lint | test:matrix)
            trap 'echo ended >> "$JOBS"; exit' TERM
            echo began >> "$JOBS"
            sleep 600 &
            wait ;;
        esac`,
      });
      const jobs = path.join(env.PATH.split(path.delimiter)[0], 'jobs');
      const said = (word) =>
        fs.existsSync(jobs) && fs.readFileSync(jobs, 'utf8').split(word).length - 1;
      const options = { env: { ...env, JOBS: jobs }, stdio: ['ignore', 'pipe', 'inherit'] };
      const script = spawn(path.join(root, '.ci', 'run'), options);
      let printed = '';
      script.stdout.setEncoding('utf8').on('data', (text) => {
        printed += text;
      });
      await until(() => said('began') === 2);
      script.kill(signal);
      const [code] = await once(script, 'close');
      assert.equal(code, 1);
      assert.match(printed, /interrupted: javascript/);
      await until(() => said('ended') === 2);
    });
  }
});
