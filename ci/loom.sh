#!/usr/bin/env bash
# Runs the models of the pool (src/pool/model/) and of the crate's table of contexts
# (crates/napi-async-context/src/table/model.rs) under loom, which tries every order of what threads
# do; in the pool with up to two preemptions. A model that fails has lost a wake, which shows as a
# deadlock, settled a task twice, or freed what is in use.
#
# Needs cargo. Builds into target/loom.
set -euo pipefail
cd "$(dirname "$0")/.."

export RUSTFLAGS='--cfg async_hooks_rs_loom --cfg napi_async_context_loom'
export CARGO_TARGET_DIR=target/loom
filters=(pool::model table::model)

# Both in one build, in which they share what they depend on.
models() {
  cargo test --profile model --package async-hooks-rs --package napi-async-context --lib -- \
    "${filters[@]}" "$@"
}

# A filter that matches nothing would pass.
listed=$(models --list)
for filter in "${filters[@]}"; do
  if ! grep -q "^$filter::.*: test$" <<< "$listed"; then
    echo "there is no model: $filter" >&2
    exit 1
  fi
done

models
