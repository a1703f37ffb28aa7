/* A dry run does everything and is rolled back, in the database and in memory, so that its answer is that of a
 * commit. */
#include "daemon/commands/importing.h"

#include <stdio.h>
#include <stdlib.h>
#include "common/civil.h"
#include "common/fault.h"
#include "common/log.h"
#include "daemon/commands/acts.h"
#include "daemon/commands/import.h"
#include "daemon/commands/refusal.h"
#include "daemon/daemon.h"

static json_t *list_turns(struct store *store, int64_t after_change)
{
    json_t *list = json_array();
    struct store_flag_turn turn;
    struct query rows = store_flag_turns(store, after_change);
    while (store_next_flag_turn(&rows, &turn))
        json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "rule", turn.rule, "change", turn.change, "count",
                                              (json_int_t)turn.count));
    return list;
}

static void tell_consequences(struct daemon *daemon, const struct daemon_consequences *told, json_t *answer)
{
    const struct store_consequences *flags = &told->flags;
    json_object_set_new(answer, "dates", json_integer(told->dates));
    json_object_set_new(answer, "consequences",
                        json_pack("{s:I, s:I, s:I, s:I, s:I, s:o}", "flags_raised", (json_int_t)flags->raised,
                                  "flags_withdrawn", (json_int_t)flags->withdrawn, "flags_cleared",
                                  (json_int_t)flags->cleared, "tasks", (json_int_t)flags->tasks, "tasks_closed",
                                  (json_int_t)flags->tasks_closed, "flags",
                                  list_turns(daemon_store(daemon), flags->latest_change)));
}

/* Memory no longer agrees with the database, so the daemon ends. */
static json_t *fail(struct daemon *daemon, json_t *answer, const char *failure)
{
    daemon_fail(daemon, "import not applied", failure);
    json_decref(answer);
    return refusal_saying(failure);
}

static void tell_progress(const struct local_request *request, const char *step)
{
    char line[96];
    snprintf(line, sizeof line, "{\"progress\":\"%s\"}", step); /* our own words and a date: nothing to escape */
    local_tell(request, line);
}

static void tell_date(void *request, int32_t day)
{
    char step[64], date[CIVIL_DATE_BYTES];
    civil_write_date(day, date);
    snprintf(step, sizeof step, "taking the roll of %s", date);
    tell_progress(request, step);
}

/* The names of its files, as the dashboard's own imports are told. */
static bool keep_act(struct daemon *daemon, const json_t *object)
{
    char *files = json_dumps(json_object_get(object, "files"), JSON_COMPACT);
    bool kept = acts_keep(daemon, object, "import", files);
    free(files);
    return kept;
}

json_t *importing_answer(struct daemon *daemon, const struct local_request *request, const json_t *object)
{
    bool commit = false;
    struct dayset touched;
    struct daemon_consequences consequences;
    bool watched = json_is_true(json_object_get(object, "progress"));
    if (watched)
        tell_progress(request, "reading and comparing the files");
    dayset_init(&touched, daemon_today(daemon));
    store_begin_large(daemon_store(daemon));
    json_t *answer = import_run(daemon_store(daemon), object, request->files, request->file_count,
                                daemon_config(daemon)->token_key, daemon_now_ms(daemon), &touched, &commit);
    if (!json_is_true(json_object_get(answer, "ok"))) {
        store_rollback(daemon_store(daemon));
        return answer != NULL ? answer : refusal_saying("out of memory");
    }
    daemon_watch_roll(daemon, watched ? tell_date : NULL, (void *)request);
    const char *failure = commit ? daemon_follow(daemon, &touched, "import", &consequences)
                                 : daemon_rehearse(daemon, &touched, "import", &consequences);
    daemon_watch_roll(daemon, NULL, NULL);
    if (failure == NULL)
        tell_consequences(daemon, &consequences, answer);
    if (failure == NULL && commit && !keep_act(daemon, object))
        failure = "out of memory";
    if (failure == NULL && !commit && !FAULT(half_import_kept))
        failure = daemon_take_back(daemon);
    if (failure != NULL)
        return fail(daemon, answer, failure);
    if (commit) /* who, by the kernel's word: the dashboard's own log knows only its own imports */
        log_info("import committed uid=%u files=%zu", (unsigned)request->uid, request->file_count);
    return answer;
}
