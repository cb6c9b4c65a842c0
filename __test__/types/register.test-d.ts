import 'async-hooks-rs/register';
import { register, unregister } from 'async-hooks-rs/register';
import { Equal, expect } from './equal.js';

expect<Equal<typeof register, () => void>>(true);
expect<Equal<typeof unregister, () => void>>(true);

// @ts-expect-error -- takes no arguments
register({});
