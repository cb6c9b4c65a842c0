//! How many threads there are, and when another one is needed or one may go.
//!
//! A job is **outstanding** from its submission to its end. A thread that runs no job waits for one.
//! So while there are as many threads as outstanding jobs, no job waits for another to end. That is
//! kept up to the limit: a submission that breaks it starts a thread, and a thread leaves only if it
//! holds without it.

/// Under one lock.
#[derive(Debug)]
pub(super) struct HeadCount {
    threads: usize,
    outstanding: usize,
    /// No thread is started beyond it. Threads beyond it leave once they are idle.
    limit: usize,
}

/// What a submission has to do.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Submission {
    /// Start a thread, which was counted.
    Start,
    /// Nothing: some thread will take the job.
    Wait,
}

/// Whether a thread that had no job for a while may end.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Idle {
    /// It may, and is not counted any more.
    Leave,
    /// A job is on its way.
    Stay,
}

/// What is left if a thread cannot be started.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Lost {
    /// Other threads, which take the jobs.
    Others,
    /// No thread: nobody takes the jobs.
    Nobody,
}

impl HeadCount {
    pub(super) const fn new(limit: usize) -> Self {
        Self {
            threads: 0,
            outstanding: 0,
            limit,
        }
    }

    pub(super) const fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// A job is going to be queued.
    pub(super) const fn submit(&mut self) -> Submission {
        self.outstanding += 1;
        if self.outstanding <= self.threads || self.threads >= self.limit {
            return Submission::Wait;
        }
        self.threads += 1;
        Submission::Start
    }

    /// A job has ended, or was not queued after all.
    pub(super) const fn end_job(&mut self) {
        self.outstanding -= 1;
    }

    /// A thread that was counted could not be started.
    pub(super) const fn lose_thread(&mut self) -> Lost {
        self.threads -= 1;
        if self.threads == 0 {
            return Lost::Nobody;
        }
        Lost::Others
    }

    /// A thread has had no job for a while.
    pub(super) const fn idle(&mut self) -> Idle {
        if self.outstanding >= self.threads {
            return Idle::Stay;
        }
        self.threads -= 1;
        Idle::Leave
    }
}

#[cfg(all(test, not(napi_async_context_loom)))]
mod tests {
    use super::{HeadCount, Idle, Lost, Submission};

    #[test]
    fn a_thread_is_started_for_each_outstanding_job_up_to_the_limit() {
        let mut count = HeadCount::new(2);
        assert_eq!(count.submit(), Submission::Start);
        assert_eq!(count.submit(), Submission::Start);
        assert_eq!(count.submit(), Submission::Wait);
        count.end_job();
        count.end_job();
        assert_eq!(count.submit(), Submission::Wait);
        assert_eq!(count.submit(), Submission::Wait);
        count.set_limit(3);
        assert_eq!(count.submit(), Submission::Start);
    }

    #[test]
    fn a_thread_leaves_only_if_the_others_are_enough() {
        let mut count = HeadCount::new(2);
        assert_eq!(count.submit(), Submission::Start);
        assert_eq!(count.submit(), Submission::Start);
        count.end_job();
        assert_eq!(count.idle(), Idle::Leave);
        assert_eq!(count.idle(), Idle::Stay, "a job is outstanding");
        count.end_job();
        assert_eq!(count.idle(), Idle::Leave);
        assert_eq!(count.submit(), Submission::Start);
    }

    #[test]
    fn a_thread_that_cannot_be_started_is_not_counted() {
        let mut count = HeadCount::new(2);
        assert_eq!(count.submit(), Submission::Start);
        assert_eq!(count.submit(), Submission::Start);
        assert_eq!(count.lose_thread(), Lost::Others);
        assert_eq!(count.lose_thread(), Lost::Nobody);
        assert_eq!(count.submit(), Submission::Start);
    }
}
