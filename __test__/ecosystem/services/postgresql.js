'use strict';

// A PostgreSQL server of our own, with an empty database for each run of a program.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { findProgram } = require('../../../scripts/programs.js');
const { asUser, freePort, makeFolder, startServer } = require('./service.js');

const HOST = '127.0.0.1';
const USER = 'postgres';
const INSTALLED = '/usr/lib/postgresql';

// Debian keeps the server's programs out of PATH, in a folder per version.
function debianFolders() {
  if (!fs.existsSync(INSTALLED)) return [];
  const newestFirst = fs.readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a));
  return [...newestFirst.map((version) => path.join(INSTALLED, version, 'bin')), '/usr/local/bin'];
}

/**
 * Starts the server. Gives `port`, `stop()`, and `environment(run)`, which makes a database of that
 * name and gives the variables that lead to it.
 */
async function startPostgresql(signal) {
  const postgres = findProgram('postgres', 'postgresql', debianFolders);
  const initdb = findProgram('initdb', 'postgresql', debianFolders);
  const user = asUser(USER);
  const folder = makeFolder('postgresql', user);
  const data = path.join(folder, 'data');
  try {
    execFileSync(
      initdb,
      [
        '--pgdata',
        data,
        '--username',
        USER,
        '--auth',
        'trust',
        '--encoding',
        'UTF8',
        '--locale',
        'C',
        '--no-sync',
      ],
      { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const port = await freePort();
  const settings = {
    fsync: 'off',
    listen_addresses: HOST,
    port,
    unix_socket_directories: '',
    max_connections: 60,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const stop = await startServer(postgres, ['-D', data, ...args], {
    ready: /ready to accept connections/,
    folder,
    user,
    signal,
  });
  return {
    port,
    async environment(run) {
      // Loaded here, because the package may have been installed a moment ago.
      const { Client } = require('pg');
      const client = new Client({ host: HOST, port, user: USER, database: USER });
      await client.connect();
      await client.query(`CREATE DATABASE "${run}"`);
      await client.end();
      return { PGHOST: HOST, PGPORT: String(port), PGUSER: USER, PGDATABASE: run };
    },
    stop,
  };
}

module.exports = { startPostgresql };
