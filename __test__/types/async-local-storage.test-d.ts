// The types of AsyncLocalStorage: what it takes, what it gives, what it refuses.

import { AsyncLocalStorage, type AsyncLocalStorageOptions, type RunScope } from 'async-hooks-rs';
import { AsyncLocalStorage as NodeAsyncLocalStorage } from 'node:async_hooks';
import { type Equal, expect } from './equal.js';

interface Store {
  id: number;
}

const storage = new AsyncLocalStorage<Store>();
const untyped = new AsyncLocalStorage();

// Construction.
new AsyncLocalStorage<Store>({});
new AsyncLocalStorage<Store>(undefined);
new AsyncLocalStorage<Store>({ defaultValue: { id: 0 }, name: 'requests' });
new AsyncLocalStorage<Store>({ name: undefined });
expect<
  Equal<ConstructorParameters<typeof AsyncLocalStorage>[0], AsyncLocalStorageOptions | undefined>
>(true);
expect<Equal<AsyncLocalStorageOptions, { defaultValue?: any; name?: string | undefined }>>(true);
// @ts-expect-error no object
new AsyncLocalStorage(null);
// @ts-expect-error no object
new AsyncLocalStorage('requests');
// @ts-expect-error a name is a string
new AsyncLocalStorage({ name: 5 });
// @ts-expect-error no such option
new AsyncLocalStorage({ onPropagate() {} });
// @ts-expect-error a class
AsyncLocalStorage();

// name
expect<Equal<typeof storage.name, string>>(true);
// @ts-expect-error read-only
storage.name = 'other';

// getStore
expect<Equal<ReturnType<typeof storage.getStore>, Store | undefined>>(true);
expect<Equal<ReturnType<typeof untyped.getStore>, unknown>>(true);
// @ts-expect-error there may be no store
storage.getStore().id;
// @ts-expect-error no parameters
storage.getStore(1);

// run
const returned = storage.run({ id: 1 }, () => 'result');
expect<Equal<typeof returned, string>>(true);
const awaited = storage.run({ id: 1 }, async () => 1);
expect<Equal<typeof awaited, Promise<number>>>(true);
const withArguments = storage.run({ id: 1 }, (a: number, b: string) => [a, b] as const, 1, 'b');
expect<Equal<typeof withArguments, readonly [number, string]>>(true);
storage.run({ id: 1 }, (optional?: number) => optional);
// @ts-expect-error wrong store
storage.run({ id: '1' }, () => {});
// @ts-expect-error wrong argument
storage.run({ id: 1 }, (a: number) => a, 'a');
// @ts-expect-error missing argument
storage.run({ id: 1 }, (a: number) => a);
// @ts-expect-error no callback
storage.run({ id: 1 });
// @ts-expect-error no function
storage.run({ id: 1 }, 5);

// exit
const outside = storage.exit((a: number) => `${a}`, 1);
expect<Equal<typeof outside, string>>(true);
// @ts-expect-error wrong argument
storage.exit((a: number) => a, 'a');
// @ts-expect-error no callback
storage.exit();

// enterWith, disable
expect<Equal<ReturnType<typeof storage.enterWith>, void>>(true);
expect<Equal<ReturnType<typeof storage.disable>, void>>(true);
storage.enterWith({ id: 1 });
// @ts-expect-error wrong store
storage.enterWith({ id: '1' });
// @ts-expect-error no store
storage.enterWith();

// withScope
const scope = storage.withScope({ id: 1 });
expect<Equal<typeof scope, RunScope>>(true);
expect<Equal<ReturnType<typeof scope.dispose>, void>>(true);
scope[Symbol.dispose]();
const disposable: Disposable = scope;
disposable[Symbol.dispose]();
// @ts-expect-error wrong store
storage.withScope(1);
// @ts-expect-error not asynchronous
scope[Symbol.asyncDispose]();

// `using` compiles: it is erased in a declaration test, but it is checked.
function block() {
  using entered = storage.withScope({ id: 1 });
  return entered;
}
expect<Equal<ReturnType<typeof block>, RunScope>>(true);

// static bind
const greet = (name: string, times: number) => name.repeat(times);
const bound = AsyncLocalStorage.bind(greet);
expect<Equal<typeof bound, typeof greet>>(true);
// @ts-expect-error no function
AsyncLocalStorage.bind({});
// @ts-expect-error no function
AsyncLocalStorage.bind();

// static snapshot
const runInAsyncScope = AsyncLocalStorage.snapshot();
const fromSnapshot = runInAsyncScope((a: number, b: string) => ({ a, b }), 1, 'b');
expect<Equal<typeof fromSnapshot, { a: number; b: string }>>(true);
// @ts-expect-error wrong argument
runInAsyncScope((a: number) => a, 'a');
// @ts-expect-error no function
runInAsyncScope(5);

// Where Node's class is asked for, ours will do.
const asNode: NodeAsyncLocalStorage<Store> = storage;
asNode.getStore();
class Named extends AsyncLocalStorage<Store> {
  override getStore(): Store {
    return super.getStore() ?? { id: -1 };
  }
}
expect<Equal<ReturnType<Named['getStore']>, Store>>(true);
