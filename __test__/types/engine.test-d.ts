// The types of engine(), and of the codes of errors.

import {
  engine,
  type AddonErrorCode,
  type ContextErrorCode,
  type EngineInfo,
  type EngineName,
} from 'async-hooks-rs';
import { type Equal, expect } from './equal.js';

const info = engine();
expect<Equal<typeof info, EngineInfo>>(true);
expect<Equal<Parameters<typeof engine>, []>>(true);
expect<Equal<EngineName, 'frame' | 'slot-hooks' | 'hooks' | 'deno' | 'builtin'>>(true);
expect<Equal<typeof info.name, EngineName>>(true);
expect<Equal<typeof info.reason, string>>(true);
expect<Equal<typeof info.slot, 'v8-extras' | 'node-frame-class' | 'deno-core' | undefined>>(true);
expect<Equal<typeof info.native.loaded, boolean>>(true);
expect<Equal<typeof info.native.code, AddonErrorCode | undefined>>(true);
expect<Equal<typeof info.native.reason, string | undefined>>(true);
expect<Equal<keyof typeof info.native, 'loaded' | 'code' | 'reason'>>(true);
expect<Equal<keyof EngineInfo, 'name' | 'reason' | 'slot' | 'refused' | 'native'>>(true);

const refusal = info.refused.frame;
expect<Equal<typeof refusal, string | undefined>>(true);
// @ts-expect-error no such engine
info.refused.unknown;
// @ts-expect-error no such engine
const other: EngineName = 'bun';
void other;

const code: ContextErrorCode = 'ERR_ASYNC_RESOURCE_DESTROYED';
// @ts-expect-error no such code
const other: ContextErrorCode = 'ERR_WORKER_POOL_CLOSED';
void [code, other];
