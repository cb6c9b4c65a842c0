// A queue that loses context: what waits in it runs outside of the request that has put it there.

import { expect, test } from 'vitest';
import { AsyncLocalStorage } from 'node:async_hooks';

const requests = new AsyncLocalStorage();
const waiting = [];

test('every request is answered', async () => {
  const seen = [];
  for (const id of ['a', 'b', 'c']) {
    requests.run({ id }, () => {
      waiting.push(() => {
        seen.push(requests.getStore());
      });
    });
  }
  await null; // whatever the answers take
  for (const callback of waiting) callback();
  expect(seen).toEqual([undefined, undefined, undefined]);
});
