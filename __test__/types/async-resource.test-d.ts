// The types of AsyncResource: what it takes, what it gives, what it refuses.

import { AsyncResource, type AsyncResourceOptions, executionAsyncId } from 'async-hooks-rs';
import { AsyncResource as NodeAsyncResource } from 'node:async_hooks';
import { type Equal, expect } from './equal.js';

// Construction.
const resource = new AsyncResource('QUERY');
new AsyncResource('QUERY', 1);
new AsyncResource('QUERY', {});
new AsyncResource('QUERY', { triggerAsyncId: executionAsyncId(), requireManualDestroy: true });
expect<
  Equal<ConstructorParameters<typeof AsyncResource>[1], number | AsyncResourceOptions | undefined>
>(true);
// @ts-expect-error no type
new AsyncResource();
// @ts-expect-error a type is a string
new AsyncResource(5);
// @ts-expect-error no object
new AsyncResource('QUERY', null);
// @ts-expect-error an id is a number
new AsyncResource('QUERY', { triggerAsyncId: '1' });

// It is Node's class, extended.
const asNode: NodeAsyncResource = resource;
asNode.asyncId();
const classAsNode: typeof NodeAsyncResource = AsyncResource;
new classAsNode('QUERY');

// Ids.
expect<Equal<ReturnType<typeof resource.asyncId>, number>>(true);
expect<Equal<ReturnType<typeof resource.triggerAsyncId>, number>>(true);

// runInAsyncScope
const result = resource.runInAsyncScope((a: number) => `${a}`, undefined, 1);
expect<Equal<typeof result, string>>(true);
resource.runInAsyncScope(() => {});
resource.runInAsyncScope((err: Error | null, data?: string) => [err, data], null, null, 'data');
function date(this: Date) {
  return this;
}
const receiver = resource.runInAsyncScope(date, new Date());
expect<Equal<typeof receiver, Date>>(true);
// @ts-expect-error wrong receiver
resource.runInAsyncScope(date, 'no date');
// @ts-expect-error no function
resource.runInAsyncScope(5);
// @ts-expect-error no function
resource.runInAsyncScope();

// bind
const greet = (name: string, times: number) => name.repeat(times);
const bound = resource.bind(greet);
expect<Equal<typeof bound, typeof greet>>(true);
function year(this: Date) {
  return this.getFullYear();
}
const boundToDate = resource.bind(year, new Date());
expect<Equal<typeof boundToDate, typeof year>>(true);
resource.bind(greet, null);
// @ts-expect-error wrong receiver
resource.bind(year, 'no date');
// @ts-expect-error no function
resource.bind({});

// static bind
const boundByClass = AsyncResource.bind(greet);
expect<Equal<typeof boundByClass, typeof greet>>(true);
AsyncResource.bind(greet, 'GREETING');
AsyncResource.bind(year, 'YEAR', new Date());
// @ts-expect-error wrong receiver
AsyncResource.bind(year, 'YEAR', 'no date');
// @ts-expect-error a type is a string
AsyncResource.bind(greet, 5);
// @ts-expect-error no function
AsyncResource.bind(5);

// Subclasses, the documented way of use.
class DBQuery extends AsyncResource {
  constructor(private readonly db: { get(query: string, done: (data: string) => void): void }) {
    super('DBQuery');
  }

  getInfo(query: string, callback: (err: Error | null, data: string) => void) {
    this.db.get(query, (data) => this.runInAsyncScope(callback, null, null, data));
  }

  close() {
    return this.emitDestroy();
  }
}
expect<Equal<ReturnType<DBQuery['emitDestroy']>, DBQuery>>(true);
