'use strict'; // what load.js loads in place of the package
