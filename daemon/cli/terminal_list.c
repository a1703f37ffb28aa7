/* narvaro terminal list: what the authority has signed, with what the daemon knows of each. Without the daemon the list is
 * shorter, not absent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "common/civil.h"
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/terminal.h"

#define SOON_DAYS  60
#define NOTE_BYTES 320

static const json_t *find(const json_t *terminals, const char *terminal)
{
    const json_t *one;
    size_t i;
    json_array_foreach(terminals, i, one) {
        if (strcmp(ask_text(one, "terminal"), terminal) == 0)
            return one;
    }
    return NULL;
}

static void note(const struct issued *issued, const json_t *known, int64_t now_ms, char out[NOTE_BYTES])
{
    char since[CIVIL_UTC_BYTES];
    int64_t left_days = (issued->to_ms - now_ms) / CIVIL_MS_PER_DAY;
    civil_write_utc(issued->revoked_ms, since);
    out[0] = '\0';
    if (issued->revoked_ms != 0)
        snprintf(out, NOTE_BYTES, "revoked %.10s: %s", since, ask_text(known, "revoked_why"));
    else if (issued->to_ms <= now_ms)
        snprintf(out, NOTE_BYTES, "ended; renew it");
    else if (left_days < SOON_DAYS)
        snprintf(out, NOTE_BYTES, "ends in %d days; renew it", (int)left_days);
}

static void print_row(const struct issued *issued, const json_t *known, int64_t now_ms)
{
    char ends[CIVIL_UTC_BYTES], words[NOTE_BYTES];
    const char *room = ask_text(known, "room"), *seen = ask_text(known, "last_seen");
    civil_write_utc(issued->to_ms, ends);
    note(issued, known, now_ms, words);
    printf("%-32s %-12s %.10s  %-20s  %s\n", issued->name, *room ? room : "-", ends, *seen ? seen : "never", words);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct issued *)left)->name, ((const struct issued *)right)->name);
}

/* The newest certificate of each terminal, by name; how many. */
static size_t collect(const struct authority *authority, struct issued *out)
{
    size_t count = 0;
    for (size_t i = 0; i < authority->issued_count; i++) {
        const struct issued *one = &authority->issued[i];
        if (one->kind == ISSUED_TERMINAL && authority_latest(authority, one->name) == one)
            out[count++] = *one;
    }
    qsort(out, count, sizeof *out, by_name);
    return count;
}

static void print_authority(const struct authority *authority)
{
    char print[AUTHORITY_PRINT_BYTES], ends[CIVIL_UTC_BYTES];
    const struct issued *broker = authority_server(authority, ISSUED_BROKER);
    authority_print(authority, print);
    civil_write_utc(authority_to_ms(authority), ends);
    printf("\nThe authority ends on %.10s; the broker is %s. Fingerprint: %s\n", ends,
           broker == NULL ? "without a certificate" : broker->name, print);
}

int terminal_list(const struct terminal_words *words)
{
    char why[AUTHORITY_WHY_BYTES];
    struct authority authority;
    if (!authority_open(&authority, words->authority, why))
        return command_failed("narvaro terminal", why);
    struct issued *terminals = calloc(authority.issued_count + 1, sizeof *terminals);
    size_t count = terminals == NULL ? 0 : collect(&authority, terminals);
    json_t *answer = ask(words->socket_path, json_pack("{s:s}", "do", "status"), NULL, 0);
    int64_t now_ms = (int64_t)time(NULL) * 1000;
    printf("%-32s %-12s %-10s  %-20s\n", "terminal", "room", "valid to", "last heard of");
    for (size_t i = 0; i < count; i++)
        print_row(&terminals[i], find(json_object_get(answer, "terminals"), terminals[i].name), now_ms);
    print_authority(&authority);
    json_decref(answer);
    free(terminals);
    authority_close(&authority);
    return command_printed();
}
