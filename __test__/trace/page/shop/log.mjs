import { AsyncLocalStorage } from 'node:async_hooks';

export const requests = new AsyncLocalStorage();

export function log(text) {
  const request = requests.getStore();
  console.log(`${request?.id ?? '-'} ${text}`);
}
