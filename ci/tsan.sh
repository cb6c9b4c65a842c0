#!/usr/bin/env bash
# Runs the tests of the pool's core with ThreadSanitizer: a test fails if two threads use the same
# memory without an order between them. loom (ci/loom.sh) tries every order of small models; this
# watches the real threads of the real pool.
#
#   ci/tsan.sh [name of a test ...]      default: pool:: and transport::
#
# Needs rustc's TSan (x86_64 and aarch64 Linux). The standard library is not built with it: what is
# reported of that is left out (tsan.supp). The pool's own locks and atomics are compiled here. One
# test at a time, because the harness itself has threads otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."

host=$(rustc -vV | sed -n 's/^host: //p')
[ $# -gt 0 ] || set -- pool:: transport::

# A flag of nightly, with the toolchain that is installed.
for name in "$@"; do
  RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer' \
    TSAN_OPTIONS="halt_on_error=1 allocator_may_return_null=1 suppressions=$PWD/ci/tsan.supp" \
    cargo test --package async-hooks-rs --lib --target "$host" --target-dir target/tsan -- \
    "$name" --test-threads=1
done
