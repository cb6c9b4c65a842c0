'use strict';

// Hands tasks to a pool by the interface that it has: the promises of `run()`, or the callbacks of
// `runTask()`.

/** The result of one task. */
function submit(pool, task) {
  if (pool.run !== undefined) return pool.run(task);
  return new Promise((resolve, reject) => {
    pool.runTask(task, (error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}

/** The results of all tasks, submitted at once. */
function submitAll(pool, tasks) {
  if (pool.run !== undefined) {
    const promises = new Array(tasks.length);
    for (let i = 0; i < tasks.length; i++) promises[i] = pool.run(tasks[i]);
    return Promise.all(promises);
  }
  return new Promise((resolve, reject) => {
    const results = new Array(tasks.length);
    let left = tasks.length;
    for (let i = 0; i < tasks.length; i++) {
      pool.runTask(tasks[i], (error, value) => {
        if (error) return reject(error);
        results[i] = value;
        if (--left === 0) resolve(results);
      });
    }
  });
}

/** The pool, for tasks that fail: their errors are their results, and a result is an error. */
function outcomes(pool) {
  const unexpected = () => {
    throw new Error('a task did not fail');
  };
  return { run: (task) => submit(pool, task).then(unexpected, (error) => error) };
}

module.exports = { outcomes, submit, submitAll };
