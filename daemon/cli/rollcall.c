/* narvaro rollcall: takes the roll of a school in files and prints attendance.csv. */
#include <errno.h>
#include <stdlib.h>
#include "common/settings_file.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/folder.h"
#include "daemon/core/school/csv.h"
#include "daemon/core/rollcall_settings.h"
#include "daemon/core/school/schoolcheck.h"
#include "daemon/core/school/schoolload.h"

#define LINE_BYTES 1024

/* A row to print; what it points to stays with the school until the end. */
struct attendance {
    struct text pupil, class_name, subject;
    int32_t day;
    uint16_t start_minute, minutes, absent_minutes;
    uint8_t status;
};

struct attendances {
    struct attendance *rows;
    size_t count, capacity;
};

/* Copies what the next date overwrites; names stay with the school. */
static bool add_day(struct attendances *all, const struct rollcall *rollcall, const struct school *school, int32_t day)
{
    size_t needed = all->count + rollcall->row_count;
    if (needed > all->capacity) {
        size_t capacity = 2 * needed;
        struct attendance *rows = realloc(all->rows, capacity * sizeof *rows);
        if (rows == NULL)
            return false;
        all->rows = rows;
        all->capacity = capacity;
    }
    for (size_t i = 0; i < rollcall->row_count; i++) {
        const struct rollcall_row *row = &rollcall->rows[i];
        all->rows[all->count++] = (struct attendance){
            .pupil = names_text(&school->pupil_ids, row->pupil),
            .class_name = school_class(school, row->pupil, day),
            .subject = names_text(&school->subjects, row->outcome.subject),
            .day = day,
            .start_minute = row->outcome.start_minute,
            .minutes = row->outcome.minutes,
            .absent_minutes = row->outcome.absent_minutes,
            .status = row->outcome.status,
        };
    }
    return true;
}

static int by_printed_order(const void *left, const void *right)
{
    const struct attendance *a = left, *b = right;
    int order = text_compare(a->pupil, b->pupil);
    if (order == 0)
        order = text_compare(a->class_name, b->class_name);
    if (order == 0)
        order = (a->day > b->day) - (a->day < b->day);
    if (order == 0)
        order = a->start_minute - b->start_minute;
    if (order == 0)
        order = a->minutes - b->minutes;
    if (order == 0)
        order = text_compare(a->subject, b->subject);
    if (order == 0) /* not asked for, but the same files must always print the same */
        order = text_compare(text_of(STATUS_WORDS[a->status]), text_of(STATUS_WORDS[b->status]));
    return order != 0 ? order : a->absent_minutes - b->absent_minutes;
}

static void print(const struct attendance *row, FILE *out)
{
    char line[LINE_BYTES], date[CIVIL_DATE_BYTES];
    _Static_assert(LINE_BYTES > 3 * 2 * NAME_BYTES + 64, "three quoted texts and the rest fit");
    size_t used = csv_write(row->pupil, line);
    line[used++] = ',';
    used += csv_write(row->class_name, line + used);
    civil_write_date(row->day, date);
    used += (size_t)snprintf(line + used, sizeof line - used, ",%s,%02d:%02d,%d,", date, row->start_minute / 60,
                             row->start_minute % 60, row->minutes);
    used += csv_write(row->subject, line + used);
    fwrite(line, 1, used, out);
    fprintf(out, ",%s,%d\n", STATUS_WORDS[row->status], row->absent_minutes);
}

static bool print_all(struct attendances *all, FILE *out)
{
    if (all->count > 0)
        qsort(all->rows, all->count, sizeof *all->rows, by_printed_order);
    fputs("pupil_id,class,date,start,minutes,subject,status,absent_minutes\n", out);
    for (size_t i = 0; i < all->count; i++)
        print(&all->rows[i], out);
    return fflush(out) == 0 && !ferror(out);
}

/* How the roll is taken, as the words of the command say. */
struct rollcall_words {
    const char *folder, *config;
    int64_t now_ms;
    struct rollcall_settings settings;
};

struct memory {
    struct school *school;
    struct schoolday *facts;
    struct rollcall *rollcall;
    struct schoolload load;
    struct attendances all;
};

static int failed(const char *why)
{
    fprintf(stderr, "narvaro rollcall: %s\n", why);
    return COMMAND_FAILED;
}

/* The files can be read; what does not fit the limits of the roll call is added to them. */
static int take_the_roll(struct memory *memory, const struct schoolfiles *files, const struct names *lesson_ids,
                         const struct rollcall_words *words)
{
    memory->school = school_open();
    memory->facts = schoolday_open();
    memory->rollcall = rollcall_open();
    if (memory->school == NULL || memory->facts == NULL || memory->rollcall == NULL ||
        !schoolload_open(&memory->load, files, lesson_ids, memory->school))
        return failed(strerror(errno));
    while (schoolload_next(&memory->load, memory->facts)) {
        if (!rollcall_day(memory->rollcall, memory->school, memory->facts, &words->settings, words->now_ms))
            return failed("more than 131072 pupils and lessons on one date");
        if (!add_day(&memory->all, memory->rollcall, memory->school, memory->facts->day))
            return failed(strerror(errno));
    }
    if (files->problems->count > 0) {
        problems_print(files->problems, stderr);
        return COMMAND_FAILED;
    }
    return print_all(&memory->all, stdout) ? COMMAND_OK : failed(strerror(errno));
}

/* What an import would refuse does not stop a roll: it is told and passed over. */
static void tell_refusals(const struct problems *refusals)
{
    if (refusals->count == 0)
        return;
    fputs("narvaro rollcall: an import would refuse these; the roll is taken without them:\n", stderr);
    problems_print(refusals, stderr);
}

/* The files are all that is known here: references are checked against them alone. */
static int check_and_take(const struct schoolfiles *files, const struct rollcall_words *words)
{
    static const size_t NOTHING_KNOWN[SCHOOLCHECK_KINDS] = {0};
    struct schoolcheck check;
    if (!schoolcheck_open(&check, files, NOTHING_KNOWN))
        return failed(strerror(errno));
    int status = COMMAND_FAILED;
    if (!schoolcheck_run(&check, files)) {
        failed(strerror(errno));
    } else if (files->problems->count == 0) {
        tell_refusals(files->refusals);
        struct memory memory = {0};
        status = take_the_roll(&memory, files, &check.ids[SCHOOLCHECK_LESSON].names, words);
        free(memory.all.rows);
        schoolload_close(&memory.load);
        rollcall_close(memory.rollcall);
        schoolday_close(memory.facts);
        school_close(memory.school);
    } else {
        problems_print(files->problems, stderr);
        problems_print(files->refusals, stderr);
    }
    schoolcheck_close(&check);
    return status;
}

static bool read_settings(struct rollcall_words *words)
{
    static struct problems problems;
    struct settings *settings = settings_open_file(words->config, &problems);
    if (settings != NULL) {
        rollcall_settings_read(settings, &words->settings, &problems);
        settings_close(settings);
    }
    problems_print(&problems, stderr);
    return problems.count == 0;
}

static void take_time(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    struct rollcall_words *words = into;
    if (!civil_read_utc(word, strlen(word), &words->now_ms))
        argp_error(state, "--%s must be UTC like 2026-09-01T06:01:23Z", row->name);
}

int command_rollcall(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, "folder", .offset = offsetof(struct rollcall_words, folder)},
        {OPTION_TAKEN, "at", 'a', "UTC",
         "Take the roll as it stands at this time: lessons that have not closed give no rows. Without this, every "
         "lesson has closed",
         .take = take_time},
        {OPTION_TEXT, "config", 'c', "FILE", "Take it by the group rollcall of this settings file of narvarod",
         .offset = offsetof(struct rollcall_words, config)},
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .args_doc = "DIR",
        .doc =
            "Takes the roll of the school whose files are in DIR and prints attendance.csv: one row for each pupil and "
            "lesson, sorted by pupil, class, date, start, minutes, subject.",
    };
    /* Any key does: the tokens live only as long as this run. */
    static const uint8_t TOKEN_KEY[TOKEN_KEY_BYTES] = {0};
    static struct problems problems, refusals;
    struct rollcall_words words = {.now_ms = ROLLCALL_ALL_CLOSED, .settings = ROLLCALL_DEFAULTS};
    options_read(argc, argv, &OPTIONS, &words);

    struct folder folder;
    struct schoolfiles files;
    if (words.config != NULL && !read_settings(&words))
        return COMMAND_FAILED;
    if (!folder_open(&folder, words.folder))
        return COMMAND_FAILED;
    schoolfiles_init(&files, TOKEN_KEY, &problems, &refusals);
    int status = folder_read(&folder, &files) ? check_and_take(&files, &words) : COMMAND_FAILED;
    schoolfiles_free(&files);
    folder_close(&folder);
    return status;
}
