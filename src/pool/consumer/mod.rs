//! A worker that is woken: what it does with its wakes, with the tasks it takes, and with all that
//! its processor says meanwhile.
//!
//! A thread with an event loop cannot wait in [`Pool::take`]. It is woken by its [`Wake`], runs
//! tasks for a while, and returns to its event loop. When it takes, when it lets the event loop
//! turn and what becomes of its task is decided here; whoever has the event loop passes on what
//! happens and does what the [`Act`] says. The README has the table of the transitions.
//!
//! Used on the worker's own thread only.

use super::turn::Turn;
use super::{Moment, Pool, Status, Taken, Task, Wake, WorkerId};
use crate::error::Error;
use crate::sync::Arc;
use crate::transport::Message;
use crate::value::encode_error;
use crate::wire::packet::LARGEST_VALUE;
use std::mem::replace;

/// What the event loop does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a task that was taken has to be run, and a turn to be made"]
pub(crate) enum Act {
    /// Run the task that [`Consumer::receive`] has: [`Consumer::step_replied`],
    /// [`Consumer::step_returned`], [`Consumer::step_threw`], [`Consumer::not_received`] or
    /// [`Consumer::fail`] says how that went.
    Step,
    /// Return to the event loop and call [`Consumer::turned`] in its next turn.
    Turn,
    /// Return to the event loop: there will be a wake, or the task that runs comes to its end.
    Rest,
    /// Nothing of the pool's keeps the event loop alive any more.
    End,
}

/// Who runs the ticks and microtasks of a task before the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drain {
    /// The step itself, before it returns.
    ByStep,
    /// The event loop, when the callback returns. So each task needs a callback of its own.
    ByHost,
}

/// Whether tasks are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Intake {
    Open,
    /// Not before the next turn of the event loop.
    NextTurn,
    /// Not before [`Consumer::resume`].
    Shut,
}

/// How far a task is that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its step is running.
    InStep,
    /// It was settled while its step was running, and still is.
    Settled,
    /// Its step has returned, its outcome will come.
    AfterStep,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The pool does not know yet that this worker is ready.
    Detached,
    /// There is no task. If the intake is open, the worker is on the idle list or a wake is on its
    /// way.
    Idle(Intake),
    Running(Stage, Intake),
    /// Nothing is taken any more, and nobody waits for an outcome.
    Ended,
}

/// A worker's side of the wake protocol.
pub(crate) struct Consumer {
    pool: Arc<Pool>,
    worker: WorkerId,
    /// Has [`Consumer::on_wake`] called.
    bell: Arc<dyn Wake>,
    drain: Drain,
    mode: Mode,
    turn: Turn,
    /// Where the next task is put. Its message is empty from one [`Consumer::receive`] to the next
    /// [`Act::Step`].
    task: Task,
}

impl Consumer {
    /// A worker that takes nothing before [`Consumer::resume`]. A wake of `bell` must lead to a
    /// call of [`Consumer::on_wake`].
    pub(crate) fn new(
        pool: Arc<Pool>,
        worker: WorkerId,
        bell: Arc<dyn Wake>,
        drain: Drain,
    ) -> Self {
        Self {
            pool,
            worker,
            bell,
            drain,
            mode: Mode::Detached,
            turn: Turn::default(),
            task: Task::default(),
        }
    }

    /// Takes tasks from now on. The first time, the pool learns that the worker is ready.
    pub(crate) fn resume(&mut self) {
        match self.mode {
            Mode::Detached => {
                if !self.pool.attach(self.worker, Arc::clone(&self.bell)) {
                    // The pool is closed: this thread is about to be stopped.
                    self.mode = Mode::Ended;
                    return;
                }
                self.pool.announce(self.worker);
                self.open();
            }
            Mode::Idle(Intake::NextTurn | Intake::Shut) => self.open(),
            Mode::Running(stage, _) => self.mode = Mode::Running(stage, Intake::Open),
            Mode::Idle(Intake::Open) | Mode::Ended => {}
        }
    }

    /// Takes no further task until [`Consumer::resume`].
    pub(crate) fn pause(&mut self) {
        self.stop_taking(Intake::Shut);
    }

    /// Takes no further task before the next turn of the event loop. Returns whether
    /// [`Consumer::turned`] has to be called then: not if nothing is taken anyhow, or if it will
    /// be.
    #[must_use = "without the call of `turned` nothing is taken any more"]
    pub(crate) fn pause_for_turn(&mut self) -> bool {
        let open = matches!(
            self.mode,
            Mode::Idle(Intake::Open) | Mode::Running(_, Intake::Open)
        );
        if open {
            self.stop_taking(Intake::NextTurn);
        }
        open
    }

    /// The event loop has turned.
    pub(crate) fn turned(&mut self) {
        match self.mode {
            Mode::Idle(Intake::NextTurn) => self.open(),
            Mode::Running(stage, Intake::NextTurn) => {
                self.mode = Mode::Running(stage, Intake::Open);
            }
            _ => {} // paused or resumed meanwhile, or ended
        }
    }

    /// Whether the task of this [`Act::Step`] is more than what its message has in line.
    pub(crate) fn has_beside(&self) -> bool {
        self.task.message.is_lost() || !self.task.message.attachments().is_empty()
    }

    /// Hands the task of this [`Act::Step`] to `receiver`, and frees what that leaves.
    pub(crate) fn receive<R>(&mut self, receiver: impl FnOnce(&mut Task) -> R) -> R {
        let outcome = receiver(&mut self.task);
        self.task.message.clear();
        outcome
    }

    /// The bell was rung, perhaps without need.
    pub(crate) fn on_wake(&mut self) -> Act {
        match self.mode {
            Mode::Idle(Intake::Open) => {
                let now = Moment::now();
                self.turn.start(now);
                self.take(now)
            }
            _ => Act::Rest,
        }
    }

    /// The step has returned, and left the outcome of its task: [`Consumer::finish`] and
    /// [`Consumer::step_returned`] in one.
    ///
    /// Status and message come by themselves, here and in all calls: in a struct the one would be
    /// copied with its padding, which no single store wrote (see [`Message`]).
    pub(crate) fn step_replied(&mut self, status: Status, message: Message) -> Act {
        let open = self.mode == Mode::Running(Stage::InStep, Intake::Open);
        if open && self.drain == Drain::ByStep {
            let now = Moment::now();
            if !self.turn.is_over(now) {
                let taken =
                    self.pool
                        .finish_and_take(self.worker, status, message, now, &mut self.task);
                return self.act_on(taken);
            }
        }
        self.finish(status, message);
        self.step_returned()
    }

    /// The step has returned.
    pub(crate) fn step_returned(&mut self) -> Act {
        self.leave_step();
        if self.mode != Mode::Idle(Intake::Open) {
            return Act::Rest;
        }
        let now = Moment::now();
        if self.turn.is_over(now) {
            self.turn.end();
            self.mode = Mode::Idle(Intake::NextTurn);
            return Act::Turn;
        }
        match self.drain {
            Drain::ByStep => self.take(now),
            Drain::ByHost => {
                self.bell.wake();
                Act::Rest
            }
        }
    }

    /// The step has thrown, or the thread is ending. The first says nothing of the task, which is
    /// done if it was finished. The next one comes with a wake, which a thread that is ending does
    /// not hear.
    pub(crate) fn step_threw(&mut self) {
        self.leave_step();
        self.ring_if_open();
    }

    /// There was no memory to hand the task over.
    pub(crate) fn not_received(&mut self) -> Act {
        self.step_replied(Status::OutOfMemory, Message::empty())
    }

    /// The outcome of the task that runs. Within its step the next one is taken when that returns.
    pub(crate) fn finish(&mut self, status: Status, message: Message) {
        match self.mode {
            Mode::Running(Stage::InStep, intake) => {
                self.mode = Mode::Running(Stage::Settled, intake);
                self.settle(status, message);
            }
            Mode::Running(Stage::AfterStep, intake) => {
                self.mode = Mode::Idle(intake);
                self.settle(status, message);
                self.ring_if_open();
            }
            _ => {} // nobody waits for it
        }
    }

    /// The worker cannot go on: memory is exhausted, JavaScript of this package threw, or this
    /// crate has a bug. Its task fails. As after [`Act::End`], nothing of the
    /// pool's keeps the event loop alive any more.
    pub(crate) fn fail(&mut self, error: Error) {
        if replace(&mut self.mode, Mode::Ended) != Mode::Ended {
            let mut encoded = Vec::new();
            // It refuses only texts of gigabytes.
            let message = format!("The worker cannot go on: {error}");
            let _ = encode_error(error.code(), &message, &mut encoded);
            self.pool.give_up(self.worker, Message::new(&encoded));
        }
    }

    /// The context of this number, while the task that has it is not settled.
    pub(crate) fn context(&self, number: u32) -> Option<Arc<Vec<u8>>> {
        self.pool.contexts.get(number)
    }

    /// Asks for the value of the task that runs. False if the task was cancelled in between: then
    /// no value comes.
    #[must_use]
    pub(crate) fn claim(&self) -> bool {
        self.pool.report(self.worker, Status::Claim)
    }

    /// The task that runs is to be the last one.
    pub(crate) fn leave(&self) {
        self.pool.leave(self.worker);
    }

    /// Tells how far the task is that runs.
    pub(crate) fn progress(&self, message: Message) {
        // False if nobody wants to know any more.
        let _ = self.pool.progress(self.worker, message);
    }

    /// Passes on a value of the task that runs.
    pub(crate) fn value(&self, message: Message) {
        // False if nobody waits for it any more.
        let _ = self.pool.value(self.worker, message);
    }

    /// Whether there is a task that nobody has settled.
    pub(crate) fn is_running(&self) -> bool {
        self.pool.is_running(self.worker)
    }

    /// What the thread says it ends by, if it does so before the outcome of its task.
    pub(crate) fn last_words(&self, words: Message) {
        self.pool.last_words(self.worker, words);
    }

    /// Hands on what was written to a descriptor.
    pub(crate) fn output(&self, descriptor: u32, bytes: &[u8]) {
        // Each piece has to fit into the region of the submitter.
        for piece in bytes.chunks(LARGEST_VALUE) {
            self.pool
                .output(self.worker, descriptor, Message::new(piece));
        }
    }

    fn take(&mut self, now: Moment) -> Act {
        let taken = self.pool.take_at(self.worker, now, &mut self.task);
        self.act_on(taken)
    }

    const fn act_on(&mut self, taken: Taken) -> Act {
        match taken {
            Taken::Task => {
                self.mode = Mode::Running(Stage::InStep, Intake::Open);
                Act::Step
            }
            Taken::Idle => {
                self.mode = Mode::Idle(Intake::Open);
                self.turn.end();
                Act::Rest
            }
            Taken::Stop => {
                self.mode = Mode::Ended;
                Act::End
            }
        }
    }

    const fn leave_step(&mut self) {
        match self.mode {
            Mode::Running(Stage::InStep, intake) => {
                self.mode = Mode::Running(Stage::AfterStep, intake);
            }
            Mode::Running(Stage::Settled, intake) => self.mode = Mode::Idle(intake),
            _ => {} // it has failed within its step
        }
    }

    fn settle(&self, status: Status, message: Message) {
        // A stale one is that of a task which was settled otherwise.
        let _ = self.pool.finish(self.worker, status, message);
    }

    fn open(&mut self) {
        self.mode = Mode::Idle(Intake::Open);
        self.turn.end();
        self.bell.wake();
    }

    /// A wake that is on its way goes to another worker, because this one will not answer it. Keys
    /// stay here for a turn.
    fn stop_taking(&mut self, intake: Intake) {
        match self.mode {
            Mode::Idle(_) => {
                self.mode = Mode::Idle(intake);
                match intake {
                    Intake::Shut => self.pool.pause(self.worker),
                    Intake::Open | Intake::NextTurn => self.pool.unlist(self.worker),
                }
            }
            Mode::Running(stage, _) => {
                self.mode = Mode::Running(stage, intake);
                if intake == Intake::Shut {
                    self.pool.pause(self.worker);
                }
            }
            Mode::Detached | Mode::Ended => {}
        }
    }

    fn ring_if_open(&self) {
        if self.mode == Mode::Idle(Intake::Open) {
            self.bell.wake();
        }
    }
}

#[cfg(test)]
mod tests;
