#!/usr/bin/env bash
# Runs tests with addons that AddressSanitizer watches: a test fails if Rust reads or writes outside
# of its memory, or memory that was freed.
#
#   ci/asan.sh [test file ...]      default: those of the addon, of the pool's values and memory, and
#                                   of the crate
#
# Needs rustc's ASan (x86_64 and aarch64 Linux) and GCC's libasan, which has to be loaded before
# Node. Builds into target/asan, and tests a copy of the package in a temporary folder: `npm test`
# would find the copied tests in any other. Leaks are not looked for, because Node itself frees
# little at its end.
set -euo pipefail
cd "$(dirname "$0")/.."

host=$(rustc -vV | sed -n 's/^host: //p')
runtime=$(gcc -print-file-name=libasan.so)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

# A flag of nightly, with the toolchain that is installed. Without LTO, which would drop the checks.
# Each by itself: built together, they would share the features of napi.
for package in async-hooks-rs demo-addon processor-demo; do
  RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zsanitizer=address -Zexternal-clangrt' \
    CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_LTO=off \
    cargo build --package "$package" --release --lib --target "$host" --target-dir target/asan
done

git ls-files -z | tar --null --files-from=- -cf - | tar -xf - -C "$copy"
cp native.d.ts "$copy"
ln -s "$PWD/node_modules" "$copy/node_modules"
for addon in async-hooks-rs.*.node; do
  cp "target/asan/$host/release/libasync_hooks_rs.so" "$copy/$addon"
done
cp "target/asan/$host/release/libdemo_addon.so" "$copy/crates/demo-addon/demo.node"
cp "target/asan/$host/release/libprocessor_demo.so" "$copy/crates/processor-demo/demo.node"

cd "$copy"
export LD_PRELOAD=$runtime ASAN_OPTIONS=detect_leaks=0:abort_on_error=1
if [ $# -eq 0 ]; then
  set -- __test__/native/*.test.js __test__/worker-pool/{codec,values,memory}/*.test.js
  # Its test of memory would measure the memory of ASan.
  for file in __test__/crate/{contexts,posts,order,jobs,workers,mechanism,processors}.js; do
    ASYNC_HOOKS_RS_TEST_BARE=1 node __test__/helpers/bare.js "$file"
  done
fi
node --test "$@"
