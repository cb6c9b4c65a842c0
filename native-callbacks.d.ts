// Types of what keepNativeCallbacks() takes and returns. Types only: index.d.ts exports them.

/** Options of `keepNativeCallbacks()`. Only own properties are read. */
export interface KeepNativeCallbacksOptions {
  /**
   * Whether the functions that addons export bind the functions that they are given: `true` for all
   * addons, `false` for none, or a list. A string is the name of a package (`'bcrypt'`,
   * `'@img/sharp-linux-x64'`), or of a file without its folder, with or without `.node`. A RegExp
   * is tested against the path of the file, with `/` on every platform.
   *
   * An addon gets another function than the one that was passed: the same one again in the same
   * scope, and another one in another scope. So an addon that recognizes functions, such as a
   * native `on()` and `off()`, needs a list without it.
   * @default true
   */
  arguments?: boolean | ReadonlyArray<string | RegExp> | undefined;

  /**
   * Whether native objects of addons (threadsafe functions, asynchronous work, callback scopes)
   * carry the scopes in which they were created to the callbacks of these objects. A hook of
   * `createHook()` does so, from the first addon on that is loaded. On Node 20 and 22, which carry
   * them anyhow, and on Bun and Deno, it has no effect.
   *
   * A native object that lives as long as the program, and was created during one request, reports
   * that request for ever, and keeps its stores alive. Create clients outside of requests.
   * @default true
   */
  resources?: boolean | undefined;
}

/** The return value of `keepNativeCallbacks()`. */
export interface KeptNativeCallbacks {
  /**
   * The files of addons whose functions bind: a new array each time, empty after `disable()`.
   */
  readonly addons: string[];

  /**
   * Ends what this call has begun, as far as no other call asks for it. Functions that addons
   * already have stay bound. A second call does nothing.
   */
  disable(): void;
}
