/* Whether a database's file is the one that it was, with real files and processes: tests/files.test.mjs puts them back in wrong
 * ways under the real programs. */
#include "common/dbfile.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/test.h"

#define KILLS 60

static char folder[64], path[128], kept[128], why[DBFILE_WHY_BYTES];
static struct dbfile file;
static sqlite3 *database;

static void run(const char *sql)
{
    CHECK(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static bool claim(bool take)
{
    return dbfile_claim(&file, path, "pupil", take, why);
}

/* As the two programs do it. */
static bool open_it(bool take)
{
    if (!claim(take))
        return false;
    CHECK(sqlite3_open(path, &database) == SQLITE_OK);
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE IF NOT EXISTS pupil (name TEXT);"
        "CREATE INDEX IF NOT EXISTS pupil_name ON pupil (name)");
    return dbfile_keep(&file, database, why);
}

/* As after a kill: what is in the -wal stays there. */
static void leave_it(void)
{
    sqlite3_close(database);
    close(file.side);
}

static void close_it(void)
{
    dbfile_leave(&file, database);
    leave_it();
}

/* Opened, used and closed. */
static void live(void)
{
    CHECK(open_it(false));
    run("INSERT INTO pupil VALUES (hex(randomblob(2000)))");
    close_it();
}

static void copy(const char *from, const char *to)
{
    char command[300];
    snprintf(command, sizeof command, "cp %s %s", from, to);
    CHECK(system(command) == 0);
}

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/narvaro-dbfile-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.db", folder);
    snprintf(kept, sizeof kept, "%s/kept.db", folder);
    live();
    copy(path, kept);
    live();
}

static void end(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK(system(command) == 0);
}

/* The exit status of a process of its own that does it. */
static int in_another_process(int (*act)(void))
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(act());
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int claimed(void)
{
    return claim(false);
}

static void one_process_at_a_time(void)
{
    begin();
    CHECK(open_it(false));
    CHECK(in_another_process(claimed) == 0);
    close_it();
    CHECK(in_another_process(claimed) == 1);
    end();
}

static void an_older_copy_and_none_are_refused_until_they_are_meant(void)
{
    begin();
    copy(kept, path);
    CHECK(!claim(false) && strstr(why, "or an older copy of it") != NULL);
    CHECK(open_it(true));
    close_it();
    live();
    unlink(path);
    CHECK(!claim(false) && strstr(why, "now there is none") != NULL);
    CHECK(open_it(true));
    close_it();
    live();
    end();
}

static void pages_of_another_state_are_not_replayed(void)
{
    begin();
    CHECK(open_it(false));
    run("INSERT INTO pupil VALUES ('Ada')");
    leave_it();
    copy(path, kept);
    CHECK(open_it(false)); /* its own */
    close_it();
    CHECK(open_it(false));
    run("INSERT INTO pupil VALUES ('Bo')");
    leave_it();
    copy(kept, path);
    CHECK(!claim(false) && strstr(why, "-wal belongs to another file") != NULL);
    CHECK(!claim(true) && strstr(why, "-wal belongs to another file") != NULL);
    end();
}

static void after_a_clean_stop_no_wal_is_its_own(void)
{
    char wal[160], strange[160];
    begin();
    snprintf(wal, sizeof wal, "%s-wal", path);
    snprintf(strange, sizeof strange, "%s-wal", kept);
    CHECK(open_it(false));
    run("INSERT INTO pupil VALUES ('Di')");
    leave_it();
    copy(wal, strange);
    CHECK(open_it(false));
    close_it();
    copy(strange, wal);
    CHECK(!claim(false) && strstr(why, "-wal belongs to another file") != NULL);
    unlink(wal);
    live();
    end();
}

/* Rows that an index lacks: a look at the tree of pages does not find them. */
static void what_a_person_means_is_looked_through(void)
{
    begin();
    CHECK(sqlite3_open(kept, &database) == SQLITE_OK);
    run("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '(name)', '(name || 1)')"
        " WHERE name = 'pupil_name'");
    sqlite3_close(database);
    copy(kept, path);
    CHECK(!claim(true) && strstr(why, "damaged") != NULL);
    CHECK(sqlite3_open(kept, &database) == SQLITE_OK);
    run("DROP TABLE pupil");
    sqlite3_close(database);
    copy(kept, path);
    CHECK(!claim(true) && strstr(why, "of another kind") != NULL);
    end();
}

static uint32_t identity_on_disk(const char *name)
{
    unsigned char bytes[72] = {0};
    FILE *stream = fopen(name, "re");
    CHECK(stream != NULL && fread(bytes, 1, sizeof bytes, stream) == sizeof bytes);
    fclose(stream);
    return (uint32_t)bytes[68] << 24 | (uint32_t)bytes[69] << 16 | (uint32_t)bytes[70] << 8 | bytes[71];
}

static void each_checkpoint_gives_an_identity_that_lies_beside_it(void)
{
    char side[160], expected[32], text[32] = "";
    begin();
    snprintf(side, sizeof side, "%s.id", path);
    uint32_t identity = identity_on_disk(path);
    CHECK(identity != 0 && identity != identity_on_disk(kept));
    FILE *stream = fopen(side, "re");
    CHECK(stream != NULL && fread(text, 1, sizeof text - 1, stream) == 23);
    fclose(stream);
    snprintf(expected, sizeof expected, "%08x %08x left\n", identity, identity);
    CHECK(strcmp(text, expected) == 0);
    end();
}

static void a_file_that_is_gone_or_written_over_is_noticed(void)
{
    char away[160];
    snprintf(away, sizeof away, "%s.away", path);
    begin();
    snprintf(away, sizeof away, "%s.away", path);
    CHECK(open_it(false) && dbfile_is_there(&file, DBFILE_LOOK_MS));
    rename(path, away);
    CHECK(dbfile_is_there(&file, 2 * DBFILE_LOOK_MS - 1)); /* not looked yet */
    CHECK(!dbfile_is_there(&file, 2 * DBFILE_LOOK_MS));
    rename(away, path);
    CHECK(dbfile_is_there(&file, 3 * DBFILE_LOOK_MS));
    run("INSERT INTO pupil VALUES ('Cy')");
    copy(kept, path);
    CHECK(!dbfile_is_there(&file, 4 * DBFILE_LOOK_MS));
    CHECK(dbfile_checkpoint(&file, database, SQLITE_CHECKPOINT_TRUNCATE) == SQLITE_BUSY);
    CHECK(identity_on_disk(path) == identity_on_disk(kept)); /* nothing was written onto it */
    leave_it();
    end();
}

/* Says `a` once it is open and then works until it is killed. */
static int work(int told)
{
    if (!open_it(false) || write(told, "a", 1) != 1)
        return 1;
    for (int i = 0;; i++) {
        run("INSERT INTO pupil VALUES (hex(randomblob(2000)))");
        dbfile_checkpoint(&file, database, i % 2 ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE);
    }
}

static void no_kill_makes_it_another(void)
{
    begin();
    for (int i = 0; i < KILLS; i++) {
        int told[2], status;
        char byte;
        CHECK(pipe(told) == 0);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0)
            _exit(work(told[1]));
        close(told[1]);
        CHECK(read(told[0], &byte, 1) == 1); /* opened what the kill before left */
        usleep((useconds_t)(i * 97 % 5000));
        kill(child, SIGKILL);
        CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
        close(told[0]);
    }
    live();
    end();
}

int main(void)
{
    umask(0077);
    TEST(one_process_at_a_time);
    TEST(an_older_copy_and_none_are_refused_until_they_are_meant);
    TEST(pages_of_another_state_are_not_replayed);
    TEST(after_a_clean_stop_no_wal_is_its_own);
    TEST(what_a_person_means_is_looked_through);
    TEST(each_checkpoint_gives_an_identity_that_lies_beside_it);
    TEST(a_file_that_is_gone_or_written_over_is_noticed);
    TEST(no_kill_makes_it_another);
    return test_done();
}
