/* The power goes, the program is killed, the disk fails or is full at each operation of the disk on the way of real databases
 * from version 1 to today: what is left is the old database or the new one with all its rows, opens, and, once it is new,
 * has the old one beside it.
 *
 *   migrate_cuts        a share of the operations, among the other tests
 *   migrate_cuts full   each; FEWER=4 in the environment: one in four
 */
#include "common/migrate.h"

#include "common/log.h"
#include "tests/databases.h"
#include "tests/memory_vfs.h"
#include "tests/test.h"

#define OLD       "old.db"
#define SURVIVOR  "left.db"
#define SURVIVORS 4 /* of each cut; of the first everything that was written is there, as after kill -9 */

extern const struct migrations STORE_MIGRATIONS, CASEBOOK_MIGRATIONS;

static int cuts_fewer = 4, failures_fewer = 7; /* one operation in so many */
static char why[MIGRATE_WHY_BYTES];

static const struct way {
    const char *database;
    const struct migrations *migrations;
} WAYS[] = {{"attendance-1-early", &STORE_MIGRATIONS}, {"casebook-1-early", &CASEBOOK_MIGRATIONS}};

/* The files of a database: what a cut leaves, and a second copy, which there is never to be. */
enum name { DATABASE, WAL, JOURNAL, COPY, COPY_WAL, COPY_JOURNAL, LEFT_BY_A_CUT, SECOND_COPY = LEFT_BY_A_CUT, NAMES };
static char old[NAMES][MEMORY_NAME_BYTES], left[NAMES][MEMORY_NAME_BYTES];

static const struct way *way;
static uint64_t old_digest, new_digest; /* of the rows, as they were and as they become when nothing goes wrong */
static struct {
    int points, unusable, old, new, copies;
} found;

/* As both programs open theirs, for what matters to the disk. */
static bool opens(const char *name)
{
    sqlite3 *database = NULL;
    bool good =
        sqlite3_open_v2(name, &database, SQLITE_OPEN_READWRITE, "memory") == SQLITE_OK &&
        sqlite3_exec(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON", NULL,
                     NULL, NULL) == SQLITE_OK;
    if (!good)
        snprintf(why, sizeof why, "%s", sqlite3_errmsg(database));
    good = good && migrate(database, way->migrations, why);
    sqlite3_close(database);
    return good;
}

/* Of the version and every row of every table: 0 when it cannot be read, or is damaged. */
static uint64_t digest_of(const char *name)
{
    sqlite3 *database = database_open(name, "memory");
    sqlite3_stmt *tables = NULL;
    uint64_t digest = database_digest(database, "PRAGMA user_version");
    bool sound =
        digest != 0 && database_ask(database, "SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1;
    sqlite3_prepare_v2(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1, &tables,
                       NULL);
    while (sound && sqlite3_step(tables) == SQLITE_ROW) {
        char *rows = sqlite3_mprintf("SELECT * FROM \"%w\"", sqlite3_column_text(tables, 0));
        uint64_t one = database_digest(database, rows);
        sound = one != 0;
        digest = digest * 31 + one;
        sqlite3_free(rows);
    }
    sqlite3_finalize(tables);
    sqlite3_close(database);
    return sound ? digest : 0;
}

static bool is_there(const char *name)
{
    const struct memory_file *file = memory_find(name, false);
    return file != NULL && file->seen.length > 0;
}

/* Its files as a power cut now leaves them; `killed`: as the program leaves them. */
static void make_survivor(bool killed)
{
    for (int i = 0; i < LEFT_BY_A_CUT; i++) {
        const struct memory_file *file = memory_find(old[i], false);
        struct memory_file *survivor = memory_find(left[i], false);
        if (survivor != NULL)
            memory_erase(survivor);
        if (file == NULL)
            continue;
        survivor = memory_find(left[i], true);
        if (!killed) {
            memory_survive(file, &survivor->seen);
            continue;
        }
        memory_resize(&survivor->seen, file->seen.length);
        if (file->seen.length > 0)
            memcpy(survivor->seen.bytes, file->seen.bytes, file->seen.length);
    }
}

static bool survives(void)
{
    uint64_t digest = digest_of(SURVIVOR);
    found.old += digest == old_digest;
    found.new += digest == new_digest;
    if (digest != old_digest && digest != new_digest)
        return false;
    if (digest == new_digest && digest_of(left[COPY]) != old_digest)
        return false;
    return opens(SURVIVOR) && digest_of(SURVIVOR) == new_digest && digest_of(left[COPY]) == old_digest &&
           !is_there(left[SECOND_COPY]);
}

/* The power goes before this very operation. */
static void before_operation(struct memory_file *file)
{
    static int number;
    if (strncmp(file->name, OLD, strlen(OLD)) != 0 || number++ % cuts_fewer != 0)
        return;
    memory_disk.before = NULL;
    for (int i = 0; i < SURVIVORS; i++) {
        make_survivor(i == 0);
        found.points++;
        found.copies += is_there(left[COPY]);
        found.unusable += !survives();
    }
    memory_disk.before = before_operation;
}

static void name_files(const char *database, char names[NAMES][MEMORY_NAME_BYTES])
{
    static const char *const ENDINGS[] = {"", "-wal", "-journal"};
    int newest = migrate_newest(way->migrations);
    for (int i = DATABASE; i <= JOURNAL; i++)
        snprintf(names[i], MEMORY_NAME_BYTES, "%s%s", database, ENDINGS[i]);
    for (int i = COPY; i <= COPY_JOURNAL; i++)
        snprintf(names[i], MEMORY_NAME_BYTES, "%s.before-v%d%s", database, newest, ENDINGS[i - COPY]);
    snprintf(names[SECOND_COPY], MEMORY_NAME_BYTES, "%s.before-v%d-2", database, newest);
}

/* The database before the way, so that it is not made from its text each time. */
static struct memory_image image;

static void load(void)
{
    memory_vfs_format();
    memory_disk.before = NULL;
    struct memory_file *file = memory_find(OLD, true);
    memory_resize(&file->seen, image.length);
    memory_resize(&file->durable, image.length);
    memcpy(file->seen.bytes, image.bytes, image.length);
    memcpy(file->durable.bytes, image.bytes, image.length);
}

static void begin(const struct way *which)
{
    way = which;
    name_files(OLD, old);
    name_files(SURVIVOR, left);
    memory_vfs_format();
    database_load(way->database, OLD, "memory");
    memory_resize(&image, memory_find(OLD, false)->seen.length);
    memcpy(image.bytes, memory_find(OLD, false)->seen.bytes, image.length);
    load();
    old_digest = digest_of(OLD);
    CHECK(opens(OLD));
    new_digest = digest_of(OLD);
    CHECK(old_digest != 0 && new_digest != 0 && old_digest != new_digest);
    memset(&found, 0, sizeof found);
}

static void cut_everywhere(bool sync_lies)
{
    load();
    memory_disk.sync_lies = sync_lies;
    memory_disk.before = before_operation;
    CHECK(opens(OLD));
    memory_disk.before = NULL;
    memory_disk.sync_lies = false;
    printf("# %s: %d cuts on the way, %d found the old database, %d the new one, %d a copy, %d without a usable one\n",
           way->database, found.points, found.old, found.new, found.copies, found.unusable);
}

static void no_cut_leaves_no_usable_database(void)
{
    int points = 0;
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++) {
        begin(&WAYS[i]);
        cut_everywhere(false);
        points += found.points;
        CHECK(found.unusable == 0);
        CHECK(found.old > 0 && found.new > 0 && found.copies > found.new);
    }
    CHECK(points >= 800 / cuts_fewer);
}

static void a_disk_that_lies_is_found_out(void)
{
    begin(&WAYS[1]);
    cut_everywhere(true);
    CHECK(found.unusable > 0);
}

/* The operation with this number fails, and all after it when it is for good: true as long as there was one. */
static int64_t left_until_failure;

static void fail_once(struct memory_file *file)
{
    (void)file;
    memory_disk.operations_left = left_until_failure-- == 0 ? 0 : MEMORY_FOREVER;
}

static bool fails_at(int64_t number, int failure, bool for_good)
{
    load();
    memory_disk.failure = failure;
    why[0] = '\0';
    left_until_failure = number;
    if (for_good)
        memory_disk.operations_left = number;
    else
        memory_disk.before = fail_once;
    bool opened = opens(OLD);
    bool reached = for_good ? memory_disk.operations_left == 0 : left_until_failure < 0;
    memory_disk.before = NULL;
    memory_disk.operations_left = MEMORY_FOREVER;
    uint64_t digest = digest_of(OLD);
    CHECK(opened || why[0] != '\0');
    CHECK(opened ? digest == new_digest : digest == old_digest || digest == new_digest);
    CHECK(opens(OLD) && digest_of(OLD) == new_digest);
    CHECK(digest_of(old[COPY]) == old_digest && !is_there(old[SECOND_COPY]));
    return reached;
}

static void no_failure_of_the_disk_loses_a_row(void)
{
    static const struct {
        const char *word;
        int code;
        bool for_good;
    } FAILURES[] = {{"a full disk", SQLITE_FULL, true},
                    {"a disk full once", SQLITE_FULL, false},
                    {"I/O errors", SQLITE_IOERR_WRITE, true},
                    {"an I/O error", SQLITE_IOERR_WRITE, false}};
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++) {
        begin(&WAYS[i]);
        for (size_t f = 0; f < sizeof FAILURES / sizeof FAILURES[0]; f++) {
            int64_t number = 0;
            while (fails_at(number, FAILURES[f].code, FAILURES[f].for_good))
                number += failures_fewer;
            printf("# %s: %s at one in %d of %lld operations\n", way->database, FAILURES[f].word, failures_fewer,
                   (long long)number);
            CHECK(number > 50);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "full") == 0)
        cuts_fewer = failures_fewer = test_fewer();
    memory_vfs_register();
    log_open("migrate", LOG_WARN);
    TEST(no_cut_leaves_no_usable_database);
    TEST(a_disk_that_lies_is_found_out);
    TEST(no_failure_of_the_disk_loses_a_row);
    return test_done();
}
