#!/usr/bin/env bash
# Installs the acquis of the action's own version and tells its path as the step's output `bin`.
#
# Environment: ACQUIS_ACTION (folder of the action), ACQUIS_INSTALL (release, cargo or none),
# ACQUIS_DOWNLOAD_BASE or ACQUIS_ACTION_REPOSITORY, RUNNER_TEMP, GITHUB_SERVER_URL, GITHUB_OUTPUT.
set -euo pipefail

fail() {
  printf '::error title=acquis::%s\n' "$1"
  exit 1
}

target() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-aarch64) echo aarch64-unknown-linux-musl ;;
    Darwin-arm64) echo aarch64-apple-darwin ;;
    Darwin-x86_64) echo x86_64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

from_release() {
  local target archive expected actual base file
  target=$(target) || fail "there is no binary for $(uname -s) $(uname -m): use install: cargo"
  archive=acquis-$version-$target.tar.gz
  expected=$(awk -v name="$archive" '$2 == name { print $1 }' "$ACQUIS_ACTION/.github/action/checksums")
  [[ -n $expected ]] || fail "no checksum is known for $archive: use a released version of the action, or install: cargo"
  base=${ACQUIS_DOWNLOAD_BASE:-$GITHUB_SERVER_URL/$ACQUIS_ACTION_REPOSITORY/releases/download/v$version}
  file=$folder/$archive
  # A mirror on the runner itself may be named by a file: address.
  curl --fail --silent --show-error --location --proto '=https,file' --proto-redir '=https' --retry 3 \
    --output "$file" "${base%/}/$archive" || fail "$archive can't be had from ${base%/}"
  actual=$(sha256 "$file")
  [[ $actual == "$expected" ]] || fail "$archive has the SHA-256 $actual, and $expected was expected: it is not used"
  tar -xzf "$file" -C "$folder"
  rm -f "$file"
}

version=$(sed -n 's/^version = "\(.*\)"$/\1/p;/^version = /q' "$ACQUIS_ACTION/Cargo.toml")
folder=$RUNNER_TEMP/acquis-$version
# tar takes the colon of a Windows path for that of a host.
! command -v cygpath >/dev/null || folder=$(cygpath --unix "$folder")
bin=$folder/acquis
mkdir -p "$folder"

case $ACQUIS_INSTALL in
  release) from_release ;;
  cargo)
    cargo install --quiet --locked --version "$version" --root "$folder/cargo" acquis
    bin=$folder/cargo/bin/acquis
    ;;
  none) bin=$(command -v acquis) || fail 'install: none is asked for, and no acquis is on PATH' ;;
  *) fail 'install must be release, cargo or none' ;;
esac

printf 'bin=%s\n' "$bin" >>"$GITHUB_OUTPUT"
"$bin" --version
