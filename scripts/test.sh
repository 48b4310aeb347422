#!/usr/bin/env bash
# Everything: formatting, lints, types, Rust suites on SQLite, PostgreSQL and two nodes, Vitest, the kill test, browsers. Starts what it needs and stops it.
set -euo pipefail
cd "$(dirname "$0")/.."
# What a test asserted is to be read at the end of a long log, not where it was called from.
export RUST_BACKTRACE=0

step() { printf '\n== %s  (%s)\n' "$1" "$(date +%T)"; }

step 'what is needed'
scripts/setup.sh test
. scripts/servers.sh

step 'web parts'
make --no-print-directory web

step 'formatting, lints, types, unit tests'
scripts/check.sh

step 'the Rust suite on SQLite'
start_mail
cargo test --workspace --locked --test it

step 'the same suite on PostgreSQL, and two nodes with NATS'
start_postgres
start_nats
BALCAO_TEST_DATABASE_URL=$DATABASE_URL BALCAO_TEST_NATS_URL=$NATS_URL cargo test --workspace --locked --test it -- --test-threads=4

step 'the program, killed again and again'
cargo build --workspace --locked
target/debug/balcao-bench ledger --server target/debug/balcao --kills "${KILLS:-20}"
target/debug/balcao-bench ledger --server target/debug/balcao --kills 5 --expect-violation
target/debug/balcao-bench ledger --server target/debug/balcao --kills 5 --database-url "$DATABASE_URL"

step 'browsers, and a real WordPress'
integrations/wordpress/texts.sh --check
start_wordpress
(cd web && BALCAO_PICTURES=${BALCAO_PICTURES:-no} npm run --silent e2e -w e2e)

step 'done'
