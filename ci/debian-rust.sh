#!/usr/bin/env bash
# Puts Debian unstable's Rust into a folder, for cross builds where rustup is out of reach: its
# standard library for arm64, and the source of it, from which one for musl can be built. Prints the
# path of a rustc that works on an older Debian, for the variable RUSTC.
#
#   ci/debian-rust.sh <folder> [package ...]
#
# The packages are put beside it, in root/. Needs apt, whose mirror it takes; installs nothing. The packages' lists are kept in the folder.
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
cd "$folder"

if [ ! -x rustc ]; then
  mkdir -p apt/{lists,cache,state}/partial debs root
  touch apt/state/status
  mirror=$(apt-cache policy | grep -om1 'https\?://[^ ]*/debian\b')
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" > apt/sources.list
  apt=(-o Dir::Etc::SourceList="$folder/apt/sources.list" -o Dir::Etc::SourceParts=-
    -o Dir::State="$folder/apt/state" -o Dir::State::Lists="$folder/apt/lists"
    -o Dir::State::status="$folder/apt/state/status" -o Dir::Cache="$folder/apt/cache"
    -o APT::Architectures=amd64,arm64 -o Acquire::Languages=none -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" -qq update >&2

  library=$(apt-cache "${apt[@]}" depends libstd-rust-dev:amd64 |
    sed -n 's/.*Depends: \(libstd-rust-[0-9.]*\)$/\1/p')
  # What rustc needs, and all that this needs in turn: nothing is taken from the machine.
  mapfile -t needed < <(apt-cache "${apt[@]}" depends --recurse --no-recommends --no-suggests \
    --no-conflicts --no-breaks --no-replaces --no-enhances "$library:amd64" | grep '^[a-z]' |
    grep -v '^dpkg\|^debconf\|^perl' | sort -u)
  (cd debs && apt-get "${apt[@]}" -qq download rustc:amd64 rust-src:all libstd-rust-dev:amd64 \
    libstd-rust-dev:arm64 "${needed[@]}" "$@") >&2
  for package in debs/*.deb; do dpkg -x "$package" root; done

  cat > rustc <<END
#!/bin/sh
root=$folder/root
for loader in \$root/usr/lib64/ld-linux-x86-64.so.2 \$root/lib64/ld-linux-x86-64.so.2; do
  [ -e "\$loader" ] && break
done
exec "\$loader" --library-path \$root/usr/lib/x86_64-linux-gnu:\$root/lib/x86_64-linux-gnu \\
  --argv0 "\$root/usr/bin/rustc" \$root/usr/bin/rustc "\$@"
END
  chmod +x rustc
fi
./rustc --version >&2
echo "$folder/rustc"
