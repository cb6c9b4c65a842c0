'use strict';

const { Hook } = require('require-in-the-middle');
const { onModule } = require('./instrumentation.js');

new Hook(['async_hooks', 'http', 'express'], onModule);
