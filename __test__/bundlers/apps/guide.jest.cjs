const { expect, test } = require('@jest/globals');
const { AsyncLocalStorage } = require('async-hooks-rs');

const requests = new AsyncLocalStorage();

async function handle() {
  await null; // whatever the request needs
  return requests.getStore().id;
}

test('each request sees its own store', async () => {
  const seen = await Promise.all(['a', 'b'].map((id) => requests.run({ id }, handle)));
  expect(seen).toEqual(['a', 'b']);
});
