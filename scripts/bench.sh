#!/usr/bin/env bash
# Measures the program against a raw ceiling, on SQLite and on a throw-away PostgreSQL; lists with a million conversations on both; and what only a
# browser shows. Writes bench/BENCHMARKS.md and bench/results.json. Nothing else should run on the machine; it takes some forty minutes and 15 GB.
# `scripts/bench.sh --quick` gives rough figures of the first part in a minute; --run, --lists and --browser do one part alone.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
. scripts/servers.sh
cargo build --release --locked -p balcao-server -p balcao-bench
start_postgres
parts="run lists browser"
case "${1:-}" in
  --quick) parts=run ;;
  --run | --lists | --browser) parts=${1#--}; shift ;;
esac
for part in $parts; do
  case $part in
    run) target/release/balcao-bench run --server target/release/balcao --database-url "$DATABASE_URL" "$@" ;;
    lists) target/release/balcao-bench lists --server target/release/balcao --database-url "$DATABASE_URL" "$@" ;;
    browser)
      (cd web && BALCAO_BINARY=$PWD/../target/release/balcao npm run --silent measure -w e2e)
      target/release/balcao-bench page
      ;;
  esac
done
