// What lib/ uses of Node, Deno and Bun that their types lack. Only `npm run types` reads this file;
// the package does not contain it.

export {};

/**
 * In a literal, `__proto__` is the prototype and not a property. Options and descriptors without
 * one are not changed by what a program adds to Object.prototype.
 */
interface WithoutPrototype {
  __proto__?: null;
}

declare global {
  /** Deno's namespace: its core, which is no public interface, is under a key of its own. */
  var Deno: any;
  // What is missing in the older versions of Node or can be switched off.
  var DOMException: ErrorConstructor | undefined;
  var Float16Array: Uint16ArrayConstructor | undefined;
  var QuotaExceededError: ErrorConstructor | undefined;
  var WebAssembly:
    | Record<
        'CompileError' | 'LinkError' | 'RuntimeError' | 'SuspendError',
        ErrorConstructor | undefined
      >
    | undefined;

  interface Buffer {
    latin1Slice(start: number, end: number): string;
    ucs2Slice(start: number, end: number): string;
    latin1Write(string: string, offset: number, length: number): number;
    ucs2Write(string: string, offset: number, length: number): number;
  }

  interface PropertyDescriptor extends WithoutPrototype {}
  interface ProxyHandler<T extends object> extends WithoutPrototype {}
  function structuredClone<T>(
    value: T,
    options: WithoutPrototype & { transfer?: import('worker_threads').Transferable[] },
  ): T;

  namespace NodeJS {
    interface EmitWarningOptions extends WithoutPrototype {}
    interface ProcessReport {
      /** Whether the report leaves out names of connected hosts. Node 22 and later. */
      excludeNetwork?: boolean;
    }

    interface Process {
      /** Whether 'exit' is being emitted. */
      _exiting?: boolean;
      /** What native code calls for an exception that nothing has caught; whether it was handled. */
      _fatalException?: (error: unknown, fromPromise?: boolean) => boolean;
      /** Runs what process.nextTick() and promises have queued. */
      _tickCallback?: () => void;
    }
  }
}

declare module 'async_hooks' {
  interface AsyncResourceOptions extends WithoutPrototype {}
  interface HookCallbacks extends WithoutPrototype {}
}

declare module 'events' {
  interface EventEmitterAsyncResourceOptions extends WithoutPrototype {}
}

declare module 'module' {
  /** The modules that the thread has loaded, by their files. */
  const _cache: Record<string, Module> | undefined;
  function _load(request: string, parent: object): any;
}

declare module 'undici-types' {
  interface MessageEventInit<T = any> extends WithoutPrototype {}
}

declare module 'util' {
  interface InspectOptions extends WithoutPrototype {}
}

declare module 'v8' {
  interface HookCallbacks extends WithoutPrototype {}
}
