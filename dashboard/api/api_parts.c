/* Values that several answers contain, each as JSON in one place. */
#include "dashboard/api/api_parts.h"

#include <stdio.h>
#include <string.h>
#include "common/civil_json.h"
#include "common/log.h"

json_t *api_json_pupil(const struct attendance_pupil *pupil)
{
    return json_pack("{s:s, s:s++, s:s, s:b}", "pupil", pupil->pupil, "name", pupil->given_name, " ",
                     pupil->family_name, "class", pupil->class, "protected", (int)pupil->is_protected);
}

json_t *api_json_visible(struct api_call *call, enum permission permission, const char *id)
{
    struct attendance_pupil pupil;
    struct query rows = attendance_pupil(call->attendance, id);
    bool may = attendance_next_known_pupil(&rows, &pupil) && api_may(call, permission, &pupil);
    json_t *json = may ? api_json_pupil(&pupil) : NULL;
    query_end(&rows);
    call->failed |= may && json == NULL;
    return json;
}

json_t *api_json_mentors(struct api_call *call, const char *class)
{
    char names[ATTENDANCE_MENTORS_BYTES];
    attendance_mentors(call->attendance, class, call->today, names);
    return names[0] ? json_string(names) : json_null();
}

json_t *api_json_flag(const struct attendance_flag *flag)
{
    return json_pack("{s:I, s:s, s:i, s:o, s:o, s:o, s:i, s:o}", "flag", (json_int_t)flag->flag, "rule", flag->rule,
                     "severity", flag->severity, "raised_on", civil_json_date(flag->raised_day), "cleared_on",
                     civil_json_date(flag->cleared_day), "withdrawn", civil_json_utc(flag->withdrawn_ms),
                     "rules_version", flag->rules_version, "evidence", api_json_stored(flag->evidence));
}

json_t *api_json_signal(const struct attendance_signal *signal, int32_t day)
{
    return json_pack("{s:s, s:s, s:o, s:i, s:I, s:I, s:i}", "kind", signal->kind, "name", signal->name, "date",
                     civil_json_date(day), "pupils", signal->pupils, "expected_minutes",
                     (json_int_t)signal->expected_minutes, "absent_minutes", (json_int_t)signal->absent_minutes,
                     "usual_permille", signal->usual_ppm / 1000);
}

json_t *api_json_minute(int minute)
{
    char text[] = "00:00";
    text[0] = (char)('0' + minute / 600 % 10);
    text[1] = (char)('0' + minute / 60 % 10);
    text[3] = (char)('0' + minute % 60 / 10);
    text[4] = (char)('0' + minute % 10);
    return json_string_nocheck(text);
}

json_t *api_json_stored(const char *text)
{
    json_t *stored = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_array(stored))
        return stored;
    log_warn("stored JSON is no array bytes=%zu", strlen(text));
    json_decref(stored);
    return json_array();
}

json_t *api_json_lesson(const struct attendance_lesson *lesson)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:s?}", "lesson", (json_int_t)lesson->lesson, "subject",
                     lesson->subject, "group", lesson->group, "room", lesson->room, "start",
                     api_json_minute(lesson->start_minute), "end", api_json_minute(lesson->end_minute), "unknown",
                     lesson->doubt);
}

json_t *api_json_mark(const struct attendance_mark *mark)
{
    return json_pack("{s:s, s:i, s:s, s:o, s:s?}", "status", mark->status, "absent_minutes", mark->absent_minutes,
                     "author", mark->author, "at", civil_json_utc(mark->at_ms), "source",
                     *mark->source ? mark->source : NULL);
}

json_t *api_json_case(const struct casebook_case *one, const json_t *pupil)
{
    char number[24];
    snprintf(number, sizeof number, "%d-%03d", one->year, one->serial);
    json_t *json = json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "case", (json_int_t)one->number, "number",
                             number, "status", "open", "owner", one->owner, "owner_name", one->owner_name, "next_on",
                             civil_json_date(one->next_day), "opened_on", civil_json_date(one->opened_day), "opened_by",
                             one->opened_by);
    if (pupil != NULL)
        json_object_update(json, (json_t *)pupil);
    return json;
}

json_t *api_json_owners(struct api_call *call)
{
    struct casebook_owner owner;
    json_t *owners = json_array();
    struct query rows = casebook_owners(call->book);
    while (casebook_next_owner(&rows, &owner))
        api_append(call, owners, json_pack("{s:s, s:s}", "user", owner.user, "name", owner.name));
    call->failed |= !casebook_good(call->book);
    return owners;
}

bool api_can_own(struct api_call *call, const char *user)
{
    struct casebook_user owner;
    return casebook_user(call->book, user, &owner) == CASEBOOK_FOUND && !owner.disabled &&
           access_allows(owner.role, PERMISSION_TRIAGE, NULL);
}

json_t *api_json_text(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

json_t *api_json_bits(unsigned bits, const char *const *words, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        if ((bits >> i & 1) != 0)
            json_array_append_new(list, json_string(words[i]));
    return list;
}
