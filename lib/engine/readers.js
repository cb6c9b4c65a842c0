'use strict';

// Native code that reads V8's continuation slot: profilers and watchdogs look there for a Map with
// an entry for a storage. While none is loaded in the thread, frames need not be Maps. Per thread,
// because whoever watches a thread loads the addon in it.
//
// Such an addon imports V8's accessor of the slot, or has the record of OpenTelemetry's OTEP 4947
// for readers outside of the process: either name stands in its file.

const fs = require('node:fs');
const { _cache: modules } = require('node:module'); // the thread's, as `require.cache` is not
const { objectsOf } = require('../node/builtin-module.js');
const { makeVisible } = require('../frames/frame.js');

const MARKS = ['ContinuationPreservedEmbedderData', 'otel_thread_ctx_nodejs'];
const OURS = 'async-hooks-rs'; // in our own addon, whatever a bundler calls the file

// To look at a file takes 1 to 3 ms for each megabyte, and compilers and database engines have tens
// or a hundred. The readers known have 0.1 to 0.4. A limit and not a look into nothing but the
// table of imported names, because that has another format on each platform.
const LARGEST_READER = 4 * 1024 * 1024;

// For readers that are no addon of this thread: 1. Not to look for any: 0.
const VARIABLE = 'ASYNC_HOOKS_RS_NATIVE_READERS';

const { readFileSync, statSync } = fs;
// The thread's, not the one of a test runner's realm.
const [process] = objectsOf('node:process', require('node:process'));

function isReader(file) {
  try {
    if (statSync(file).size > LARGEST_READER) return false;
    const bytes = readFileSync(file);
    return MARKS.some((mark) => bytes.includes(mark)) && !bytes.includes(OURS);
  } catch {
    return false; // --permission refuses it, or the loader was given something that is no file
  }
}

function loadedAddons() {
  return Object.keys(modules ?? {}).filter((file) => file.endsWith('.node'));
}

function watchLoading() {
  const { dlopen } = process;
  let looking = true; // the wrapper may have to stay, under one that somebody else has put there
  const wrapped = {
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
 * Makes stores visible to native code once a reader is loaded, or if one is. Before the first push
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
