#!/usr/bin/env bash
# Measures the program against a raw ceiling, on SQLite and on a throw-away PostgreSQL, and writes bench/BENCHMARKS.md and bench/results.json.
# Nothing else should run on the machine. `scripts/bench.sh --quick` gives rough figures in a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
. scripts/servers.sh
cargo build --release --locked -p balcao-server -p balcao-bench
start_postgres
target/release/balcao-bench run --server target/release/balcao --database-url "$DATABASE_URL" "$@"
