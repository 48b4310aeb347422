#!/usr/bin/env bash
# Writes the description of the HTTP interface and the console's types from it. Tests fail while either is stale.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --locked --quiet
target/debug/balcao openapi > web/packages/api/openapi.json
(cd web && npx --no-install openapi-typescript packages/api/openapi.json -o packages/api/src/schema.ts --immutable >/dev/null && npx --no-install prettier --write packages/api/src/schema.ts >/dev/null)
echo 'Wrote web/packages/api/openapi.json and web/packages/api/src/schema.ts'
