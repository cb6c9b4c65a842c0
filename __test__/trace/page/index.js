'use strict';

// `npm run test:trace-page`: the page of the report, made by the command and opened in Chromium.

const { installLocked } = require('../../../scripts/npm.js');
const { buildTraceAddon } = require('../../../scripts/trace-addon.js');

installLocked(__dirname);
buildTraceAddon();
require('./contents.js');
require('./keyboard.js');
require('./barriers.js');
require('./sizes.js');
