//! The numbers that the functions of the addon take and return in place of objects.

use super::constants;

constants! {
    /// `submit()`: all tasks were taken.
    TAKEN: u32 = 1;
    /// `submit()`: one or more of the tasks were not taken.
    REFUSED: u32 = 0;

    /// For `new NativePool()`: of the tasks of one priority, the oldest is taken first.
    FIFO: u32 = 0;
    /// For `new NativePool()`: the newest.
    LIFO: u32 = 1;
    /// For `new NativePool()`: that of the lowest rank. Each task has one (packet.rs).
    RANKED: u32 = 2;

    /// For `drain()`: ring when there are more completions.
    RING: u32 = 0;
    /// For `drain()`: JavaScript looks again by itself.
    POLL: u32 = 1;

    /// `cancel()`: the task was settled before. Any number from 0 on is the worker that ran it.
    SETTLED: i32 = -1;
    /// `cancel()`: the task waited, and has left the queue.
    LEFT_QUEUE: i32 = -2;

    /// `keyHome()`: the key has none.
    NO_WORKER: i32 = -1;

    /// `presence()`: the thread has not come to its program.
    AWAITED: u32 = 0;
    /// `presence()`: the thread is there.
    ARRIVED: u32 = 1;
    /// `presence()`: the thread was there, and ends.
    GONE: u32 = 2;

    /// `shapeId()`: the keys are not worth a number.
    NO_SHAPE: i32 = -1;
}
