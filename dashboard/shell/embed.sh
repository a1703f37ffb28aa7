#!/bin/sh
# embed.sh FOLDER: prints C with every page of FOLDER gzipped, its content type, and its hash as ETag (dashboard/shell/page.h).
set -eu
cd "$1"

type_of() {
    case $1 in
    *.html) echo "text/html; charset=utf-8" ;;
    *.css) echo "text/css; charset=utf-8" ;;
    *.js) echo "text/javascript; charset=utf-8" ;;
    *.svg) echo "image/svg+xml" ;;
    *.webmanifest) echo "application/manifest+json" ;;
    *) return 1 ;; # vendor notes and the like are no pages
    esac
}

echo '#include "dashboard/shell/page.h"'
files=$(find . -type f | LC_ALL=C sort)
number=0
rows=
for file in $files; do
    type=$(type_of "$file") || continue
    number=$((number + 1))
    etag=$(sha256sum "$file" | cut -c1-16)
    echo "static const unsigned char page_$number[] = {"
    gzip -9 -n -c "$file" | od -An -v -tx1 | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
    echo "};"
    rows="$rows    {\"${file#.}\", \"$type\", \"\\\\\"$etag\\\\\"\", page_$number, sizeof page_$number},
"
done
printf "const struct page PAGES[] = {\n%b    {0}};\n" "$rows"
