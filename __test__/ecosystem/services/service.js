'use strict';

// Shared parts of the services: starting and stopping a program.

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');

const isRoot = process.getuid?.() === 0;

/** The ids of `user` and its group if this process is root's, for programs that refuse to be so. */
function asUser(user) {
  if (!isRoot) return {};
  const [uid, gid] = ['-u', '-g'].map((option) =>
    Number(execFileSync('id', [option, user], { encoding: 'utf8' })),
  );
  return { uid, gid };
}

/** A port on the loopback interface on which nobody listens. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** An empty folder, owned by `uid` and `gid` if they are given. */
function makeFolder(name, { uid, gid }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `async-hooks-rs-${name}-`));
  if (uid !== undefined) fs.chownSync(folder, uid, gid);
  return folder;
}

/**
 * Starts a server and waits until it prints `ready`. Gives a function that stops it and waits until
 * it is gone. Unless this process is killed, neither the server nor its `folder` is left behind.
 */
async function startServer(program, args, { ready, folder, user = {}, signal }) {
  const child = spawn(program, args, {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C is handled here: the programs that use the server end first.
  });
  let output = '';
  const started = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (ready.test(output)) resolve();
      });
    }
  });
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (status, killedBy) => resolve(new Error(killedBy ?? `exit code ${status}`)));
  });
  const interrupted = new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason));
  });
  const remove = () => {
    child.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    process.removeListener('exit', remove);
    remove();
  };
  const failure = await Promise.race([started, ended, interrupted]);
  if (failure === undefined) return stop;
  await stop();
  throw Object.assign(
    new Error(`${path.basename(program)} was not started: ${failure.message}\n${output}`),
    { code: 'ERR_SERVICE_START', cause: failure },
  );
}

module.exports = { asUser, freePort, makeFolder, startServer };
