'use strict';

// A preload: has the package keep the context of callbacks of addons, in the way that the variable
// says.

const { keepNativeCallbacks } = require('../../../../index.js');

keepNativeCallbacks(JSON.parse(process.env.ECOSYSTEM_NATIVE_CALLBACKS));
