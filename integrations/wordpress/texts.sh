#!/usr/bin/env bash
# The plugin's texts: writes the template anew, brings the translations to it, packs them. `--check` only says whether all of that is so and
# whether a text is missing. It needs gettext.
set -euo pipefail
cd "$(dirname "$0")/balcao"
into=languages
if [ "${1:-}" = --check ]; then
  into=$(mktemp -d /tmp/balcao-texts.XXXXXX)
  trap 'rm -rf "$into"' EXIT
  cp languages/*.po "$into/"
fi

find . -name '*.php' | LC_ALL=C sort | xgettext --files-from=- --language=PHP --from-code=UTF-8 --add-comments=translators: --no-wrap --add-location=file \
  --keyword=__:1 --keyword=esc_html__:1 --package-name=Balcão --output=- |
  sed -e '/^"POT-Creation-Date/d' -e '/^"PO-Revision-Date/d' -e 's/charset=CHARSET/charset=UTF-8/' -e '1,6d' >"$into/balcao.pot"
for po in "$into"/*.po; do
  msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap --add-location=file "$po" "$into/balcao.pot"
  if [ -n "$(msgattrib --untranslated "$po")" ]; then echo "$(basename "$po"): a text is missing" >&2; exit 1; fi
  msgfmt --check-format --no-hash --output-file="${po%.po}.mo" "$po"
done
[ "$into" = languages ] || diff -r -x '*.php' languages "$into"
