// A CommonJS module, with TypeScript's `import = require()` and with plain `require()`.

import asyncHooks = require('async-hooks-rs');
import equal = require('./equal.js');

const { AsyncLocalStorage, AsyncResource } = asyncHooks;
const storage = new AsyncLocalStorage<number>();
equal.expect<equal.Equal<ReturnType<typeof storage.getStore>, number | undefined>>(true);
new AsyncResource('QUERY').runInAsyncScope(() => storage.getStore());

declare const required: typeof import('async-hooks-rs');
equal.expect<equal.Equal<typeof required.engine, typeof asyncHooks.engine>>(true);
