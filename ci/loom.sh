#!/usr/bin/env bash
# Runs the models of the pool (src/pool/model/) under loom, which tries every order of what threads
# do, with up to two preemptions. A model that fails has lost a wake, which shows as a deadlock, or
# settled a task twice.
#
# Needs cargo. Builds into target/loom.
set -euo pipefail
cd "$(dirname "$0")/.."

RUSTFLAGS='--cfg async_hooks_rs_loom' CARGO_PROFILE_TEST_OPT_LEVEL=2 \
  cargo test --lib --target-dir target/loom pool::model
