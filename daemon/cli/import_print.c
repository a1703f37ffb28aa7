/* The sentences for an import's answer, by the words of docs/api.md. */
#include "daemon/cli/import_print.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/cli/ask.h"

#define DATE_SHOWN_BYTES 32

static long long number(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

/* {to} and {date} are filled in. */
struct phrase {
    const char *what, *says;
};
static const struct phrase CHANGES[] = {
    {"moved", "moved to {to} from {date}"},
    {"came_back", "came back {date}"},
    {"began", "a new period from {date}"},
    {"lengthened", "begins earlier, {date}"},
    {"left", "left {date}"},
    {"ends", "ends later, {date}"},
    {"corrected", "was {to} all the time"},
    {"renamed", "has another name"},
    {"details",
     "has other details: birth date, school form, home municipality, programme, placed, or why the period ended"},
    {"protected", "has protected identity now"},
    {"stays_protected", "stays protected: lowering it is `narvaro protect PUPIL --lower`"},
    {"cancelled", "cancelled"},
    {"held", "held after all"},
    {"ended", "ended"},
};
static const struct phrase UNMET[] = {
    {"missing", "known, and not in the file (--replace ends what a file lacks)"},
    {"unknown_file", "files that are not read; did you mean {to}?"},
    {"columns_not_read", "columns that are not read"},
    {"lessons_without_members", "lessons whose group has no member"},
    {"pupils_without_lessons", "pupils in no lesson"},
    {"groups_without_lessons", "groups with no lesson"},
    {"members_of_unknown_groups", "members of unknown groups"},
    {"terminals_without_lessons", "terminals in rooms without lessons"},
    {"rooms_without_terminal", "rooms without a terminal"},
    {"lessons_in_holiday", "lessons on a holiday"},
    {"lessons_twice", "lessons with two ids at one time (--replace heals it)"},
};

static const char *phrase_of(const struct phrase *phrases, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(phrases[i].what, what) == 0)
            return phrases[i].says;
    return what;
}

/* "2026-11-03" as 3 November 2026. */
static void write_date(const char *text, char out[DATE_SHOWN_BYTES])
{
    static const char *const MONTHS[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    int32_t date;
    if (!civil_read_date(text, strlen(text), &date)) {
        snprintf(out, DATE_SHOWN_BYTES, "always");
        return;
    }
    int year, month, day;
    civil_date(date, &year, &month, &day);
    snprintf(out, DATE_SHOWN_BYTES, "%d %s %d", day, MONTHS[month - 1], year);
}

static void print_phrase(const char *says, const json_t *entry)
{
    char date[DATE_SHOWN_BYTES];
    write_date(ask_text(entry, "date"), date);
    if (strcmp(ask_text(entry, "what"), "unknown_file") == 0 && ask_text(entry, "to")[0] == '\0')
        says = "files that are not read";
    for (const char *at = says; *at != '\0'; at++) {
        if (strncmp(at, "{to}", 4) == 0) {
            printf("%s", ask_text(entry, "to"));
            at += 3;
        } else if (strncmp(at, "{date}", 6) == 0) {
            printf("%s", date);
            at += 5;
        } else {
            putchar(*at);
        }
    }
}

static void print_entries(const json_t *entries, const struct phrase *phrases, size_t count)
{
    const json_t *entry, *name;
    size_t i, k;
    json_array_foreach(entries, i, entry) {
        const json_t *names = json_object_get(entry, "names");
        long long more = number(entry, "count") - (long long)json_array_size(names);
        printf("%s: %lld ", ask_text(entry, "file"), number(entry, "count"));
        print_phrase(phrase_of(phrases, count, ask_text(entry, "what")), entry);
        json_array_foreach(names, k, name) {
            printf("%s%s", k == 0 ? ": " : ", ", json_string_value(name));
        }
        if (more > 0)
            printf(" … and %lld more", more);
        printf("\n");
    }
}

static void print_files(const json_t *answer)
{
    const json_t *files = json_object_get(answer, "files"), *file;
    size_t i;
    printf("%-15s %9s %9s %9s %9s %12s\n", "file", "rows", "new", "changed", "unchanged", "not in file");
    json_array_foreach(files, i, file) {
        printf("%-15s %9lld %9lld %9lld %9lld %12lld\n", ask_text(file, "file"), number(file, "rows"),
               number(file, "new"), number(file, "changed"), number(file, "unchanged"), number(file, "not_in_file"));
    }
}

static void print_flags(const json_t *consequences, const char *change)
{
    const json_t *flags = json_object_get(consequences, "flags"), *flag;
    size_t i;
    bool any = false;
    json_array_foreach(flags, i, flag) {
        if (strcmp(ask_text(flag, "change"), change) != 0)
            continue;
        printf("%s%s %lld", any ? ", " : " (", ask_text(flag, "rule"), number(flag, "count"));
        any = true;
    }
    printf(any ? ")" : "");
}

static void print_consequences(const json_t *answer, bool committed)
{
    const json_t *told = json_object_get(answer, "consequences");
    const char *is = committed ? "" : "would be ";
    printf("%lld dates %s taken the roll of anew\n", number(answer, "dates"), committed ? "are" : "would be");
    printf("%lld flags %sraised", number(told, "flags_raised"), is);
    print_flags(told, "raised");
    printf(", %lld %swithdrawn", number(told, "flags_withdrawn"), is);
    print_flags(told, "withdrawn");
    printf(", %lld %scleared\n", number(told, "flags_cleared"), is);
    printf("%lld tasks %sgiven, %lld %sclosed\n", number(told, "tasks"), is, number(told, "tasks_closed"), is);
}

void import_print(const json_t *answer)
{
    bool committed = json_is_true(json_object_get(answer, "committed"));
    print_files(answer);
    print_entries(json_object_get(answer, "changes"), CHANGES, sizeof CHANGES / sizeof *CHANGES);
    print_entries(json_object_get(answer, "unmet"), UNMET, sizeof UNMET / sizeof *UNMET);
    print_consequences(answer, committed);
    printf(committed ? "committed\n" : "nothing was changed: this was a dry run, say --commit to do it\n");
}
