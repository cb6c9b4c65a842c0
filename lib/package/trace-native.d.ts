// The functions of the finder's addon (crates/trace), as JavaScript calls them.

/** Where a function, a frame or a read stands; lines and columns from 1 on, 0 if unknown. */
export interface Site {
  file: string;
  line: number;
  column: number;
  /** The function's name; empty at the top level. */
  fn: string;
}

export type SourceFormat =
  | 'commonjs'
  | 'module'
  | 'commonjs-typescript'
  | 'module-typescript'
  | 'jsx'
  | 'tsx';

export interface TransformOptions {
  /** Whether objects tell in which context they were made. */
  deep: boolean;
  /** Whether the code gets a source map. */
  sourceMap: boolean;
  /** The functions to bind: line, and column or 0 for any. */
  mends: number[][];
}

export interface TransformedSource {
  code: string;
  /** The mends, by their index, that found no function that can be bound where it stands. */
  unmended: number[];
}

export interface TraceAddon {
  /** `null`: the source does not parse, or has the comment `async-hooks-rs: no-trace`. */
  transform(
    source: string,
    file: string,
    format: SourceFormat,
    options: TransformOptions,
  ): TransformedSource | null;
  /** The number of a place on a stack, the same for the same place. */
  place(file: string, line: number, column: number, fn: string): number;
  /** What the number of a place or a function stands for. */
  site(id: number): Site | null;
  /** The number of the function around the function `id`; 0 if there is none. */
  enclosing(id: number): number;
  /** The function that begins there in the transformed code, as V8 says (`CallSite`); 0: none. */
  functionAt(file: string, line: number, column: number): number;

  /** Begins the session of the process (options as JSON), or joins it: how often that was done. */
  start(options: string): number;
  /** A JavaScript thread begins: its number, 0 for the first. */
  attach(): number;
  /** A JavaScript thread ends. */
  detach(thread: number): void;
  /**
   * Hands over the first `used` words of events, eight each, which are copied; and previews of
   * stores: the number of the context, a space, the text. Never waits.
   */
  hand(thread: number, words: Uint32Array, used: number, previews: string[]): void;
  /** Hands over a piece of evidence, as JSON. Never waits. */
  evidence(thread: number, json: string): void;
  /** The report of this process as JSON, after all that was handed over before. */
  report(thread: number, last: boolean): string;
  /** The findings that this thread was not told of, as a JSON array. */
  news(thread: number): string;
  /**
   * The finding that evidence of this thread with these values has become, as JSON; `null` if none
   * has.
   */
  finding(thread: number, rule: string, storage: number, read: number, made: number): string;
  /** The reports of several processes as one. */
  merge(reports: string[]): string;
  /** A report in another form. */
  render(
    kind: 'terminal' | 'json' | 'sarif' | 'html',
    report: string,
    options?: RenderOptions,
  ): string;
}

export interface RenderOptions {
  color?: boolean;
  /** Columns; 0 for no limit. */
  width?: number;
  /** The folder that paths are told from. */
  cwd?: string;
  /** Whether possible findings are shown. */
  possible?: boolean;
  /** Whether all is shown that is known of a finding. */
  verbose?: boolean;
}
