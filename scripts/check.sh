#!/usr/bin/env bash
# Formatting, lints, types and unit tests: what can be known in a few minutes, without browsers or servers.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

step 'formatting'
cargo fmt --all --check
(cd web && npm run --silent lint)

step 'types and unit tests of the web parts'
(cd web && npm run --silent check && npm run --silent test)

step 'lints'
cargo clippy --workspace --all-targets --locked -- -D warnings

step 'unit tests'
cargo test --workspace --lib --locked
