#include "tests/simulation/world.h"

#define LOOK_EVERY 60 /* steps */

static const char RULES[] =
    "rules = ( { id = \"absent\"; severity = 2;"
    " when = ( { measure = \"absence_share\"; days = 10; at_least = 30.00; } );"
    " clear = { measure = \"absence_share\"; days = 10; below = 15.00; for_days = 2; }; },"
    " { id = \"late\"; severity = 1; when = ( { measure = \"late_arrivals\"; days = 10; at_least = 4; } );"
    " clear = { measure = \"late_arrivals\"; days = 10; below = 2; for_days = 2; }; },"
    " { id = \"unreported\"; severity = 3; when = ( { measure = \"unreported_lessons\"; days = 20; at_least = 8; } );"
    " clear = { measure = \"unreported_lessons\"; days = 10; below = 1; for_days = 1; }; } );";

int64_t host_ask(const char *question)
{
    sqlite3_stmt *statement;
    int64_t answer = -1;
    if (sqlite3_prepare_v2(sim.observer, question, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return answer;
}

static void note_receipt(const char *terminal, const struct wire_receipt *receipt)
{
    size_t i = 0;
    while (i < sim.receipted_count &&
           (sim.receipted[i].generation != receipt->generation || strcmp(sim.receipted[i].terminal, terminal) != 0))
        i++;
    assert(i < JOURNALS_MAX);
    sim.receipted_count += i == sim.receipted_count;
    struct receipted *told = &sim.receipted[i];
    snprintf(told->terminal, sizeof told->terminal, "%s", terminal);
    told->generation = receipt->generation;
    told->upto = receipt->upto > told->upto ? receipt->upto : told->upto;
}

/* Counted in the database itself, through another connection, which sees only what is committed. */
static void check_receipt(const char *topic, const char *bytes, size_t length)
{
    struct wire_receipt receipt;
    const char *why, *leaf;
    char terminal[ID_BYTES], question[512];
    if (!wire_topic_split(topic, "skolan", terminal, &leaf) || strcmp(leaf, "receipt") != 0)
        return;
    if (wire_decode_receipt(bytes, length, &receipt, &why) < 0) {
        sim.beyond_durable++;
        return;
    }
    snprintf(question, sizeof question,
             "SELECT coalesce(sum(last_sequence - sequence + 1), 0) FROM event WHERE terminal_id = '%s'"
             " AND generation = %lld AND sequence <= %lld",
             terminal, (long long)receipt.generation, (long long)receipt.upto);
    if (host_ask(question) != (int64_t)receipt.upto)
        sim.beyond_durable++;
    note_receipt(terminal, &receipt);
}

/* As the client library does it: a message that is to be acknowledged takes a place until it is; when all are taken the
 * next ones wait in the library, for ever if the broker has dropped the acknowledgements. What waits is not kept here: it is
 * said again on the next connection. */
static bool finds_place(bool assured)
{
    if (!assured || sim.now_ms >= sim.acknowledged_from_ms) {
        sim.acknowledged += assured;
        return !assured || sim.outstanding < PLACES;
    }
    return sim.outstanding++ < PLACES;
}

static bool send_out(void *context, const char *topic, const char *bytes, size_t length, bool retained, bool assured)
{
    (void)context;
    sim.daemon_works = false;
    check_receipt(topic, bytes, length);
    trace(bytes, length);
    if (finds_place(assured)) {
        const char *leaf = strrchr(topic, '/');
        if (strcmp(leaf, "/receipt") == 0)
            sim.owed_since_ms = 0;
        broker_publish(topic, bytes, length, retained);
    }
    sim.daemon_works = true;
    return true;
}

void host_start(void)
{
    char why[STORE_WHY_BYTES] = "";
    struct store *store = store_open(sim.database, "memory", why);
    if (store == NULL)
        printf("# %s\n", why);
    assert(store != NULL);
    const char *failure;
    sim.daemon = daemon_open(&sim.config, &sim.daemon_clock.clock, store, RULES, send_out, NULL, &failure);
    if (sim.daemon == NULL)
        printf("# %s\n", failure);
    assert(sim.daemon != NULL);
    sim.daemon_up = true;
    int result = sqlite3_open_v2(sim.database, &sim.observer, SQLITE_OPEN_READONLY, "memory");
    assert(result == SQLITE_OK);
    (void)result;
}

void host_stop(void)
{
    struct store *store = daemon_store(sim.daemon);
    sqlite3_close(sim.observer);
    daemon_close(sim.daemon);
    store_close(store);
    sim.daemon_up = false;
    sim.owed_since_ms = 0;
}

/* The power goes: nothing reaches the disk any more, and of what was not synced anything may be left. */
static void crash(void)
{
    char topic[WIRE_TOPIC_BYTES], bytes[256];
    size_t length = daemon_state(sim.daemon, false, daemon_now_ms(sim.daemon), topic, bytes, sizeof bytes);
    memory_disk.failure = SQLITE_IOERR;
    memory_disk.operations_left = 0;
    host_stop();
    memory_vfs_cut();
    broker_publish(topic, bytes, length, true);
    sim.daemon_back_ms = sim.now_ms + chance(chance(6) == 0 ? 3600000 : 20000);
    sim.counts.crashes++;
}

static void give(const struct daemon_input *input)
{
    sim.daemon_works = true;
    daemon_step(sim.daemon, input);
    sim.daemon_works = false;
}

static void note_owed(void)
{
    int64_t owed_ms = sim.owed_since_ms == 0 || !daemon_link_up(sim.daemon) ? 0 : sim.now_ms - sim.owed_since_ms;
    sim.owed_most_ms = owed_ms > sim.owed_most_ms ? owed_ms : sim.owed_most_ms;
}

static void lose_link(int64_t for_ms)
{
    give(&(struct daemon_input){.kind = DAEMON_LINK_DOWN});
    sim.link_back_ms = sim.now_ms + for_ms;
}

/* On a new connection the library sends again what was not acknowledged; from then on the broker is itself again. */
static void run_link(void)
{
    if (!daemon_link_up(sim.daemon) && sim.now_ms >= sim.link_back_ms) {
        sim.acknowledged += sim.outstanding;
        sim.outstanding = 0;
        sim.acknowledged_from_ms = sim.owed_since_ms = 0;
        broker_give_retained(TERMINALS);
        give(&(struct daemon_input){.kind = DAEMON_LINK_UP});
    } else if (daemon_link_up(sim.daemon) && mishap(5000)) {
        lose_link(chance(120000));
    } else if (daemon_link_up(sim.daemon) && mishap(2000)) {
        sim.acknowledged_from_ms = sim.now_ms + chance(4 * 3600000);
        sim.counts.acknowledgements_lost++;
    }
    note_owed();
}

/* What the program does about the daemon's own judgement. */
static void follow_pulse(void)
{
    switch (daemon_pulse(sim.daemon)) {
    case PULSE_WELL:
        break;
    case PULSE_RECONNECT:
        sim.counts.reconnects++;
        lose_link(chance(1000));
        break;
    case PULSE_MUTE:
        crash();
        break;
    }
}

/* A time service that is away, a battery that is empty, a hand that slipped: past the end of the term, and past 1 August. */
static const int64_t JUMPS_MS[] = {DAY_MS, -DAY_MS, 3600000, -3600000, 10 * (int64_t)DAY_MS, 330 * (int64_t)DAY_MS};

static void run_clock(void)
{
    if (sim.daemon_clock_wrong_ms != 0 && (!sim.faults || chance(300) == 0)) {
        sim.daemon_clock_wrong_ms = 0;
    } else if (!sim.on_lines && mishap(60000)) {
        sim.daemon_clock_wrong_ms = JUMPS_MS[chance(sizeof JUMPS_MS / sizeof *JUMPS_MS)];
        sim.counts.clock_jumps++;
    }
    if (sim.daemon_clock_wrong_ms != 0)
        note_misdated();
    sim.daemon_clock.utc_ms = sim.now_ms + sim.daemon_clock_wrong_ms;
    sim.daemon_clock.mono_ms = sim.now_ms;
}

/* The dangerous turns are those that take the roll: much is written, and flags change. */
static void plan_disk_failure(bool anything)
{
    bool rolls = daemon_roll_is_due(sim.daemon);
    if (!(rolls && mishap(8)) && !(anything && mishap(60)))
        return;
    memory_disk.failure = chance(2) ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    memory_disk.operations_left = chance(rolls ? 60 : 6);
    sim.counts.disk_failures++;
}

static void note_wal(void)
{
    char name[MEMORY_NAME_BYTES];
    snprintf(name, sizeof name, "%s-wal", sim.database);
    const struct memory_file *wal = memory_find(name, false);
    if (wal != NULL && wal->seen.length > sim.wal_bytes_most)
        sim.wal_bytes_most = wal->seen.length;
}

void host_run(bool anything)
{
    run_clock();
    if (!sim.daemon_up && sim.now_ms >= sim.daemon_back_ms)
        host_start();
    if (!sim.daemon_up)
        return;
    run_link();
    plan_disk_failure(anything);
    give(&(struct daemon_input){
        .kind = DAEMON_TURN, .idle = !anything, .acknowledged = sim.acknowledged, .outstanding = sim.outstanding});
    memory_disk.operations_left = MEMORY_FOREVER;
    note_wal();
    if (daemon_failed(sim.daemon) || mishap(8000) || (anything && mishap(200)))
        crash();
    else
        follow_pulse();
    if (sim.daemon_up && sim.now_ms / STEP_MS % LOOK_EVERY == 0)
        invariants_ended();
    if (sim.daemon_up && sim.daemon_clock_wrong_ms == 0 && chance(600) == 0)
        office_confirm();
}

void host_hear(const struct letter *letter)
{
    if (!sim.daemon_up || !daemon_link_up(sim.daemon))
        return;
    struct daemon_input input = {.kind = DAEMON_MESSAGE,
                                 .topic = letter->topic,
                                 .bytes = letter->bytes,
                                 .length = letter->length,
                                 .retained = letter->retained};
    give(&input);
    if (sim.owed_since_ms == 0 && strcmp(strrchr(letter->topic, '/'), "/event") == 0)
        sim.owed_since_ms = sim.now_ms;
    if (mishap(300)) /* between ingest and commit */
        crash();
}
