// The packages that have the addon, of which a machine has at most one. As lib/host.d.ts.

declare module 'async-hooks-rs-*';
