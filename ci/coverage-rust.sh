#!/usr/bin/env bash
# Which lines of src/ the tests run: those of Rust, and those of JavaScript for what only Node can
# call (src/binding, src/v8_slot). Fails below the floor.
#
#   ci/coverage-rust.sh [option of `cargo llvm-cov report` ...]      for example --show-missing-lines
#
# Needs llvm-cov and llvm-profdata of the LLVM that rustc has, which rustup or apt installs, and
# cargo-llvm-cov, which cargo installs into target/. Builds into target/coverage. Lines of files that are
# only tests do not count; those of tests that stand below the code they test do, and are run.
set -euo pipefail
cd "$(dirname "$0")/.."

floor=93
version=0.9.1
if ! command -v cargo-llvm-cov > /dev/null; then
  tools=$PWD/target/tools/cargo-llvm-cov-$version
  if [ ! -x "$tools/bin/cargo-llvm-cov" ]; then
    cargo install --quiet --locked --root "$tools" --version "$version" cargo-llvm-cov
  fi
  PATH=$tools/bin:$PATH
fi

llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
if ! command -v "llvm-cov-$llvm" > /dev/null && ! rustup component add llvm-tools; then
  apt-get install --yes --quiet --no-install-recommends "llvm-$llvm"
fi
if command -v "llvm-cov-$llvm" > /dev/null; then
  export LLVM_COV=llvm-cov-$llvm LLVM_PROFDATA=llvm-profdata-$llvm
fi

export CARGO_TARGET_DIR=$PWD/target/coverage
environment=$(cargo llvm-cov show-env --sh --no-cfg-coverage)
eval "$environment"
cargo llvm-cov clean --profraw-only
cargo test --package async-hooks-rs --lib
cargo build --package async-hooks-rs --lib

cp "$CARGO_TARGET_DIR/debug/libasync_hooks_rs.so" "$CARGO_TARGET_DIR/addon.node"
# Node 22: its engine takes V8's slot from the addon.
node=$(node -p 'require("./scripts/node-versions.js").nodeVersions([22]).get(22)')
ASYNC_HOOKS_RS_ADDON=$CARGO_TARGET_DIR/addon.node ASYNC_HOOKS_RS_TEST_ONCE=1 \
  "$node" --test --test-reporter=dot __test__/{async-local-storage/{engine-choice,run},native/unknown-v8}.test.js \
  __test__/worker-pool/{api/{close,histogram,max-queue,priority,timeout},codec/room}.test.js \
  __test__/worker-pool/{failures/{crashes,progress},processors/native,values/{buffers,transfer}}.test.js

cargo llvm-cov report --fail-under-lines "$floor" \
  --ignore-filename-regex '/crates/|/tests/|/(tests|testing|stress)\.rs$|/model/' "$@"
