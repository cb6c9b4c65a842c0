'use strict'; // load.js loads it in place of the package
