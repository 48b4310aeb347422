#!/usr/bin/env bash
# Installs what Debian's packages give and says in one line what else is missing. `setup.sh run` for running, `setup.sh test` for the tests too,
# `setup.sh pictures` for the guide's pictures as well.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=(gcc libc6-dev make curl ca-certificates)
if [ "${1:-run}" != run ]; then
  wanted+=(postgresql nats-server nginx-light poppler-utils chromium fonts-noto-core fonts-noto-color-emoji)
  # Real mail servers, of which only the scripts start any.
  wanted+=(dovecot-imapd dovecot-lmtpd postfix openssl)
  # A real WordPress, started by the scripts alone, and what its plugin's texts are made with.
  wanted+=(wordpress wordpress-theme-twentytwentythree php-cli php-mysql mariadb-server-core gettext)
fi
if [ "${1:-run}" = pictures ]; then wanted+=(pngquant wordpress-l10n); fi

missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  echo "Installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

need_rust='Rust 1.95 is needed: https://rustup.rs (Debian 12 has 1.63, which is too old)'
need_node='Node 20.19 or newer is needed: https://nodejs.org (Debian 12 has 18, which is too old)'
command -v cargo >/dev/null || { echo "$need_rust" >&2; exit 1; }
command -v node >/dev/null || { echo "$need_node" >&2; exit 1; }
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  { echo "$need_node" >&2; exit 1; }
