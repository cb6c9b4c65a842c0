// The types of keepNativeCallbacks().

import {
  keepNativeCallbacks,
  type KeepNativeCallbacksOptions,
  type KeptNativeCallbacks,
} from 'async-hooks-rs';
import { type Equal, expect } from './equal.js';

const kept = keepNativeCallbacks();
expect<Equal<typeof kept, KeptNativeCallbacks>>(true);
expect<Equal<typeof kept.addons, string[]>>(true);
expect<Equal<ReturnType<typeof kept.disable>, void>>(true);
expect<Equal<keyof KeepNativeCallbacksOptions, 'arguments' | 'resources'>>(true);

keepNativeCallbacks({});
keepNativeCallbacks({ arguments: true, resources: false });
keepNativeCallbacks({ arguments: ['bcrypt', /sharp/] as const, resources: undefined });
// @ts-expect-error a list, also of one
keepNativeCallbacks({ arguments: 'bcrypt' });
// @ts-expect-error no such option
keepNativeCallbacks({ hook: true });
// @ts-expect-error it is read only
kept.addons = [];
