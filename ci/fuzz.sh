#!/usr/bin/env bash
# Gives random bytes to all that decodes bytes in Rust (fuzz/): it must neither panic nor hang, and
# what it takes for a value must be one.
#
#   ci/fuzz.sh [seconds]            for each target; default: 20
#
# libFuzzer, with the toolchain that is installed: the same as `cargo fuzz run`, which needs nightly.
# Builds into fuzz/target. What it has found stays in fuzz/artifacts, and what it has learnt in
# fuzz/corpus: the next run goes on from there.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"

coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing'
host=$(rustc -vV | sed -n 's/^host: //p')

RUSTFLAGS=$(tr -s ' \n' ' ' <<<"$coverage") cargo build --release --bins --locked --target "$host"

for target in values packets; do
  mkdir -p "corpus/$target" "artifacts/$target"
  "target/$host/release/$target" "corpus/$target" -max_total_time="${1:-20}" -timeout=10 \
    -rss_limit_mb=1024 -max_len=8192 -artifact_prefix="artifacts/$target/" -print_final_stats=1
done
