import { type QueuePool } from './bullmq.js';
import WorkerPool = require('./worker-pool.js');

/** Attributes of a metric or a span. */
type Attributes = Record<string, string | number>;

/** What is used of the `Meter` of `@opentelemetry/api`. */
export interface InstrumentMeter {
  createHistogram(
    name: string,
    options: { description: string; unit: string },
  ): { record(value: number, attributes: Attributes): void };
  createObservableUpDownCounter(
    name: string,
    options: { description: string; unit: string },
  ): object;
  addBatchObservableCallback(callback: (result: any) => void, observables: any[]): void;
  removeBatchObservableCallback(callback: (result: any) => void, observables: any[]): void;
}

/** What is used of the `Tracer` of `@opentelemetry/api`. */
export interface InstrumentTracer {
  startSpan(name: string, options: { attributes: Attributes }): object;
}

/** Options of {@link instrument}; at least one of `meter` and `tracer`. */
export interface InstrumentOptions {
  /** The value of the attribute `worker_pool.name` of all metrics and spans. Default: none. */
  name?: string | undefined;

  /**
   * A `Meter` of OpenTelemetry, for the histograms `worker_pool.task.wait_time`,
   * `worker_pool.task.run_time` and `worker_pool.task.duration`, in seconds, and the counters
   * `worker_pool.thread.count`, `worker_pool.thread.memory`, in bytes, and `worker_pool.queue.size`.
   * Of a QueuePool, `worker_pool.task.duration` and `worker_pool.queue.size` are known. Default: no
   * metrics.
   */
  meter?: InstrumentMeter | undefined;

  /** A `Tracer` of OpenTelemetry, for a span per task. Default: no spans. */
  tracer?: InstrumentTracer | undefined;
}

/**
 * Measures a pool with OpenTelemetry, until the function that is returned is called. That is to be
 * done when the pool is closed: until then it is held.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`.
 */
export declare function instrument(
  pool: WorkerPool<any, any> | QueuePool<any, any>,
  options: InstrumentOptions,
): () => void;

/**
 * What a pool has done, or several, by the names that become the label `pool`, in the text format
 * of Prometheus (version 0.0.4). Of a QueuePool, it is what of it is known here: nothing of threads
 * and of the times of tasks.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`.
 */
export declare function prometheus(
  pools:
    | WorkerPool<any, any>
    | QueuePool<any, any>
    | Record<string, WorkerPool<any, any> | QueuePool<any, any>>,
): string;
