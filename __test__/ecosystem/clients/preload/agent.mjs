import { register } from 'node:module';
import { Hook } from 'import-in-the-middle';
import instrumentation from './instrumentation.js';

register('import-in-the-middle/hook.mjs', import.meta.url);
new Hook(['async_hooks', 'http', 'express'], instrumentation.onModule);
