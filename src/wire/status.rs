//! What became of a task, or of a worker.

use super::constants;

/// Declares the statuses: each as a constant for JavaScript, and as a variant.
macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $variant:ident = $number:literal,)*) => {
        constants! {
            $($(#[$doc])* $name: u32 = $number;)*
        }

        /// What became of a task, or of a worker.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub(crate) enum Status {
            $($(#[$doc])* $variant = $name,)*
        }

        impl Status {
            /// The status with this number.
            #[must_use]
            pub(crate) const fn from_number(number: u32) -> Option<Self> {
                match number {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

statuses! {
    /// Settled; the message is the result.
    RESULT = Result = 0,
    /// Settled; the message is the error.
    ERROR = Error = 1,
    /// Settled; the result travels through the worker's own port.
    BY_PORT = ByPort = 2,
    /// Not settled: the worker that took it asks for the value to be sent through its port.
    CLAIM = Claim = 3,
    /// Settled: it ran for longer than its timeout. Its worker is condemned and has to be stopped.
    EXPIRED = Expired = 4,
    /// A worker's thread has ended, and with it the task it ran, if it ran one: that is settled.
    /// The message is what the thread said it would end by, if it did. The last entry of its workers.
    THREAD_GONE = ThreadGone = 5,
    /// No task: a worker takes tasks from now on.
    READY = Ready = 6,
    /// The worker cannot go on: it is condemned and has to be stopped. The message is the error,
    /// which settles the task, if there is one.
    FATAL = Fatal = 7,
    /// No task: the message is what a worker wrote to its standard output or error, and the id says
    /// to which.
    OUTPUT = Output = 8,
    /// Settled: there was not enough memory for the task or its result.
    OUT_OF_MEMORY = OutOfMemory = 9,
    /// Not settled: the message says how far the task is.
    PROGRESS = Progress = 10,
    /// No task: the worker's thread takes none after those that it runs.
    LEAVING = Leaving = 11,
    /// No task: the thread that was leaving runs none any more. It has to be stopped.
    LEFT = Left = 12,
    /// Not settled: the message is the next value of the task, which is a stream of them.
    VALUE = Value = 13,
    /// Not settled: a worker has taken the task. The message says how long it has waited.
    STARTED = Started = 14,
    /// The next entry settles the task. The message says how long it has waited and run.
    TIMES = Times = 15,
    /// Settled: the thread has ended that ran it among others. The message is as of [`THREAD_GONE`],
    /// which follows.
    ORPHANED = Orphaned = 16,
}
