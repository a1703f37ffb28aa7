#include "tests/powercuts/powercuts.h"

#include "daemon/store/store_flags.h"
#include "tests/simulation/world.h"

#define SURVIVOR   "survivor.db"
#define SURVIVORS  3    /* of each cut: what was not synced may have survived in many ways */
#define STATES_MAX 1024 /* states found at the points of one turn */

static struct share own;
static struct cuts found;
static uint64_t states[STATES_MAX]; /* of the survivors since the last commit was looked at */
static size_t state_count;
static uint64_t committed; /* the state after the step before this one */

/* All that a commit may change, so that half a commit is noticed. */
static const char STATE[] = "SELECT terminal_id, generation, sequence, token, settled_ms FROM event"
                            " UNION ALL SELECT terminal_id, generation, upto, 0, 0 FROM receipt"
                            " UNION ALL SELECT pupil_id, day, outcomes, class, 0 FROM pupil_day"
                            " UNION ALL SELECT day, lessons_closed, closed_ms, decided_ms, 0 FROM school_day"
                            " UNION ALL SELECT flag, pupil_id, rule, cleared_day, withdrawn_ms FROM flag"
                            " UNION ALL SELECT rowid, flag, change, recorded_ms, 0 FROM flag_change"
                            " UNION ALL SELECT task, pupil_id, lessons, created_ms, closed_ms FROM task"
                            " UNION ALL SELECT terminal_id, reader, from_ms, to_ms, 0 FROM recorded_outage"
                            " UNION ALL SELECT terminal_id, birth, phase, queued, received_ms FROM terminal_state"
                            " UNION ALL SELECT topic, version, digest, 0, 0 FROM publication";

static uint64_t state_of(sqlite3 *database)
{
    uint64_t digest = 1;
    sqlite3_stmt *rows = NULL;
    if (sqlite3_prepare_v2(database, STATE, -1, &rows, NULL) != SQLITE_OK)
        return 0;
    while (sqlite3_step(rows) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(rows); i++)
            digest = digest * 31 + store_digest(sqlite3_column_blob(rows, i), (size_t)sqlite3_column_bytes(rows, i));
    sqlite3_finalize(rows);
    return digest;
}

static bool answers(sqlite3 *database, const char *question, const char *wanted)
{
    sqlite3_stmt *row = NULL;
    bool does = sqlite3_prepare_v2(database, question, -1, &row, NULL) == SQLITE_OK &&
                sqlite3_step(row) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(row, 0), wanted) == 0;
    sqlite3_finalize(row);
    return does;
}

/* Every receipt that went out until now is kept. */
static bool keeps_receipts(sqlite3 *database)
{
    char question[256];
    for (size_t i = 0; i < sim.receipted_count; i++) {
        const struct receipted *told = &sim.receipted[i];
        snprintf(question, sizeof question,
                 "SELECT coalesce(sum(last_sequence - sequence + 1), 0) >= %lld FROM event WHERE terminal_id = '%s'"
                 " AND generation = %lld",
                 (long long)told->upto, told->terminal, (long long)told->generation);
        if (!answers(database, question, "1"))
            return false;
    }
    return true;
}

static void make_survivor(void)
{
    static const char *const ENDINGS[] = {"", "-wal"};
    char name[MEMORY_NAME_BYTES];
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        snprintf(name, sizeof name, "%s%s", sim.database, ENDINGS[i]);
        const struct memory_file *file = memory_find(name, false);
        snprintf(name, sizeof name, SURVIVOR "%s", ENDINGS[i]);
        struct memory_file *survivor = memory_find(name, true);
        memory_forget_shm(survivor);
        memory_forget_changes(survivor);
        if (file != NULL)
            memory_survive(file, &survivor->seen);
        else
            memory_resize(&survivor->seen, 0);
    }
}

static void look_at_survivor(void)
{
    sqlite3 *database = NULL;
    make_survivor();
    found.points++;
    bool sound = sqlite3_open_v2(SURVIVOR, &database, SQLITE_OPEN_READWRITE, "memory") == SQLITE_OK &&
                 answers(database, "PRAGMA integrity_check(1)", "ok");
    found.damaged += !sound;
    found.lost += sound && !keeps_receipts(database);
    if (sound && state_count < STATES_MAX)
        states[state_count++] = state_of(database);
    sqlite3_close(database);
}

/* The power goes before this very operation. */
static void before_operation(struct memory_file *file)
{
    static uint32_t number;
    if (strncmp(file->name, sim.database, strlen(sim.database)) != 0 || number++ % own.shares != own.share)
        return;
    memory_disk.before = NULL;
    for (int i = 0; i < SURVIVORS; i++)
        look_at_survivor();
    memory_disk.before = before_operation;
}

static void count_between(uint64_t before, uint64_t after)
{
    for (size_t i = 0; i < state_count; i++)
        found.between += states[i] != before && states[i] != after;
    state_count = 0;
}

static void one_step(void)
{
    int64_t operations = memory_disk.operations;
    memory_disk.before = before_operation;
    term_step();
    memory_disk.before = NULL;
    if (memory_disk.operations == operations)
        return;
    uint64_t now = state_of(sim.observer);
    count_between(committed, now);
    committed = now;
}

/* SQLite's own settings for a control: what the store asks for is overheard. */
static const char *other_synchronous;

static int overhear(void *context, int action, const char *first, const char *second, const char *third,
                    const char *fourth)
{
    (void)context;
    (void)third;
    (void)fourth;
    return action == SQLITE_PRAGMA && second != NULL && strcmp(first, "synchronous") == 0 ? SQLITE_IGNORE : SQLITE_OK;
}

static int set_other(sqlite3 *database, char **error, const void *api)
{
    (void)error;
    (void)api;
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA synchronous = %s", other_synchronous);
    sqlite3_exec(database, pragma, NULL, NULL, NULL);
    return sqlite3_set_authorizer(database, overhear, NULL);
}

struct cuts cuts_make(struct share share, enum setting setting, int days)
{
    int32_t first_day = civil_day(2026, 9, 1);
    found = (struct cuts){0};
    own = share;
    other_synchronous = setting == SETTING_NORMAL ? "NORMAL" : setting == SETTING_OFF ? "OFF" : NULL;
    if (other_synchronous != NULL)
        sqlite3_auto_extension((void (*)(void))set_other);
    term_open(share.seed, first_day, WARM_DAYS + days);
    sim.faults = false;
    sim.office_every = 0; /* its work is no step: a cut in it would be judged against the wrong commits */
    host_start();
    for (int day = 0; day < WARM_DAYS; day++)
        term_day(first_day + day, term_step);
    committed = state_of(sim.observer);
    memory_disk.sync_lies = setting == SETTING_LYING_SYNC;
    for (int day = WARM_DAYS; day < WARM_DAYS + days; day++)
        term_day(first_day + day, one_step);
    host_stop();
    sqlite3_reset_auto_extension();
    return found;
}
