#include "tests/simulation/world.h"

#include "daemon/life.h"
#include "daemon/outages.h"
#include "daemon/store/store_flags.h"

#define WAL_BYTES_MAX (20 * 1024 * 1024)
#define FRESH_STEPS   6 /* until it has heard itself */

static sqlite3_stmt *prepare(const char *question)
{
    sqlite3_stmt *statement;
    int prepared = sqlite3_prepare_v2(sim.observer, question, -1, &statement, NULL);
    assert(prepared == SQLITE_OK);
    (void)prepared;
    return statement;
}

static uint64_t digest_of(const char *question, int64_t parameter)
{
    uint64_t digest = 1;
    sqlite3_stmt *statement = prepare(question);
    if (sqlite3_bind_parameter_count(statement) > 0)
        sqlite3_bind_int64(statement, 1, parameter);
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const void *bytes = sqlite3_column_blob(statement, i);
            digest = digest * 31 + store_digest(bytes, (size_t)sqlite3_column_bytes(statement, i));
        }
    sqlite3_finalize(statement);
    return digest;
}

/* Tables whose rows stay, whatever happens: how far they go, and what is in them up to there. */
static const struct {
    const char *last, *rows;
} KEPT[KEPT_TABLES] = {
    {"SELECT coalesce(max(flag), 0) FROM flag",
     "SELECT flag, pupil_id, rule, rules_version, raised_day, decided_ms FROM flag WHERE flag <= ?1 ORDER BY flag"},
    {"SELECT coalesce(max(rowid), 0) FROM flag_change",
     "SELECT flag, change, day, why, recorded_ms FROM flag_change WHERE rowid <= ?1 ORDER BY rowid"},
    {"SELECT coalesce(max(task), 0) FROM task",
     "SELECT task, kind, pupil_id, day, created_ms FROM task WHERE task <= ?1 ORDER BY task"},
    {"SELECT coalesce(max(rowid), 0) FROM mark", "SELECT * FROM mark WHERE rowid <= ?1 ORDER BY rowid"},
};

void invariants_watch(void)
{
    for (size_t i = 0; i < KEPT_TABLES && sim.daemon_up; i++) {
        struct kept *kept = &sim.kept[i];
        sim.vanished += kept->known > 0 && digest_of(KEPT[i].rows, kept->known) != kept->digest;
        kept->known = host_ask(KEPT[i].last);
        kept->digest = digest_of(KEPT[i].rows, kept->known);
    }
}

static bool is_misdated(int32_t day)
{
    return day >= sim.first_day && day < sim.first_day + DAYS_MAX && sim.misdated[day - sim.first_day];
}

/* Once, with its token, and at its time: one without a clock takes the daemon's word for it, which may have been long on
 * its way; of a wrong clock nobody can expect the right time. */
static int taps_not_once(void)
{
    int wrong = 0;
    sqlite3_stmt *statement = prepare(
        "SELECT count(*) FROM event WHERE kind = 'tap' AND terminal_id = ?1 AND generation = ?2 AND sequence = ?3"
        " AND token = ?4 AND abs(coalesce(settled_ms, ?5) - ?5) <= ?6");
    for (size_t i = 0; i < sim.tap_count; i++) {
        const struct made_tap *made = &sim.taps[i];
        bool any_time = is_misdated(civil_from_utc_ms(made->at_ms).day);
        char terminal[ID_BYTES];
        snprintf(terminal, sizeof terminal, "t-%d", made->terminal + 1);
        sqlite3_bind_text(statement, 1, terminal, -1, SQLITE_TRANSIENT);
        sqlite3_bind_int64(statement, 2, (int64_t)made->generation);
        sqlite3_bind_int64(statement, 3, (int64_t)made->sequence);
        sqlite3_bind_int64(statement, 4, (int64_t)made->token);
        sqlite3_bind_int64(statement, 5, made->at_ms);
        sqlite3_bind_int64(statement, 6,
                           any_time           ? INT64_MAX / 4
                           : made->well_timed ? STEP_MS
                                              : LATEST_LETTER_MS + 2 * STEP_MS);
        bool once = sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == 1;
        wrong += made->shown && !once;
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return wrong;
}

static bool was_made(const char *terminal, int64_t generation, int64_t sequence, int64_t token)
{
    for (size_t i = 0; i < sim.tap_count; i++) {
        const struct made_tap *made = &sim.taps[i];
        if (made->terminal == terminal[2] - '1' && (int64_t)made->generation == generation &&
            (int64_t)made->sequence == sequence && (int64_t)made->token == token)
            return true;
    }
    return false;
}

static int taps_from_nowhere(void)
{
    int wrong = 0;
    sqlite3_stmt *statement = prepare("SELECT terminal_id, generation, sequence, token FROM event WHERE kind = 'tap'");
    while (sqlite3_step(statement) == SQLITE_ROW)
        wrong += !was_made((const char *)sqlite3_column_text(statement, 0), sqlite3_column_int64(statement, 1),
                           sqlite3_column_int64(statement, 2), sqlite3_column_int64(statement, 3));
    sqlite3_finalize(statement);
    return wrong;
}

static bool corrected(int32_t day)
{
    for (size_t i = 0; i < sim.correction_count; i++)
        if (sim.corrections[i].day == day)
            return true;
    return false;
}

/* Whether the pupil was seen, with the lamp to prove it, from `from_ms` until before `to_ms`. */
static bool tapped(int pupil, int64_t from_ms, int64_t to_ms, bool surely)
{
    for (size_t i = 0; i < sim.tap_count; i++) {
        const struct made_tap *made = &sim.taps[i];
        if (made->pupil == pupil && made->at_ms >= from_ms && made->at_ms < to_ms &&
            (!surely || (made->shown && made->well_timed)))
            return true;
    }
    return false;
}

/* From the pupils' side, and without the rules of the roll call: who showed the card during a lesson did not miss all of
 * it, and who never came was not there. Days of wrong clocks and of corrections say nothing here. */
static void judge_day(int pupil, int32_t day, const struct outcome *outcomes, int count, struct findings *findings)
{
    bool came = tapped(pupil, civil_to_utc_ms(day, 0), civil_to_utc_ms(day + 1, 0), false);
    for (int i = 0; i < count; i++) {
        int64_t start_ms = civil_to_utc_ms(day, outcomes[i].start_minute * 60000);
        int64_t end_ms = start_ms + outcomes[i].minutes * 60000;
        bool missed_all = outcomes[i].status == STATUS_UNREPORTED && outcomes[i].absent_minutes == outcomes[i].minutes;
        if (missed_all && tapped(pupil, start_ms, end_ms, true))
            findings->absent_who_tapped++;
        if (!came && (outcomes[i].status == STATUS_PRESENT || outcomes[i].status == STATUS_LATE))
            findings->present_who_never_came++;
    }
}

static void judge_outcomes(struct findings *findings)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    sqlite3_stmt *statement = prepare("SELECT pupil_id, day, outcomes FROM pupil_day");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int pupil = (int)strtol((const char *)sqlite3_column_text(statement, 0) + strlen("pupil-"), NULL, 10);
        int32_t day = sqlite3_column_int(statement, 1);
        int count =
            outcome_unpack(sqlite3_column_blob(statement, 2), (size_t)sqlite3_column_bytes(statement, 2), outcomes);
        if (!is_misdated(day) && !corrected(day))
            judge_day(pupil, day, outcomes, count, findings);
    }
    sqlite3_finalize(statement);
}

#define ON_THE_WAY_MS 180000 /* a terminal is not silent for so long, and a letter takes its time */

static int accused_of(int pupil, int32_t day, const struct outcome *outcomes, int count)
{
    int accused = 0;
    for (int i = 0; i < count; i++) {
        int64_t start_ms = civil_to_utc_ms(day, outcomes[i].start_minute * 60000);
        bool missed_all = outcomes[i].status == STATUS_UNREPORTED && outcomes[i].absent_minutes == outcomes[i].minutes;
        accused += missed_all && tapped(pupil, start_ms, start_ms + outcomes[i].minutes * 60000 - ON_THE_WAY_MS, true);
    }
    return accused;
}

int invariants_accused(void)
{
    int accused = 0;
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    sqlite3_stmt *statement = prepare("SELECT pupil_id, day, outcomes FROM pupil_day");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int pupil = (int)strtol((const char *)sqlite3_column_text(statement, 0) + strlen("pupil-"), NULL, 10);
        int32_t day = sqlite3_column_int(statement, 1);
        int count =
            outcome_unpack(sqlite3_column_blob(statement, 2), (size_t)sqlite3_column_bytes(statement, 2), outcomes);
        if (!is_misdated(day) && !corrected(day))
            accused += accused_of(pupil, day, outcomes, count);
    }
    sqlite3_finalize(statement);
    return accused;
}

uint64_t invariants_outcomes(int32_t through_day)
{
    return digest_of("SELECT pupil_id, day, class, outcomes FROM pupil_day WHERE day <= ?1 ORDER BY pupil_id, day",
                     through_day);
}

/* The later of two corrections of one lesson counts; one that was not confirmed may or may not. */
static bool overruled(size_t which)
{
    const struct correction *own = &sim.corrections[which];
    for (size_t i = 0; i < sim.correction_count; i++) {
        const struct correction *other = &sim.corrections[i];
        bool same_lesson = other->lesson == own->lesson && (other->pupil == own->pupil || other->pupil < 0);
        if (i != which && same_lesson && (i > which || other->recorded_ms == 0 || other->pupil < 0))
            return true;
    }
    return false;
}

static bool is_decided(int32_t day)
{
    sqlite3_stmt *statement = prepare("SELECT 1 FROM school_day WHERE day = ?1 AND decided_ms IS NOT NULL");
    sqlite3_bind_int(statement, 1, day);
    bool decided = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return decided;
}

/* A lesson may be marked before it has closed, and the simulation may be broken off before it does. */
static int corrections_ignored(void)
{
    int wrong = 0;
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    sqlite3_stmt *statement = prepare("SELECT outcomes FROM pupil_day WHERE pupil_id = ?1 AND day = ?2");
    for (size_t i = 0; i < sim.correction_count; i++) {
        const struct correction *mark = &sim.corrections[i];
        if (mark->recorded_ms == 0 || mark->lesson == 0 || mark->pupil < 0 || overruled(i))
            continue;
        char pupil_id[ID_BYTES];
        snprintf(pupil_id, sizeof pupil_id, "pupil-%02d", mark->pupil);
        sqlite3_bind_text(statement, 1, pupil_id, -1, SQLITE_TRANSIENT);
        sqlite3_bind_int(statement, 2, mark->day);
        bool found = false, closed = is_decided(mark->day);
        if (sqlite3_step(statement) == SQLITE_ROW) {
            int count =
                outcome_unpack(sqlite3_column_blob(statement, 0), (size_t)sqlite3_column_bytes(statement, 0), outcomes);
            for (int o = 0; o < count; o++) {
                closed |= outcomes[o].lesson == (uint32_t)mark->lesson;
                found |= outcomes[o].lesson == (uint32_t)mark->lesson && outcomes[o].status == mark->status;
            }
        }
        sqlite3_reset(statement);
        wrong += closed && !found;
    }
    sqlite3_finalize(statement);
    return wrong;
}

static bool is_sound(void)
{
    sqlite3_stmt *statement = prepare("PRAGMA integrity_check(1)");
    bool sound =
        sqlite3_step(statement) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    return sound;
}

#define CHECKED_AND_WELL                                                          \
    "SELECT (SELECT value FROM setting WHERE name = 'check_differing') = '0' AND" \
    " (SELECT value FROM setting WHERE name = 'check_sound') = '1'"
#define OUTCOMES "SELECT pupil_id, day, class, outcomes FROM pupil_day ORDER BY pupil_id, day"
#define OUTAGES  "SELECT terminal_id, reader, from_ms, to_ms FROM recorded_outage ORDER BY 1, 2, 3"
#define LIVES                                                                                    \
    "SELECT terminal_id, generation, boot, from_ms, to_ms, before_ms, closed FROM recorded_life" \
    " ORDER BY 1, 2, 3, 4"
#define FLAGS                                                                           \
    "SELECT pupil_id, rule, rules_version, raised_day, cleared_day, evidence FROM flag" \
    " WHERE withdrawn_ms IS NULL ORDER BY pupil_id, rule, raised_day"

static void rebuild_outages(void)
{
    struct dayset touched;
    dayset_init(&touched, civil_from_utc_ms(sim.now_ms).day);
    struct life_changes changes = {daemon_store(sim.daemon), &touched, sim.now_ms};
    store_begin(daemon_store(sim.daemon));
    for (int who = 0; who < TERMINALS; who++) {
        outages_rebuild(daemon_store(sim.daemon), sim.rigs[who].settings.terminal, &touched);
        life_rebuild(&changes, sim.rigs[who].settings.terminal);
    }
    store_commit(daemon_store(sim.daemon));
}

/* Throws away what is derived, and lets a fresh daemon work it out from the facts. */
static void compare_with_scratch(struct findings *findings)
{
    /* The fresh daemon takes some steps, in which nothing may close that had not closed before. */
    while (daemon_next_roll_ms(sim.daemon) <= sim.now_ms + FRESH_STEPS * STEP_MS)
        term_step();
    uint64_t outcomes = digest_of(OUTCOMES, 0), flags = digest_of(FLAGS, 0), outages = digest_of(OUTAGES, 0),
             lives = digest_of(LIVES, 0);
    sqlite3 *database;
    host_stop();
    sqlite3_open_v2(sim.database, &database, SQLITE_OPEN_READWRITE, "memory");
    facts_run(database, "DELETE FROM pupil_day; DELETE FROM school_day; DELETE FROM flag_change; DELETE FROM flag");
    sqlite3_close(database);
    host_start();
    int64_t since_ms;
    for (int i = 0; i < FRESH_STEPS || !daemon_is_heard(sim.daemon, &since_ms); i++)
        term_step();
    office_confirm(); /* all dates at once */
    term_step();
    findings->flags_not_from_facts = digest_of(OUTCOMES, 0) != outcomes || digest_of(FLAGS, 0) != flags;
    rebuild_outages();
    findings->outages_not_from_facts = digest_of(OUTAGES, 0) != outages || digest_of(LIVES, 0) != lives;
}

#define STANDING_AFTER(day)                                                    \
    "SELECT (SELECT count(*) FROM pupil_day WHERE day > " day ")"              \
    " + (SELECT count(*) FROM school_day WHERE day > " day ")"                 \
    " + (SELECT count(*) FROM task WHERE closed_ms IS NULL AND day > " day ")" \
    " + (SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL AND raised_day > " day ")"

/* Its lessons by their own ends, not by how far the daemon says that it has come. */
static bool outcomes_have_ended(int32_t today, int64_t now_ms)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    bool ended = true;
    sqlite3_stmt *statement = prepare("SELECT outcomes FROM pupil_day WHERE day = ?1");
    sqlite3_bind_int(statement, 1, today);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int count =
            outcome_unpack(sqlite3_column_blob(statement, 0), (size_t)sqlite3_column_bytes(statement, 0), outcomes);
        for (int i = 0; i < count; i++)
            ended &= civil_to_utc_ms(today, (outcomes[i].start_minute + outcomes[i].minutes) * 60000) <= now_ms;
    }
    sqlite3_finalize(statement);
    return ended;
}

void invariants_ended(void)
{
    char question[512];
    int64_t now_ms = sim.daemon_clock.utc_ms;
    int day = (int)civil_from_utc_ms(now_ms).day;
    snprintf(question, sizeof question, STANDING_AFTER("%d"), day, day, day, day);
    sim.of_time_to_come += host_ask(question) != 0 || !outcomes_have_ended(day, now_ms);
}

struct findings invariants_check(void)
{
    struct findings findings = {
        .taps_not_once = taps_not_once(),
        .from_nowhere = taps_from_nowhere(),
        .beyond_durable = sim.beyond_durable,
        .dry_runs_that_changed = sim.dry_runs_that_changed,
        .corrections_ignored = corrections_ignored(),
        .days_missing = sim.days - (int)host_ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL"),
        .damaged = !is_sound() || host_ask(CHECKED_AND_WELL) != 1,
        .wal_too_big = sim.wal_bytes_most > WAL_BYTES_MAX,
        .of_time_to_come = sim.of_time_to_come,
        .owed_too_long = sim.owed_most_ms > OWED_MOST_MS,
        .stored = host_ask("SELECT count(*) FROM event"),
        .flags = host_ask("SELECT count(*) FROM flag"),
    };
    for (int who = 0; who < TERMINALS; who++)
        findings.waiting += (int)journal_waiting(&sim.rigs[who].terminal.journal);
    invariants_watch();
    findings.vanished = sim.vanished;
    judge_outcomes(&findings);
    compare_with_scratch(&findings);
    return findings;
}

int findings_count(const struct findings *f)
{
    return f->taps_not_once + f->from_nowhere + f->beyond_durable + f->waiting + f->vanished + f->absent_who_tapped +
           f->present_who_never_came + f->corrections_ignored + f->days_missing + f->dry_runs_that_changed +
           f->damaged + f->wal_too_big + f->owed_too_long + f->of_time_to_come + f->flags_not_from_facts +
           f->outages_not_from_facts;
}

void findings_tell(const struct findings *f)
{
    printf("# seed %llu: %zu taps, %lld events stored, %lld flags; %d crashes, %d broker losses, %d clock jumps, %d new"
           " journals, %d disk failures, %d imports, acknowledgements lost %d times, %d reconnects, %d times asked, a"
           " receipt owed for %lld ms at most; WAL %zu bytes; trace %016llx\n",
           (unsigned long long)sim.seed, sim.tap_count, (long long)f->stored, (long long)f->flags, sim.counts.crashes,
           sim.counts.broker_losses, sim.counts.clock_jumps, sim.counts.new_journals, sim.counts.disk_failures,
           sim.counts.imports, sim.counts.acknowledgements_lost, sim.counts.reconnects, sim.counts.asked,
           (long long)sim.owed_most_ms, sim.wal_bytes_most, (unsigned long long)sim.trace);
    if (findings_count(f) > 0)
        printf(
            "# seed %llu, %d days: not once %d, from nowhere %d, beyond durable %d, waiting %d, vanished %d, absent who"
            " tapped %d, present who never came %d, corrections ignored %d, days missing %d, dry runs that changed %d,"
            " damaged %d, WAL too big %d, receipts owed too long %d, of time to come %d, flags not from facts %d,"
            " outages not from facts %d\n",
            (unsigned long long)sim.seed, (int)sim.days, f->taps_not_once, f->from_nowhere, f->beyond_durable,
            f->waiting, f->vanished, f->absent_who_tapped, f->present_who_never_came, f->corrections_ignored,
            f->days_missing, f->dry_runs_that_changed, f->damaged, f->wal_too_big, f->owed_too_long, f->of_time_to_come,
            f->flags_not_from_facts, f->outages_not_from_facts);
}
