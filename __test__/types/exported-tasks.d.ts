// The types of a processor file, as a compiler sees its exports.

import { type MovedResult } from 'async-hooks-rs/worker-pool';

export interface Size {
  width: number;
  height: number;
}

export default function countPrimes(task: { from: number; to: number }): number;
export function resize(size: Size, factor?: number): Promise<Size>;
export function now(): Date;
export const first: <T>(list: T[]) => T;
export function pixels(size: Size): Promise<MovedResult<Uint8Array>>;
export function lines(file: string): AsyncGenerator<string, number, undefined>;
export function pages(file: string): Promise<Iterable<Promise<Size>>>;
export function title(file: string): string;
export const version: string;
