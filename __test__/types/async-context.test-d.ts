// The types of AsyncContext: what it takes, what it gives, what it refuses.

import {
  AsyncContext,
  Snapshot,
  Variable,
  type VariableOptions,
} from 'async-hooks-rs/async-context';
import { type Equal, expect } from './equal.js';

interface Value {
  id: number;
}

const variable = new Variable<Value>();
const untyped = new Variable();
const snapshot = new Snapshot();

// Construction.
new Variable<Value>({});
new Variable<Value>(undefined);
new Variable<Value>({ defaultValue: { id: 0 }, name: 'requests' });
expect<Equal<ConstructorParameters<typeof Variable<Value>>[0], VariableOptions<Value> | undefined>>(
  true,
);
// @ts-expect-error undefined would be converted to a string
new Variable({ name: undefined });
// @ts-expect-error a name is a string
new Variable({ name: 5 });
// @ts-expect-error wrong default
new Variable<Value>({ defaultValue: 'none' });
// @ts-expect-error no such option
new Variable({ onPropagate() {} });
// @ts-expect-error a class
Variable();
// @ts-expect-error no parameters
new Snapshot({});
// @ts-expect-error a class
Snapshot();

// The default gives the type.
const inferred = new Variable({ defaultValue: 'Hello' });
expect<Equal<typeof inferred, Variable<string>>>(true);

// name
expect<Equal<typeof variable.name, string>>(true);
// @ts-expect-error read-only
variable.name = 'other';

// get
expect<Equal<ReturnType<typeof variable.get>, Value | undefined>>(true);
expect<Equal<ReturnType<typeof untyped.get>, unknown>>(true);
// @ts-expect-error there may be no value
variable.get().id;
// @ts-expect-error no parameters
variable.get(1);

// run
const returned = variable.run({ id: 1 }, () => 'result');
expect<Equal<typeof returned, string>>(true);
const awaited = variable.run({ id: 1 }, async () => 1);
expect<Equal<typeof awaited, Promise<number>>>(true);
const withArguments = variable.run({ id: 1 }, (a: number, b: string) => [a, b] as const, 1, 'b');
expect<Equal<typeof withArguments, readonly [number, string]>>(true);
variable.run({ id: 1 }, (optional?: number) => optional);
variable.run({ id: 1 }, function () {
  expect<Equal<typeof this, undefined>>(true);
});
// @ts-expect-error wrong value
variable.run({ id: '1' }, () => {});
// @ts-expect-error wrong argument
variable.run({ id: 1 }, (a: number) => a, 'a');
// @ts-expect-error missing argument
variable.run({ id: 1 }, (a: number) => a);
// @ts-expect-error no function
variable.run({ id: 1 });
// @ts-expect-error `this` is undefined
variable.run({ id: 1 }, function (this: Value) {
  return this.id;
});

// Snapshot
const inSnapshot = snapshot.run((a: number, b: string) => [a, b] as const, 1, 'b');
expect<Equal<typeof inSnapshot, readonly [number, string]>>(true);
// @ts-expect-error wrong argument
snapshot.run((a: number) => a, 'a');
// @ts-expect-error no function
snapshot.run();
const wrapped = Snapshot.wrap((a: number, b?: string) => `${a}${b}`);
expect<Equal<typeof wrapped, (this: unknown, a: number, b?: string) => string>>(true);
const method = Snapshot.wrap(function (this: Value, add: number) {
  return this.id + add;
});
expect<Equal<typeof method, (this: Value, add: number) => number>>(true);
method.call({ id: 1 }, 2);
// @ts-expect-error wrong `this`
method.call({}, 2);
// @ts-expect-error no function
Snapshot.wrap({});

// The namespace object, with types.
const member: AsyncContext.Variable<Value> = new AsyncContext.Variable<Value>();
const captured: AsyncContext.Snapshot = new AsyncContext.Snapshot();
const options: AsyncContext.VariableOptions<Value> = { defaultValue: { id: 1 } };
expect<Equal<typeof member, Variable<Value>>>(true);
expect<Equal<typeof captured, Snapshot>>(true);
new AsyncContext.Variable(options);
expect<Equal<(typeof AsyncContext)[typeof Symbol.toStringTag], 'AsyncContext'>>(true);
expect<Equal<Variable<1>[typeof Symbol.toStringTag], 'AsyncContext.Variable'>>(true);
expect<Equal<Snapshot[typeof Symbol.toStringTag], 'AsyncContext.Snapshot'>>(true);
// @ts-expect-error an object
new AsyncContext();

// Subclasses.
class Requests extends AsyncContext.Variable<Value> {
  id() {
    return this.get()?.id;
  }
}
expect<Equal<ReturnType<Requests['id']>, number | undefined>>(true);
class Scope extends Snapshot {}
const inScope = new Scope().run(() => 1);
expect<Equal<typeof inScope, number>>(true);

// @ts-expect-error not to be entered without a scope
variable.enterWith({ id: 1 });
// @ts-expect-error nor to be ended
variable.disable();
