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
  /** How many functions it has. */
  functions: number;
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
}
