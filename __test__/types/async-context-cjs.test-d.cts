// The subpath in a CommonJS module: with `import = require()`, with plain `require()`, and as the
// default export of a transpiled `import`.

import asyncContext = require('async-hooks-rs/async-context');
import Default from 'async-hooks-rs/async-context';
import equal = require('./equal.js');

const variable: asyncContext.Variable<number> = new asyncContext.Variable<number>();
equal.expect<equal.Equal<ReturnType<typeof variable.get>, number | undefined>>(true);
equal.expect<equal.Equal<typeof Default.Variable, typeof asyncContext.Variable>>(true);
equal.expect<equal.Equal<typeof asyncContext.AsyncContext.Variable, typeof asyncContext.Variable>>(
  true,
);

declare const required: typeof import('async-hooks-rs/async-context');
const { Snapshot } = required;
new Snapshot().run((a: number) => variable.run(a, () => variable.get()), 1);
