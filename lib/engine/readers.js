'use strict';

// Native code that reads V8's continuation slot: profilers and watchdogs look there for a Map with
// an entry for a storage. While no such addon is loaded in the thread, frames need not be Maps. An
// agent that watches a thread loads its addon in that thread.
//
// The file of such an addon contains the name of V8's accessor of the slot, or of the record that
// OpenTelemetry's OTEP 4947 defines for readers outside of the process.

const fs = require('node:fs');
const { objectsOf } = require('../node/builtin-module.js');
const { makeVisible } = require('../frames/frame.js');
// The thread's, as `require.cache` is not.
const { _cache: modules } = require('../package/module-class.js');

const MARKS = ['ContinuationPreservedEmbedderData', 'otel_thread_ctx_nodejs'];
const OURS = 'async-hooks-rs'; // in our own addon, whatever a bundler calls the file

// Searching a file takes 1 to 3 ms for each megabyte. Compilers and database engines have tens or a
// hundred, the known readers 0.1 to 0.4. The table of imported names would be shorter, but has
// another format on each platform.
const LARGEST_READER = 4 * 1024 * 1024;

// 1: there are readers that are no addon of this thread. 0: do not look for any.
const VARIABLE = 'ASYNC_HOOKS_RS_NATIVE_READERS';

const { readFileSync, statSync } = fs;
// The thread's, not the one of a test runner's realm.
const [process] = objectsOf('node:process', require('node:process'));

/** @param {string} file */
function isReader(file) {
  try {
    if (statSync(file).size > LARGEST_READER) return false;
    const bytes = readFileSync(file);
    return MARKS.some((mark) => bytes.includes(mark)) && !bytes.includes(OURS);
  } catch {
    return false; // --permission refuses it, or what was loaded is not a file
  }
}

function loadedAddons() {
  return Object.keys(modules ?? {}).filter((file) => file.endsWith('.node'));
}

function watchLoading() {
  const { dlopen } = process;
  let looking = true; // the wrapper has to stay if somebody else has wrapped it
  const wrapped = {
    /** @param {...any} args */
    dlopen(...args) {
      const result = Reflect.apply(dlopen, this, args);
      if (looking && isReader(args[1])) {
        looking = false;
        makeVisible();
        if (process.dlopen === wrapped) Reflect.set(process, 'dlopen', dlopen);
      }
      return result;
    },
  }.dlopen;
  Reflect.set(process, 'dlopen', wrapped); // `false` where the program has frozen it
}

let watching = false;

/**
 * Makes stores visible to native code as soon as a reader is loaded. Call it before the first push,
 * and not earlier: a program that only loads the package runs as it would without.
 */
function watch() {
  if (watching) return;
  watching = true;
  const told = process.env[VARIABLE] ?? '';
  if (told === '0') return;
  if (told !== '' || loadedAddons().some(isReader)) makeVisible();
  else watchLoading();
}

module.exports = { watch };
