/* The import: a folder of school files into a store, against the roll call that the same files must give. */
#include "daemon/commands/import.h"

#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "daemon/core/rollcall.h"
#include "daemon/core/school/schoolcheck.h"
#include "daemon/core/school/schoolload.h"
#include "daemon/store/store_school.h"
#include "tests/test.h"

#define NOW_MS 1793000000000 /* 2026-10-26 */

static const uint8_t KEY[TOKEN_KEY_BYTES] = {1, 2, 3};

struct desk {
    char folder[64];
    struct store *store;
    struct dayset touched;
    json_t *answer;
};

static void open_desk(struct desk *desk)
{
    char why[STORE_WHY_BYTES];
    snprintf(desk->folder, sizeof desk->folder, "/tmp/narvaro-import-XXXXXX");
    CHECK(mkdtemp(desk->folder) != NULL);
    desk->store = store_open(":memory:", NULL, why);
    CHECK(desk->store != NULL);
    desk->answer = NULL;
}

static void close_desk(struct desk *desk)
{
    char path[128];
    for (int i = 0; i < SCHOOLFILES; i++) {
        snprintf(path, sizeof path, "%s/%s", desk->folder, schoolfiles_name((enum schoolfile)i));
        unlink(path);
    }
    rmdir(desk->folder);
    json_decref(desk->answer);
    store_close(desk->store);
}

static void write_file(const struct desk *desk, enum schoolfile which, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", desk->folder, schoolfiles_name(which));
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* Imports what is in `folder` as the daemon does. True when it was committed. */
static bool import_folder(struct desk *desk, const char *folder, bool commit)
{
    int fds[SCHOOLFILES];
    size_t count = 0;
    json_t *names = json_array();
    for (int i = 0; i < SCHOOLFILES; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", folder, schoolfiles_name((enum schoolfile)i));
        int fd = open(path, O_RDONLY);
        if (fd < 0)
            continue;
        fds[count++] = fd;
        json_array_append_new(names, json_string(schoolfiles_name((enum schoolfile)i)));
    }
    json_t *request = json_pack("{s:s, s:b, s:o}", "do", "import", "commit", commit, "files", names);
    bool committed;
    dayset_init(&desk->touched, civil_from_utc_ms(NOW_MS).day);
    store_begin(desk->store);
    json_decref(desk->answer);
    desk->answer = import_run(desk->store, request, fds, count, KEY, NOW_MS, &desk->touched, &committed);
    if (committed)
        CHECK(store_commit(desk->store));
    else
        store_rollback(desk->store);
    CHECK(!store_failed(desk->store));
    json_decref(request);
    while (count > 0)
        close(fds[--count]);
    return committed;
}

static long long told(const struct desk *desk, const char *file, const char *what)
{
    const json_t *files = json_object_get(desk->answer, "files"), *one;
    size_t i;
    json_array_foreach(files, i, one)
        if (strcmp(json_string_value(json_object_get(one, "file")), file) == 0)
            return (long long)json_integer_value(json_object_get(one, what));
    return -1;
}

static long long told_in_all(const struct desk *desk, const char *what)
{
    const json_t *files = json_object_get(desk->answer, "files"), *one;
    long long sum = 0;
    size_t i;
    json_array_foreach(files, i, one)
        sum += (long long)json_integer_value(json_object_get(one, what));
    return sum;
}

static bool told_error(const struct desk *desk, const char *beginning)
{
    const json_t *errors = json_object_get(desk->answer, "errors"), *error;
    size_t i;
    json_array_foreach(errors, i, error)
        if (strncmp(json_string_value(error), beginning, strlen(beginning)) == 0)
            return true;
    char *answer = json_dumps(desk->answer, 0);
    printf("# no error begins with \"%s\": %s\n", beginning, answer);
    free(answer);
    return false;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

#define LINES_MAX 20000
struct lines {
    char *text[LINES_MAX];
    size_t count;
};

static void add_lines(struct lines *lines, const struct school *school, const struct rollcall *rollcall, int32_t day)
{
    char date[CIVIL_DATE_BYTES], line[256];
    civil_write_date(day, date);
    for (size_t i = 0; i < rollcall->row_count && lines->count < LINES_MAX; i++) {
        const struct rollcall_row *row = &rollcall->rows[i];
        snprintf(line, sizeof line, "%s,%s,%s,%02d:%02d,%d,%s,%s,%d\n",
                 names_text(&school->pupil_ids, row->pupil).bytes, school_class(school, row->pupil, day).bytes, date,
                 row->outcome.start_minute / 60, row->outcome.start_minute % 60, row->outcome.minutes,
                 names_text(&school->subjects, row->outcome.subject).bytes, STATUS_WORDS[row->outcome.status],
                 row->outcome.absent_minutes);
        lines->text[lines->count++] = strdup(line);
    }
}

static void take_roll_from_store(struct store *store, struct lines *lines)
{
    struct school *school = school_open();
    struct schoolday *facts = schoolday_open();
    struct rollcall *rollcall = rollcall_open();
    CHECK(store_school_load(store, school) == NULL);
    for (int32_t day = 0; store_next_lesson_day(store, day, &day); day++) {
        CHECK(store_schoolday_load(store, school, facts, day, INT64_MAX) == NULL);
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
        add_lines(lines, school, rollcall, day);
    }
    rollcall_close(rollcall);
    schoolday_close(facts);
    school_close(school);
}

static void drop_lines(struct lines *lines)
{
    while (lines->count > 0)
        free(lines->text[--lines->count]);
}

/* The roll of the files themselves, as narvaro rollcall takes it. */
static void take_roll_from_files(const char *folder, struct lines *lines)
{
    static struct problems problems, refusals;
    struct schoolfiles files;
    struct schoolcheck check;
    struct schoolload load;
    char *bytes[SCHOOLFILES] = {0};
    problems.count = refusals.count = 0;
    schoolfiles_init(&files, KEY, &problems, &refusals);
    for (int i = 0; i < SCHOOLFILES; i++) {
        char path[256];
        size_t length;
        snprintf(path, sizeof path, "%s/%s", folder, schoolfiles_name((enum schoolfile)i));
        int fd = open(path, O_RDONLY);
        if (fd < 0)
            continue;
        CHECK(filebytes_read(fd, SCHOOLFILES_BYTES_MAX, &bytes[i], &length));
        CHECK(schoolfiles_read(&files, (enum schoolfile)i, bytes[i], length));
        close(fd);
    }
    struct school *school = school_open();
    struct schoolday *facts = schoolday_open();
    struct rollcall *rollcall = rollcall_open();
    static const size_t NONE[SCHOOLCHECK_KINDS];
    CHECK(schoolcheck_open(&check, &files, NONE) && schoolcheck_run(&check, &files) && problems.count == 0);
    CHECK(schoolload_open(&load, &files, &check.ids[SCHOOLCHECK_LESSON].names, school));
    while (schoolload_next(&load, facts)) {
        CHECK(rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED));
        add_lines(lines, school, rollcall, facts->day);
    }
    schoolload_close(&load);
    schoolcheck_close(&check);
    rollcall_close(rollcall);
    schoolday_close(facts);
    school_close(school);
    schoolfiles_free(&files);
    for (int i = 0; i < SCHOOLFILES; i++)
        free(bytes[i]);
}

static bool equals_expected(const struct lines *lines, const char *path)
{
    char line[256];
    size_t same = 0;
    FILE *file = fopen(path, "r");
    bool any = file != NULL && fgets(line, sizeof line, file) != NULL; /* the header */
    while (any && fgets(line, sizeof line, file) != NULL && same < lines->count && strcmp(line, lines->text[same]) == 0)
        same++;
    bool whole = any && feof(file) && same == lines->count;
    if (!whole)
        printf("# %s: %zu of %zu lines agree\n", path, same, lines->count);
    if (file != NULL)
        fclose(file);
    return whole;
}

/* What of `folder` is stored gives the roll of the file `expected`. */
static void check_stored(struct desk *desk, const char *folder, const char *expected)
{
    static struct lines lines;
    CHECK(import_folder(desk, folder, true));
    lines.count = 0;
    take_roll_from_store(desk->store, &lines);
    qsort(lines.text, lines.count, sizeof *lines.text, by_text);
    CHECK(equals_expected(&lines, expected));
    drop_lines(&lines);
}

static char *read_text(const char *folder, enum schoolfile which)
{
    char path[256];
    static char text[1 << 16];
    snprintf(path, sizeof path, "%s/%s", folder, schoolfiles_name(which));
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    CHECK(feof(file));
    fclose(file);
    return text;
}

/* Outages of terminals that are not listed are passed over by a roll of files, and refused by an import. */
static void write_listed_outages(struct desk *desk, const char *folder)
{
    char *terminals = strdup(read_text(folder, SCHOOLFILE_TERMINALS)), listed[1 << 14] = "", key[80], *rest = NULL;
    for (char *line = strtok_r(read_text(folder, SCHOOLFILE_OUTAGES), "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        snprintf(key, sizeof key, "\n%.*s,", (int)strcspn(line, ","), line);
        if (strncmp(line, "terminal_id,", 12) != 0 && strstr(terminals, key) == NULL)
            continue;
        CHECK(strlen(listed) + strlen(line) + 2 < sizeof listed);
        strcat(strcat(listed, line), "\n");
    }
    free(terminals);
    write_file(desk, SCHOOLFILE_OUTAGES, listed);
}

/* Takes the lines out of cards.csv of which the latest answer complains; returns how many. */
static size_t drop_refused_cards(struct desk *desk, const char *cards)
{
    bool refused[1024] = {false};
    const json_t *errors = json_object_get(desk->answer, "errors"), *error;
    size_t i, count = 0;
    json_array_foreach(errors, i, error) {
        int line = 0;
        CHECK(sscanf(json_string_value(error), "cards.csv:%d: card: it has two holders", &line) == 1 && line < 1024);
        count += !refused[line];
        refused[line] = true;
    }
    char kept[1 << 14] = "", *copy = strdup(cards), *rest = NULL;
    int number = 0;
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        if (!refused[++number])
            strcat(strcat(kept, line), "\n");
    free(copy);
    write_file(desk, SCHOOLFILE_CARDS, kept);
    return count;
}

/* What the vectors hold and an import refuses, cards with two holders, is taken out. The rest gives the same roll from the
 * files and from the store. */
static void check_school(const char *name, size_t refused_cards)
{
    struct desk desk;
    static struct lines stored, filed;
    char root[128], from[512], to[128];
    open_desk(&desk);
    CHECK(getcwd(root, sizeof root) != NULL);
    for (int i = 0; i < SCHOOLFILES; i++) {
        snprintf(from, sizeof from, "%s/tests/vectors/%s/%s", root, name, schoolfiles_name((enum schoolfile)i));
        snprintf(to, sizeof to, "%s/%s", desk.folder, schoolfiles_name((enum schoolfile)i));
        if (i != SCHOOLFILE_OUTAGES && i != SCHOOLFILE_CARDS && access(from, F_OK) == 0)
            CHECK(symlink(from, to) == 0);
    }
    snprintf(from, sizeof from, "tests/vectors/%s", name);
    write_listed_outages(&desk, from);
    char *cards = strdup(read_text(from, SCHOOLFILE_CARDS));
    write_file(&desk, SCHOOLFILE_CARDS, cards);
    CHECK(import_folder(&desk, desk.folder, true) == (refused_cards == 0));
    if (refused_cards > 0) {
        CHECK(drop_refused_cards(&desk, cards) == refused_cards);
        CHECK(import_folder(&desk, desk.folder, true));
    }
    take_roll_from_store(desk.store, &stored);
    take_roll_from_files(desk.folder, &filed);
    CHECK(stored.count > 1000 && stored.count == filed.count);
    qsort(stored.text, stored.count, sizeof *stored.text, by_text);
    qsort(filed.text, filed.count, sizeof *filed.text, by_text);
    size_t same = 0;
    while (same < stored.count && same < filed.count && strcmp(stored.text[same], filed.text[same]) == 0)
        same++;
    CHECK(same == stored.count);
    drop_lines(&stored);
    drop_lines(&filed);
    free(cards);
    close_desk(&desk);
}

static void stored_school_gives_the_roll_of_its_files(void)
{
    check_school("school-plain", 0);
    check_school("school-1", 4);
    check_school("school-2", 8);
}

static void stored_cases_give_the_expected_roll(void)
{
    glob_t cases;
    CHECK(glob("tests/vectors/cases/*/expected-attendance.csv", 0, NULL, &cases) == 0 && cases.gl_pathc > 8);
    for (size_t i = 0; i < cases.gl_pathc; i++) {
        if (strstr(cases.gl_pathv[i], "/19-") != NULL || strstr(cases.gl_pathv[i], "/25-") != NULL)
            continue; /* an import refuses them: what_cannot_be_right_is_refused */
        struct desk desk;
        char in[256];
        snprintf(in, sizeof in, "%.*s/in", (int)(strrchr(cases.gl_pathv[i], '/') - cases.gl_pathv[i]),
                 cases.gl_pathv[i]);
        open_desk(&desk);
        check_stored(&desk, in, cases.gl_pathv[i]);
        close_desk(&desk);
    }
    globfree(&cases);
}

static void dry_run_tells_and_changes_nothing(void)
{
    struct desk desk;
    open_desk(&desk);
    CHECK(!import_folder(&desk, "tests/vectors/school-plain", false));
    CHECK(told(&desk, "pupils.csv", "new") == 52 && told(&desk, "taps.csv", "new") == 2286);
    int32_t day, days = 0;
    while (dayset_take(&desk.touched, &day))
        days++;
    CHECK(days == 16); /* from the first lesson to the last */
    CHECK(!import_folder(&desk, "tests/vectors/school-plain", false));
    CHECK(told(&desk, "pupils.csv", "new") == 52);
    close_desk(&desk);
}

static void same_folder_twice_changes_nothing(void)
{
    struct desk desk;
    open_desk(&desk);
    CHECK(import_folder(&desk, "tests/vectors/school-plain", true));
    CHECK(told_in_all(&desk, "changed") == 0 && told_in_all(&desk, "not_in_file") == 0);
    long long rows = told_in_all(&desk, "rows");
    CHECK(import_folder(&desk, "tests/vectors/school-plain", true));
    CHECK(told_in_all(&desk, "new") == 0 && told_in_all(&desk, "changed") == 0);
    CHECK(told_in_all(&desk, "unchanged") == rows && told_in_all(&desk, "not_in_file") == 0);
    int32_t day;
    CHECK(!dayset_take(&desk.touched, &day));
    close_desk(&desk);
}

static const char PUPILS[] = "pupil_id,given_name,family_name,class,year,protected,from,to\n"
                             "a,Ada,Å,7A,7,0,,\nb,Bo,Ö,7A,7,1,,\n";
static const char LESSONS[] = "lesson_id,group_id,subject,room,date,start,end,state\n"
                              "L1,7A,no,101,2026-10-26,08:10,09:00,held\nL2,7A,so,101,2026-10-27,08:10,09:00,held\n";
static const char MEMBERS[] = "group_id,pupil_id,from,to\n7A,a,,\n7A,b,,\n";

static void open_small_desk(struct desk *desk)
{
    open_desk(desk);
    write_file(desk, SCHOOLFILE_PUPILS, PUPILS);
    write_file(desk, SCHOOLFILE_LESSONS, LESSONS);
    write_file(desk, SCHOOLFILE_MEMBERS, MEMBERS);
    CHECK(import_folder(desk, desk->folder, true));
}

static void tells_new_changed_unchanged_and_missing(void)
{
    struct desk desk;
    int32_t day, monday = civil_day(2026, 10, 26);
    open_small_desk(&desk);
    write_file(&desk, SCHOOLFILE_LESSONS,
               "lesson_id,group_id,subject,room,date,start,end,state\n"
               "L2,7A,so,102,2026-10-28,08:10,09:00,held\n"
               "L3,7A,so,101,2026-10-29,08:10,09:00,cancelled\n");
    CHECK(import_folder(&desk, desk.folder, true));
    CHECK(told(&desk, "lessons.csv", "new") == 1 && told(&desk, "lessons.csv", "changed") == 1);
    CHECK(told(&desk, "lessons.csv", "unchanged") == 0 && told(&desk, "lessons.csv", "not_in_file") == 1);
    CHECK(told(&desk, "pupils.csv", "unchanged") == 2);
    /* Its old date, its new one, and that of the new lesson. */
    for (int32_t after = 1; after <= 3; after++)
        CHECK(dayset_take(&desk.touched, &day) && day == monday + after);
    CHECK(!dayset_take(&desk.touched, &day));
    /* L1 is in no file any more, and still there. */
    CHECK(store_next_lesson_day(desk.store, 0, &day) && day == monday);
    close_desk(&desk);
}

static void rows_given_twice_are_one(void)
{
    struct desk desk;
    open_small_desk(&desk);
    write_file(&desk, SCHOOLFILE_MEMBERS, "group_id,pupil_id,from,to\n7A,a,,\n7A,a,,\nx,a,,\nx,a,,\n");
    CHECK(import_folder(&desk, desk.folder, true));
    CHECK(told(&desk, "members.csv", "new") == 1 && told(&desk, "members.csv", "unchanged") == 3);
    CHECK(told(&desk, "members.csv", "not_in_file") == 1);
    close_desk(&desk);
}

static void facts_may_lean_on_what_is_known(void)
{
    struct desk desk;
    int32_t day;
    open_small_desk(&desk);
    char path[128];
    snprintf(path, sizeof path, "%s/pupils.csv", desk.folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/lessons.csv", desk.folder);
    unlink(path);
    write_file(&desk, SCHOOLFILE_MARKS,
               "lesson_id,pupil_id,status,absent_minutes,recorded_at\n"
               "L2,a,late,50,2026-10-27T08:00:00Z\n");
    CHECK(import_folder(&desk, desk.folder, true));
    CHECK(told(&desk, "marks.csv", "new") == 1);
    CHECK(dayset_take(&desk.touched, &day) && day == civil_day(2026, 10, 27));
    write_file(&desk, SCHOOLFILE_MARKS,
               "lesson_id,pupil_id,status,absent_minutes,recorded_at\n"
               "L2,a,late,51,2026-10-27T08:00:00Z\n");
    CHECK(!import_folder(&desk, desk.folder, true));
    CHECK(told_error(&desk, "marks.csv:2: absent_minutes: 51 is more than the lesson's 50"));
    close_desk(&desk);
}

static void one_error_stops_all_of_it(void)
{
    struct desk desk;
    int32_t day;
    open_desk(&desk);
    write_file(&desk, SCHOOLFILE_PUPILS, PUPILS);
    write_file(&desk, SCHOOLFILE_LESSONS, LESSONS);
    write_file(&desk, SCHOOLFILE_MEMBERS, "group_id,pupil_id,from,to\n7A,a,,\n7A,nobody,,2026-13-01\n7A,ghost,,\n");
    CHECK(!import_folder(&desk, desk.folder, true));
    CHECK(told_error(&desk, "members.csv:3: to: \"2026-13-01\" should be a date"));
    CHECK(told_error(&desk, "members.csv:4: pupil_id: no pupil is called \"ghost\""));
    CHECK(!store_next_lesson_day(desk.store, 0, &day));
    close_desk(&desk);
}

/* Letters of two bytes must not be cut in two: JSON would not take the line. */
static void errors_stay_whole_text(void)
{
    struct desk desk;
    static const char LONG[] = "åååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååååå";
    static char text[512];
    open_desk(&desk);
    for (int shift = 0; shift < 2; shift++) {
        snprintf(text, sizeof text, "terminal_id,from,to\nt-1,%s%s,\n", shift == 0 ? "" : "x", LONG);
        write_file(&desk, SCHOOLFILE_OUTAGES, text);
        CHECK(!import_folder(&desk, desk.folder, true));
        CHECK(told_error(&desk, shift == 0 ? "outages.csv:2: from: \"åååååååååååååååååååå\" should be"
                                           : "outages.csv:2: from: \"xååååååååååååååååååå\" should be"));
    }
    close_desk(&desk);
}

static void what_cannot_be_right_is_refused(void)
{
    struct desk desk;
    open_desk(&desk);
    CHECK(!import_folder(&desk, "tests/vectors/cases/19-phone-with-random-number-is-given-out/in", true));
    CHECK(told_error(&desk, "cards.csv:2: card: 4 bytes that begin with 08"));
    CHECK(!import_folder(&desk, "tests/vectors/cases/25-lesson-in-2086/in", true));
    CHECK(told_error(&desk, "lessons.csv:"));
    CHECK(import_folder(&desk, "tests/vectors/cases/09-one-card-two-pupils-is-not-told/1", true));
    CHECK(!import_folder(&desk, "tests/vectors/cases/09-one-card-two-pupils-is-not-told/2", true));
    CHECK(told_error(&desk, "cards.csv:"));
    close_desk(&desk);
}

static void limits_of_the_daemon_are_kept(void)
{
    struct desk desk;
    static char text[8192];
    open_small_desk(&desk);
    size_t used = (size_t)snprintf(text, sizeof text, "lesson_id,group_id,subject,room,date,start,end,state\n");
    for (int i = 0; i <= OUTCOME_LESSONS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "M%d,7A,no,101,2026-10-30,%02d:%02d,%02d:%02d,held\n",
                                 i, 8 + i / 6, i % 6 * 10, 8 + i / 6, i % 6 * 10 + 9);
    write_file(&desk, SCHOOLFILE_LESSONS, text);
    CHECK(!import_folder(&desk, desk.folder, true));
    CHECK(told_error(&desk, "lessons.csv: date: a pupil has 41 lessons on 2026-10-30; at most 40"));
    close_desk(&desk);
}

int main(void)
{
    TEST(stored_school_gives_the_roll_of_its_files);
    TEST(stored_cases_give_the_expected_roll);
    TEST(dry_run_tells_and_changes_nothing);
    TEST(same_folder_twice_changes_nothing);
    TEST(tells_new_changed_unchanged_and_missing);
    TEST(rows_given_twice_are_one);
    TEST(facts_may_lean_on_what_is_known);
    TEST(one_error_stops_all_of_it);
    TEST(errors_stay_whole_text);
    TEST(what_cannot_be_right_is_refused);
    TEST(limits_of_the_daemon_are_kept);
    return test_done();
}
