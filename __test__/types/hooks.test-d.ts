// The rest of node:async_hooks is passed on with its types.

import * as ours from 'async-hooks-rs';
import * as node from 'node:async_hooks';
import { type Equal, expect } from './equal.js';

expect<Equal<typeof ours.createHook, typeof node.createHook>>(true);
expect<Equal<typeof ours.executionAsyncId, typeof node.executionAsyncId>>(true);
expect<Equal<typeof ours.triggerAsyncId, typeof node.triggerAsyncId>>(true);
expect<Equal<typeof ours.executionAsyncResource, typeof node.executionAsyncResource>>(true);
expect<Equal<typeof ours.asyncWrapProviders, typeof node.asyncWrapProviders>>(true);
expect<Equal<ours.AsyncHook, node.AsyncHook>>(true);
expect<Equal<ours.HookCallbacks, node.HookCallbacks>>(true);
expect<Equal<ours.AsyncResourceOptions, node.AsyncResourceOptions>>(true);

// Everything that a program may import from there is here, too.
type Missing = Exclude<keyof typeof node, keyof typeof ours | 'default'>;
expect<Equal<Missing, never>>(true);
