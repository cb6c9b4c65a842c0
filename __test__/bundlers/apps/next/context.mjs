// context.mjs
import { AsyncLocalStorage } from 'async-hooks-rs';

export const requests = new AsyncLocalStorage({ name: 'requests' });
export const current = () => requests.getStore();
