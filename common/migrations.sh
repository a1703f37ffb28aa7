#!/bin/sh
# migrations.sh FOLDER: prints C with the table of common/migrate.h for the database whose schema is FOLDER/*.sql and
# whose steps are FOLDER/migrations/NNN.sql, from 002.sql on without a gap. The table is named after the folder:
# STORE_MIGRATIONS of daemon/store.
set -eu
name=$(basename "$1" | tr a-z A-Z)_MIGRATIONS

# text FILE: declares the two symbols that the linker makes for FILE, and sets $row to the table's entry for it.
text() {
    symbol=_binary_$(echo "$1" | tr -c 'A-Za-z0-9\n' _)
    echo "extern const char ${symbol}_start[], ${symbol}_end[];"
    row="{${symbol}_start, ${symbol}_end}"
}

echo '#include "common/migrate.h"'
text "$1"/*.sql
schema=$row
version=1
steps=
for file in "$1"/migrations/*.sql; do
    version=$((version + 1))
    wanted=$1/migrations/$(printf %03d $version).sql
    [ "$file" = "$wanted" ] || { echo "migrations.sh: found $file where $wanted is the next" >&2; exit 1; }
    text "$file"
    steps="$steps$row, "
done
echo "extern const struct migrations $name;"
echo "static const struct migrate_text steps[] = {$steps{0}};"
echo "const struct migrations $name = {$schema, steps, $((version - 1))};"
