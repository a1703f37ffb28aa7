/* The commands of the admin socket, a function each: users are added, named for pupils, given passwords and switched
 * off; retention, register extracts and the audit log are asked for. A change and its audit row are one transaction.
 * */
#include "dashboard/admin.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/log.h"
#include "dashboard/casebook/casebook_accounts.h"
#include "dashboard/casebook/casebook_audit.h"
#include "dashboard/extract.h"
#include "dashboard/retention.h"
#include "dashboard/shell/password.h"

#define NAMED_FOR_MAX 500

static int64_t now_of(const struct admin *admin)
{
    return clock_utc_ms(&admin->civil);
}

static const char *word_of(const json_t *request, const char *key)
{
    const char *text = json_string_value(json_object_get(request, key));
    return text != NULL ? text : "";
}

/* Letters, digits and what stands in staff ids and mail addresses: it will be typed, logged and put in a URL.
 */
static bool is_user_name(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length < USER_BYTES &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@") == length;
}

static const char *user_fault(const json_t *request, struct casebook_user *user)
{
    const char *name = word_of(request, "name");
    if (!is_user_name(word_of(request, "user")))
        return "user must be 1 to 64 of a-z A-Z 0-9 . - _ @";
    if (!*name || strlen(name) >= sizeof user->name)
        return "name must have 1 to 128 bytes";
    if (!access_role_read(word_of(request, "role"), &user->role))
        return "role must be eht, rektor, mentor, teacher, it or dpo";
    strcpy(user->user, word_of(request, "user"));
    strcpy(user->name, name);
    strcpy(user->language, "sv");
    return password_fault(word_of(request, "password"), user->user);
}

/* NULL, or the sentence that refuses. */
static const char *pupils_of(const json_t *list, const char **out, size_t *count)
{
    *count = json_array_size(list);
    if ((list != NULL && !json_is_array(list)) || *count > NAMED_FOR_MAX)
        return "named_for must be a list of at most 500 pupil ids";
    for (size_t i = 0; i < *count; i++) {
        out[i] = json_string_value(json_array_get(list, i));
        if (out[i] == NULL || !*out[i] || strlen(out[i]) >= NAME_BYTES)
            return "named_for must hold pupil ids";
    }
    return NULL;
}

static const char *user_add(struct admin *admin, const json_t *request, json_t *answer)
{
    struct casebook_user user = {0}, old;
    const char *named_for[NAMED_FOR_MAX];
    size_t named_count;
    (void)answer;
    const char *fault = user_fault(request, &user);
    if (fault == NULL)
        fault = pupils_of(json_object_get(request, "named_for"), named_for, &named_count);
    if (fault != NULL)
        return fault;
    if (casebook_user(admin->book, user.user, &old) != CASEBOOK_ABSENT)
        return "there is a user of that name already";
    if (!password_hash_now(admin->passwords, word_of(request, "password"), user.password, sizeof user.password))
        return "too busy with other passwords, or out of memory: try again";
    int64_t now_ms = now_of(admin);
    if (!casebook_begin(admin->book) ||
        !casebook_end(admin->book, casebook_audit(admin->book, now_ms, "", "user_added", user.user) &&
                                       casebook_user_add(admin->book, &user, named_for, named_count, now_ms)))
        return "the casebook could not be written";
    log_info("user added user=%s role=%s", user.user, ROLE_WORDS[user.role]);
    return NULL;
}

static const char *user_name(struct admin *admin, const json_t *request, json_t *answer)
{
    struct casebook_user user;
    const char *pupil = word_of(request, "pupil");
    (void)answer;
    if (casebook_user(admin->book, word_of(request, "user"), &user) != CASEBOOK_FOUND)
        return "there is no such user";
    if (!*pupil || strlen(pupil) >= NAME_BYTES)
        return "pupil must be a pupil id";
    char object[USER_BYTES + NAME_BYTES];
    snprintf(object, sizeof object, "%s %s", user.user, pupil);
    if (!casebook_begin(admin->book) ||
        !casebook_end(admin->book, casebook_audit(admin->book, now_of(admin), "", "user_named", object) &&
                                       casebook_name_user(admin->book, user.user, pupil)))
        return "the casebook could not be written";
    return NULL;
}

static const char *user_list(struct admin *admin, const json_t *request, json_t *answer)
{
    struct casebook_user user;
    json_t *users = json_array();
    (void)request;
    struct query rows = casebook_users(admin->book);
    while (casebook_next_user(&rows, &user))
        json_array_append_new(users, json_pack("{s:s, s:s, s:s, s:b, s:b}", "user", user.user, "name", user.name,
                                               "role", ROLE_WORDS[user.role], "disabled", (int)user.disabled, "totp",
                                               (int)user.has_totp));
    json_object_set_new(answer, "users", users);
    return casebook_good(admin->book) ? NULL : "the casebook could not be read";
}

/* One change to one user, durable together with its audit row. */
static const char *change(struct admin *admin, const json_t *request, const char *action,
                          bool (*apply)(struct admin *admin, const char *user, const void *with), const void *with)
{
    struct casebook_user user;
    if (casebook_user(admin->book, word_of(request, "user"), &user) != CASEBOOK_FOUND)
        return "there is no such user";
    if (!casebook_begin(admin->book) ||
        !casebook_end(admin->book, casebook_audit(admin->book, now_of(admin), "", action, user.user) &&
                                       apply(admin, user.user, with)))
        return "the casebook could not be written";
    log_info("user changed user=%s action=%s", user.user, action);
    return NULL;
}

static bool apply_disable(struct admin *admin, const char *user, const void *disable)
{
    return casebook_user_disable(admin->book, user, *(const bool *)disable, now_of(admin));
}

static const char *user_disable(struct admin *admin, const json_t *request, json_t *answer)
{
    (void)answer;
    return change(admin, request, "user_disabled", apply_disable, &(bool){true});
}

static const char *user_enable(struct admin *admin, const json_t *request, json_t *answer)
{
    (void)answer;
    return change(admin, request, "user_enabled", apply_disable, &(bool){false});
}

static bool apply_password(struct admin *admin, const char *user, const void *hash)
{
    return casebook_password_set(admin->book, user, hash, NULL);
}

static const char *user_reset(struct admin *admin, const json_t *request, json_t *answer)
{
    char hash[SECRET_PASSWORD_BYTES];
    const char *fault = password_fault(word_of(request, "password"), word_of(request, "user"));
    (void)answer;
    if (fault != NULL)
        return fault;
    if (!password_hash_now(admin->passwords, word_of(request, "password"), hash, sizeof hash))
        return "too busy with other passwords, or out of memory: try again";
    return change(admin, request, "user_reset", apply_password, hash);
}

static bool apply_totp_reset(struct admin *admin, const char *user, const void *with)
{
    (void)with;
    return casebook_totp_remove(admin->book, user);
}

static const char *user_totp_reset(struct admin *admin, const json_t *request, json_t *answer)
{
    (void)answer;
    return change(admin, request, "user_totp_reset", apply_totp_reset, NULL);
}

/* What a head is told as. */
static void tell_head(struct admin *admin, const struct casebook_head *head, json_t *answer)
{
    char hex[SECRET_MAC_HEX_BYTES], now[CIVIL_UTC_BYTES];
    secret_mac_hex(head->mac, hex);
    civil_write_utc(now_of(admin), now);
    json_object_set_new(answer, "sequence", json_integer(head->sequence));
    json_object_set_new(answer, "mac", json_string(hex));
    json_object_set_new(answer, "at", json_string(now));
}

static const char *audit_head(struct admin *admin, const json_t *request, json_t *answer)
{
    struct casebook_head head = casebook_audit_head(admin->book);
    (void)request;
    tell_head(admin, &head, answer);
    return NULL;
}

/* One step of the walk along the log; the asker keeps where it stands. */
static const char *audit_walk(struct admin *admin, const json_t *request, json_t *answer)
{
    struct casebook_walk walk = {.first = json_integer_value(json_object_get(request, "first")),
                                 .last.sequence = json_integer_value(json_object_get(request, "sequence"))};
    const json_t *to = json_object_get(request, "to");
    if (walk.last.sequence < 0 || walk.last.sequence == INT64_MAX ||
        !secret_mac_from_hex(word_of(request, "mac"), walk.last.mac))
        return "audit_walk needs first, sequence and mac, as it answered them last";
    enum casebook_walked walked =
        casebook_audit_walk(admin->book, &walk, to != NULL ? json_integer_value(to) : INT64_MAX);
    if (walked == CASEBOOK_WALK_FAILED)
        return "the casebook could not be read";
    tell_head(admin, &walk.last, answer);
    json_object_set_new(answer, "first", json_integer(walk.first));
    json_object_set_new(answer, "more", json_boolean(walked == CASEBOOK_WALK_ON));
    if (walked == CASEBOOK_WALK_BROKEN || walked == CASEBOOK_WALK_DAMAGED)
        json_object_set_new(answer, walked == CASEBOOK_WALK_BROKEN ? "broken" : "damaged", json_string(walk.why));
    return NULL;
}

/* For `narvaro retention`: what the daemon is to be asked with, and what is due here. */
static const char *retention_due(struct admin *admin, const json_t *request, json_t *answer)
{
    size_t held_count;
    json_t *command = retention_command(admin->retention, false, &held_count),
           *kinds = retention_kinds(admin->retention);
    (void)request;
    json_object_set_new(answer, "command", command);
    json_object_set_new(answer, "kinds", kinds);
    return command != NULL && kinds != NULL ? NULL : "the casebook could not be read";
}

static const char *retention_run(struct admin *admin, const json_t *request, json_t *answer)
{
    (void)request;
    (void)answer;
    return retention_begin(admin->retention, "command") ? NULL
                                                        : "a run is under way, or the casebook could not be read";
}

static const char *retention_last(struct admin *admin, const json_t *request, json_t *answer)
{
    json_t *runs = retention_runs(admin->retention, 1);
    (void)request;
    json_object_set_new(answer, "running", json_boolean(retention_is_running(admin->retention)));
    json_object_set_new(answer, "runs", runs);
    return runs != NULL ? NULL : "the casebook could not be read";
}

static const char *extract(struct admin *admin, const json_t *request, json_t *answer)
{
    return extract_tell(admin->book, request, now_of(admin), answer);
}

static const char *pupil_erase(struct admin *admin, const json_t *request, json_t *answer)
{
    bool erased;
    (void)answer;
    const char *fault = extract_erase(admin->book, request, now_of(admin), &erased);
    if (erased)
        retention_erased(admin->retention);
    return fault;
}

static const struct {
    const char *word;
    const char *(*function)(struct admin *admin, const json_t *request, json_t *answer);
} COMMANDS[] = {{"user_add", user_add},
                {"user_name", user_name},
                {"user_list", user_list},
                {"user_disable", user_disable},
                {"user_enable", user_enable},
                {"user_reset", user_reset},
                {"user_totp_reset", user_totp_reset},
                {"audit_head", audit_head},
                {"audit_walk", audit_walk},
                {"retention_due", retention_due},
                {"retention_run", retention_run},
                {"retention_last", retention_last},
                {"extract", extract},
                {"pupil_erase", pupil_erase}};

static const char *obey(struct admin *admin, const json_t *request, json_t *answer)
{
    const char *word = word_of(request, "do");
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (strcmp(word, COMMANDS[i].word) == 0)
            return COMMANDS[i].function(admin, request, answer);
    return "do must be a command of docs/api.md, The admin socket";
}

size_t admin_answer(void *admin, struct local_request *request, char *reply, size_t capacity)
{
    json_t *command = json_loadb(request->text, request->length, JSON_REJECT_DUPLICATES, NULL);
    json_t *answer = json_pack("{s:b}", "ok", 1);
    const char *fault = json_is_object(command) ? obey(admin, command, answer) : "the request must be one JSON object";
    json_decref(command);
    if (fault != NULL) {
        json_decref(answer);
        answer = json_pack("{s:b, s:[s]}", "ok", 0, "errors", fault);
    }
    size_t bytes = json_dumpb(answer, reply, capacity, JSON_COMPACT);
    json_decref(answer);
    return bytes <= capacity ? bytes : 0;
}
