// The subpath in an ES module: by name, as a namespace, and the whole as the default.

import Whole, { AsyncContext, Snapshot, Variable } from 'async-hooks-rs/async-context';
import * as namespace from 'async-hooks-rs/async-context';
import { type Equal, expect } from './equal.js';

expect<Equal<typeof Variable, typeof namespace.Variable>>(true);
expect<Equal<typeof Snapshot, typeof AsyncContext.Snapshot>>(true);
expect<Equal<typeof Whole.AsyncContext, typeof AsyncContext>>(true);

// As with other implementations, whose default export is the namespace object.
const message: Whole.Variable<string> = new Whole.Variable({ defaultValue: 'Hello' });
const captured: Whole.Snapshot = new Whole.Snapshot();
const said = captured.run(() => message.get());
expect<Equal<typeof said, string | undefined>>(true);

// @ts-expect-error no such export
import { Mapping } from 'async-hooks-rs/async-context';
void Mapping;
