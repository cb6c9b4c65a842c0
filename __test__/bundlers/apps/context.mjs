// Context only: has to build without configuration, and to run without any other file.

import { AsyncLocalStorage, AsyncResource } from 'async-hooks-rs';
import { AsyncContext } from 'async-hooks-rs/async-context';

const storage = new AsyncLocalStorage();
const variable = new AsyncContext.Variable();

storage.run('store', () =>
  variable.run('value', () => {
    const bound = AsyncResource.bind(() => [storage.getStore(), variable.get()]);
    setTimeout(() => console.log(JSON.stringify([...bound(), storage.getStore()])));
  }),
);
