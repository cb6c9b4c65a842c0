// What a program installs beside the package, if it uses it. As lib/host.d.ts.

declare module 'bullmq';
