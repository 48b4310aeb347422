#!/usr/bin/env bash
# Takes the pictures of docs/guide anew, in both languages, and makes them small. The program has to be built (make web, cargo build).
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh pictures
. scripts/servers.sh
start_wordpress
# The plugin comes with its own test.
(cd web && npm run --silent e2e -w e2e -- wordpress.spec.ts -g 'a code saved in wp-admin')
(cd web && BALCAO_GUIDE_PICTURES=1 npm run --silent e2e -w e2e -- guide-pictures.spec.ts -g 'settings|hours|survey|offline|plugin')
pngquant --force --ext .png --skip-if-larger --strip --speed 1 --quality 70-95 docs/guide/pictures/*/*.png || [ $? -eq 98 ]
(cd web && npm run --silent e2e -w e2e -- guide-pictures.spec.ts -g 'the guide names')
