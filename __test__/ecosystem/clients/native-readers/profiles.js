'use strict';

// The samples of the profiles that Datadog's file exporter has written.

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { Profile } = require('pprof-format');

/** @param {string} prefix  of the files, as the exporter has it */
function decodeSamples(prefix) {
  const folder = path.dirname(prefix);
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith(`${path.basename(prefix)}wall`))
    .flatMap((name) => samplesOf(fs.readFileSync(path.join(folder, name))));
}

function samplesOf(bytes) {
  const profile = Profile.decode(zlib.gunzipSync(bytes));
  const text = (index) => profile.stringTable.strings[Number(index)];
  const names = new Map(profile.function.map(({ id, name }) => [id, text(name)]));
  const functions = new Map(
    profile.location.map(({ id, line }) => [
      id,
      line.map(({ functionId }) => names.get(functionId)),
    ]),
  );
  return profile.sample.map(({ locationId, label }) => ({
    functions: locationId.flatMap((id) => functions.get(id)),
    labels: Object.fromEntries(
      label.map(({ key, str, num }) => [text(key), str ? text(str) : String(num)]),
    ),
  }));
}

module.exports = { decodeSamples };
