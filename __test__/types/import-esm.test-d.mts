// An ES module imports by name, as a namespace, and the whole as the default.

import defaultExport, { AsyncLocalStorage, AsyncResource, engine } from 'async-hooks-rs';
import * as namespace from 'async-hooks-rs';
import { type Equal, expect } from './equal.js';

expect<Equal<typeof AsyncLocalStorage, typeof namespace.AsyncLocalStorage>>(true);
expect<Equal<typeof AsyncResource, typeof defaultExport.AsyncResource>>(true);
expect<Equal<typeof engine, typeof namespace.engine>>(true);

// @ts-expect-error no such export
import { RunScopes } from 'async-hooks-rs';
void RunScopes;
