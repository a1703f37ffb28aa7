/* The daemon's half of issuing and revoking certificates; keys stay with the command line (daemon/cli/authority.h). */
#include "daemon/commands/provisioning.h"

#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "common/log.h"
#include "daemon/daemon.h"
#include "daemon/store/store_terminals.h"

#define ADD            "terminal_add"
#define REVOKE         "terminal_revoke"
#define SENTENCE_BYTES 320

static char sentence[SENTENCE_BYTES];
#define REFUSE(...) (snprintf(sentence, sizeof sentence, __VA_ARGS__), false)

bool provisioning_is(const char *what)
{
    return strcmp(what, ADD) == 0 || strcmp(what, REVOKE) == 0;
}

struct addition {
    const char *terminal, *room; /* room NULL: as listed */
    int64_t certificate_to_ms;
    bool is_new;
    char listed[NAME_BYTES];
};

static bool room_fits(struct daemon *daemon, struct addition *addition)
{
    const char *room = addition->room;
    addition->is_new =
        !store_terminal_room(daemon_store(daemon), addition->terminal, daemon_today(daemon), addition->listed);
    if (!addition->is_new)
        return room == NULL || strcmp(room, addition->listed) == 0 ||
               REFUSE("%s hangs in room %s, not %s: say that room, or move it in terminals.csv", addition->terminal,
                      addition->listed, room);
    if (room == NULL)
        return REFUSE("%s is not listed in the school's data: say its room, too (--room)", addition->terminal);
    if (room[0] == '\0' || strlen(room) >= NAME_BYTES || strpbrk(room, "\n\r\t") != NULL)
        return REFUSE("a room must be 1 to %d bytes on one line", NAME_BYTES - 1);
    if (!store_room_known(daemon_store(daemon), room))
        return REFUSE("no lesson is in room %s; write it as the school's data does", room);
    if (daemon_school(daemon)->terminal_ids.count >= SCHOOL_TERMINALS_MAX)
        return REFUSE("a school can have at most %d terminals", SCHOOL_TERMINALS_MAX);
    return true;
}

static bool may_be_added(struct daemon *daemon, struct addition *addition)
{
    if (!wire_id_valid(addition->terminal) || strcmp(addition->terminal, "daemon") == 0 ||
        strcmp(addition->terminal, "cards") == 0)
        return REFUSE("a terminal's id must be 1 to %d of a-z, 0-9 and -, and neither daemon nor cards", ID_CHARS_MAX);
    if (store_terminal_revoked(daemon_store(daemon), addition->terminal))
        return REFUSE("%s was revoked, and a revoked name does not come back: give the terminal another one",
                      addition->terminal);
    return room_fits(daemon, addition);
}

/* False: memory no longer agrees with the database; the daemon ends and is restarted. */
static bool take_over(struct daemon *daemon, const char *why)
{
    daemon_touch(daemon, daemon_today(daemon), daemon_today(daemon), why);
    const char *failure = daemon_school_changed(daemon, why);
    if (failure == NULL)
        return true;
    daemon_fail(daemon, "terminals not changed", failure);
    return REFUSE("%s", failure);
}

static bool add(struct daemon *daemon, const struct addition *addition)
{
    store_begin(daemon_store(daemon));
    if (addition->is_new)
        store_terminal_insert(daemon_store(daemon), addition->terminal, addition->room, daemon_today(daemon),
                              daemon_now_ms(daemon));
    store_certificate_put(daemon_store(daemon), addition->terminal, addition->certificate_to_ms, addition->is_new);
    return !addition->is_new || take_over(daemon, "terminal added");
}

static json_t *answer_add(struct daemon *daemon, const json_t *request)
{
    struct addition addition = {0};
    const char *to = "";
    int dry_run = 0;
    if (json_unpack((json_t *)request, "{s:s, s?s, s:s, s:b}", "terminal", &addition.terminal, "room", &addition.room,
                    "certificate_to", &to, "dry_run", &dry_run) != 0 ||
        !civil_read_utc(to, strlen(to), &addition.certificate_to_ms)) {
        (void)REFUSE("terminal_add needs terminal, certificate_to and dry_run");
        return NULL;
    }
    if (!may_be_added(daemon, &addition) || (!dry_run && !add(daemon, &addition)))
        return NULL;
    if (!dry_run)
        log_info("terminal has a certificate terminal=%s to=%s", addition.terminal, to);
    return json_pack("{s:b, s:s, s:s, s:b}", "ok", 1, "school", daemon_config(daemon)->school, "room",
                     addition.is_new ? addition.room : addition.listed, "is_new", addition.is_new);
}

static json_t *answer_revoke(struct daemon *daemon, const json_t *request)
{
    const char *terminal = "", *why = "";
    if (json_unpack((json_t *)request, "{s:s, s:s}", "terminal", &terminal, "why", &why) != 0 ||
        !wire_id_valid(terminal) || why[0] == '\0' || strlen(why) > PROVISIONING_WHY_CHARS) {
        (void)REFUSE("terminal_revoke needs terminal, and a reason of at most %d bytes", PROVISIONING_WHY_CHARS);
        return NULL;
    }
    bool before = store_terminal_revoked(daemon_store(daemon), terminal);
    store_begin(daemon_store(daemon));
    store_certificate_revoke(daemon_store(daemon), terminal, daemon_now_ms(daemon), why);
    if (!take_over(daemon, "terminal revoked"))
        return NULL;
    log_info("terminal revoked terminal=%s", terminal);
    return json_pack("{s:b, s:b}", "ok", 1, "revoked_before", before);
}

json_t *provisioning_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    sentence[0] = '\0';
    *why = sentence;
    return strcmp(json_string_value(json_object_get(request, "do")), ADD) == 0 ? answer_add(daemon, request)
                                                                               : answer_revoke(daemon, request);
}
