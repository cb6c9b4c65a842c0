'use strict';

// Programs of the system that a script needs: found, or installed as a package of Debian.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const isRoot = process.getuid?.() === 0;

function find(name, folders) {
  return [...folders(), ...(process.env.PATH ?? '').split(path.delimiter)]
    .map((folder) => path.join(folder, name))
    .find((file) => fs.existsSync(file));
}

// By this script Debian's packages ask whether they may start what they install; 101 is no.
const POLICY = '/usr/sbin/policy-rc.d';

function installPackage(name) {
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const forbid = !fs.existsSync(POLICY);
  if (forbid) fs.writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    execFileSync('apt-get', ['update'], options);
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', name], options);
  } finally {
    if (forbid) fs.rmSync(POLICY);
  }
}

/**
 * The path of the program `name`, looked for in what `folders()` returns, then in PATH. Where it is
 * missing, root on Debian installs `debianPackage`.
 */
function findProgram(name, debianPackage, folders = () => []) {
  const mayInstall = isRoot && fs.existsSync('/etc/debian_version');
  if (find(name, folders) === undefined && mayInstall) installPackage(debianPackage);
  const program = find(name, folders);
  if (program !== undefined) return program;
  throw Object.assign(
    new Error(`${name} was not found; install it (Debian package: ${debianPackage})`),
    { code: 'ERR_PROGRAM_MISSING' },
  );
}

module.exports = { findProgram };
