'use strict';

// Datadog's tracer with its profiler. Nothing leaves this machine: profiles go to files, and the
// rest to a port of this host where nobody listens.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ecosystem-dd-trace-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  Object.assign(process.env, {
    DD_TRACE_AGENT_URL: 'http://127.0.0.1:1',
    DD_PROFILING_ENABLED: 'true',
    DD_PROFILING_EXPORTERS: 'file',
    DD_PROFILING_DEBUG_UPLOAD_COMPRESSION: 'gzip',
    DD_PROFILING_PPROF_PREFIX: path.join(folder, 'profile-'),
    DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
    DD_REMOTE_CONFIGURATION_ENABLED: 'false',
    DD_CRASHTRACKING_ENABLED: 'false',
    DD_TRACE_STARTUP_LOGS: 'false',
  });
  require('dd-trace').init();
}
