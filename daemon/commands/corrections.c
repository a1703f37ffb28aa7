/* Checks what a person reports or corrects, and appends it; the dates that it concerns become due again. */
#include "daemon/commands/corrections.h"

#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "common/log.h"
#include "daemon/daemon.h"
#include "daemon/dayset.h"
#include "daemon/store/store_corrections.h"

enum { REMARKED_STEP = 64 };

struct correction {
    struct daemon *daemon;
    const json_t *request;
    const char *author;
    int64_t now_ms;
    const char *why;
};

static bool refuse(struct correction *correction, const char *sentence)
{
    correction->why = sentence;
    return false;
}

static const char *word_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

static bool instant_of(const json_t *object, const char *key, int64_t *out)
{
    const char *text = word_of(object, key);
    return civil_read_utc(text, strlen(text), out);
}

static int64_t lesson_ms(const struct store_lesson *lesson, int32_t minute)
{
    return civil_to_utc_ms(lesson->day, minute * CIVIL_MS_PER_MINUTE);
}

/* What a mark "absent" means with the absences that are known now. */
static enum status absent_as(struct store *store, const char *pupil_id, const struct store_lesson *lesson)
{
    int64_t from_ms = lesson_ms(lesson, lesson->start_minute), to_ms = lesson_ms(lesson, lesson->end_minute);
    if (2 * store_absence_covers(store, pupil_id, true, from_ms, to_ms) >= to_ms - from_ms)
        return STATUS_LEAVE;
    if (2 * store_absence_covers(store, pupil_id, false, from_ms, to_ms) >= to_ms - from_ms)
        return STATUS_REPORTED;
    return STATUS_UNREPORTED;
}

static void remark_lesson(struct correction *correction, const char *pupil_id, const struct store_lesson *lesson,
                          enum status before)
{
    struct store *store = daemon_store(correction->daemon);
    struct store_mark mark = {.lesson = lesson->lesson,
                              .pupil_id = pupil_id,
                              .author = correction->author,
                              .status = absent_as(store, pupil_id, lesson),
                              .absent_minutes = lesson->end_minute - lesson->start_minute};
    if (mark.status != before)
        store_mark_add(store, &mark, correction->now_ms);
}

/* Marks that said absent say it anew, now that an absence is known or not known any more. Some at a time: a mark that is added
 * stands after those that were read. */
static void remark(struct correction *correction, const struct store_absence *absence)
{
    struct store_lesson lessons[REMARKED_STEP];
    enum status statuses[REMARKED_STEP];
    int32_t from_day = civil_from_utc_ms(absence->from_ms).day, to_day = civil_from_utc_ms(absence->to_ms - 1).day;
    int64_t after = INT64_MIN;
    size_t count;
    do {
        count = store_marked_absent(daemon_store(correction->daemon), absence->pupil_id, from_day, to_day, after,
                                    lessons, statuses, REMARKED_STEP);
        for (size_t i = 0; i < count; i++)
            remark_lesson(correction, absence->pupil_id, &lessons[i], statuses[i]);
        if (count > 0)
            after = lessons[count - 1].lesson;
    } while (count == REMARKED_STEP);
}

static void touch(struct correction *correction, int64_t from_ms, int64_t to_ms, const char *why)
{
    daemon_touch(correction->daemon, civil_from_utc_ms(from_ms).day, civil_from_utc_ms(to_ms - 1).day, why);
}

/* Is the date frozen or older than the roll call reaches? Then a change would have no effect. */
static bool is_settled(const struct correction *correction, int32_t day)
{
    const struct daemon *daemon = correction->daemon;
    return day < daemon_today(daemon) - DAYSET_PAST || daemon_is_frozen(daemon, day);
}

static bool read_absence(struct correction *correction, struct store_absence *absence)
{
    const char *pupil = word_of(correction->request, "pupil"), *type = word_of(correction->request, "type");
    absence->leave = strcmp(type, "leave") == 0;
    if (!absence->leave && strcmp(type, "reported") != 0)
        return refuse(correction, "type must be reported or leave");
    if (!instant_of(correction->request, "from", &absence->from_ms) ||
        !instant_of(correction->request, "to", &absence->to_ms) || absence->from_ms >= absence->to_ms)
        return refuse(correction, "from and to must be instants, from before to");
    int32_t today = daemon_today(correction->daemon), from_day = civil_from_utc_ms(absence->from_ms).day;
    if (absence->to_ms - absence->from_ms > (int64_t)CORRECTION_DAYS_MAX * CIVIL_MS_PER_DAY)
        return refuse(correction, "an absence is at most 400 days long");
    if (is_settled(correction, from_day) || from_day > today + CORRECTION_DAYS_MAX)
        return refuse(correction, "the absence is too long ago, or too far ahead");
    if (!store_pupil_known(daemon_store(correction->daemon), pupil) || strlen(pupil) >= sizeof absence->pupil_id)
        return refuse(correction, "there is no such pupil");
    strcpy(absence->pupil_id, pupil);
    return true;
}

static bool report(struct correction *correction, json_t **answer)
{
    struct store_absence absence = {.known = true};
    if (!read_absence(correction, &absence))
        return false;
    struct store *store = daemon_store(correction->daemon);
    if (store_absence_covers(store, absence.pupil_id, absence.leave, absence.from_ms, absence.to_ms) ==
        absence.to_ms - absence.from_ms)
        return refuse(correction, "that is known already");
    store_begin(store);
    int64_t number = store_absence_add(store, &absence, correction->author, correction->now_ms);
    remark(correction, &absence);
    touch(correction, absence.from_ms, absence.to_ms, "an absence was reported");
    *answer = json_pack("{s:b, s:I}", "ok", 1, "absence", (json_int_t)number);
    return true;
}

static bool withdraw(struct correction *correction, json_t **answer)
{
    struct store *store = daemon_store(correction->daemon);
    struct store_absence absence;
    int64_t number = json_integer_value(json_object_get(correction->request, "absence"));
    if (!store_absence_find(store, number, &absence))
        return refuse(correction, "there is no such absence");
    if (!absence.known)
        return refuse(correction, "it has been taken back already");
    if (is_settled(correction, civil_from_utc_ms(absence.from_ms).day))
        return refuse(correction, "the absence is too long ago");
    store_begin(store);
    store_absence_end(store, number, correction->author, correction->now_ms);
    remark(correction, &absence);
    touch(correction, absence.from_ms, absence.to_ms, "an absence was taken back");
    *answer = json_pack("{s:b}", "ok", 1);
    return true;
}

/* Writes nothing: all marks of a command are read before the first is stored. */
static bool read_mark(struct correction *correction, const struct store_lesson *lesson, const json_t *object,
                      struct store_mark *mark)
{
    struct store *store = daemon_store(correction->daemon);
    int minutes = lesson->end_minute - lesson->start_minute;
    const char *status = word_of(object, "status"), *source = word_of(object, "source");
    json_int_t late_minutes = json_integer_value(json_object_get(object, "absent_minutes"));
    *mark = (struct store_mark){
        .lesson = lesson->lesson, .pupil_id = word_of(object, "pupil"), .author = correction->author};
    if (!store_lesson_expects(store, lesson->lesson, mark->pupil_id))
        return refuse(correction, "a pupil is not expected at this lesson");
    if (strcmp(status, "present") == 0) {
        mark->status = STATUS_PRESENT;
    } else if (strcmp(status, "late") == 0) {
        mark->status = STATUS_LATE;
        if (late_minutes < 1 || late_minutes >= minutes)
            return refuse(correction, "late: absent_minutes must be 1 to the lesson's length less 1");
        mark->absent_minutes = (int)late_minutes;
    } else if (strcmp(status, "absent") == 0) {
        mark->status = absent_as(store, mark->pupil_id, lesson);
        mark->absent_minutes = minutes;
    } else {
        return refuse(correction, "status must be present, late or absent");
    }
    if (source[0] == '\0')
        return true;
    mark->source = MARK_FORGOTTEN_CARD;
    return (strcmp(source, MARK_FORGOTTEN_CARD) == 0 && mark->status == STATUS_PRESENT) ||
           refuse(correction, "source can only be forgotten_card, of a pupil who is present");
}

/* All marks or none. */
static bool mark_lesson(struct correction *correction, json_t **answer)
{
    static struct store_mark marks[CORRECTION_MARKS_MAX];
    struct store *store = daemon_store(correction->daemon);
    struct store_lesson lesson;
    const json_t *list = json_object_get(correction->request, "marks");
    size_t count = json_array_size(list);
    if (count == 0 || count > CORRECTION_MARKS_MAX)
        return refuse(correction, "marks must be a list of 1 to 200");
    if (!store_lesson_find(store, json_integer_value(json_object_get(correction->request, "lesson")), &lesson))
        return refuse(correction, "there is no such lesson, or it is cancelled");
    int64_t start_ms = lesson_ms(&lesson, lesson.start_minute);
    if (start_ms > correction->now_ms || is_settled(correction, lesson.day))
        return refuse(correction, "the lesson has not begun, or is too long ago");
    for (size_t i = 0; i < count; i++)
        if (!read_mark(correction, &lesson, json_array_get(list, i), &marks[i]))
            return false;
    store_begin(store);
    for (size_t i = 0; i < count; i++)
        store_mark_add(store, &marks[i], correction->now_ms);
    touch(correction, start_ms, start_ms + 1, "a lesson was marked");
    *answer = json_pack("{s:b, s:I}", "ok", 1, "marks", (json_int_t)count);
    return true;
}

/* Lessons of today that have begun, in the order of the list; each that is named must be one. */
static bool read_lessons_today(struct correction *correction, const char *pupil, const json_t *list,
                               struct store_mark *marks)
{
    struct store *store = daemon_store(correction->daemon);
    struct store_lesson lesson;
    for (size_t i = 0; i < json_array_size(list); i++) {
        marks[i] = (struct store_mark){.lesson = json_integer_value(json_array_get(list, i)),
                                       .pupil_id = pupil,
                                       .author = correction->author,
                                       .source = MARK_FORGOTTEN_CARD,
                                       .status = STATUS_PRESENT};
        if (!store_lesson_find(store, marks[i].lesson, &lesson) || lesson.day != daemon_today(correction->daemon) ||
            lesson_ms(&lesson, lesson.start_minute) > correction->now_ms)
            return refuse(correction, "a lesson is not one of today's that have begun");
        if (!store_lesson_expects(store, marks[i].lesson, pupil))
            return refuse(correction, "a pupil is not expected at this lesson");
    }
    return true;
}

static bool forgot_card(struct correction *correction, json_t **answer)
{
    struct store_mark marks[OUTCOME_LESSONS_MAX];
    const json_t *list = json_object_get(correction->request, "lessons");
    size_t count = json_array_size(list);
    if (count == 0 || count > OUTCOME_LESSONS_MAX)
        return refuse(correction, "lessons must be a list of 1 to 40");
    if (!read_lessons_today(correction, word_of(correction->request, "pupil"), list, marks))
        return false;
    store_begin(daemon_store(correction->daemon));
    for (size_t i = 0; i < count; i++)
        store_mark_add(daemon_store(correction->daemon), &marks[i], correction->now_ms);
    touch(correction, correction->now_ms, correction->now_ms + 1, "a card was forgotten");
    *answer = json_pack("{s:b, s:I}", "ok", 1, "marks", (json_int_t)count);
    return true;
}

static bool card_not_forgotten(struct correction *correction, json_t **answer)
{
    struct store *store = daemon_store(correction->daemon);
    store_begin(store);
    int64_t count = store_marks_end(store, word_of(correction->request, "pupil"), daemon_today(correction->daemon),
                                    MARK_FORGOTTEN_CARD, correction->author, correction->now_ms);
    if (count == 0)
        return refuse(correction, "nothing of today is to be taken back");
    touch(correction, correction->now_ms, correction->now_ms + 1, "a forgotten card was taken back");
    *answer = json_pack("{s:b, s:I}", "ok", 1, "marks", (json_int_t)count);
    return true;
}

static const struct {
    const char *what;
    bool (*correct)(struct correction *correction, json_t **answer);
} CORRECTIONS[] = {{"absence_report", report},
                   {"absence_withdraw", withdraw},
                   {"marks", mark_lesson},
                   {"forgotten_card", forgot_card},
                   {"forgotten_card_undo", card_not_forgotten}};

bool correction_is(const char *what)
{
    for (size_t i = 0; i < sizeof CORRECTIONS / sizeof *CORRECTIONS; i++)
        if (strcmp(CORRECTIONS[i].what, what) == 0)
            return true;
    return false;
}

json_t *correction_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    json_t *answer = NULL;
    const char *what = word_of(request, "do");
    struct correction correction = {
        .daemon = daemon, .request = request, .author = word_of(request, "author"), .now_ms = daemon_now_ms(daemon)};
    *why = "say who: author, 1 to 64 bytes";
    if (correction.author[0] == '\0' || strlen(correction.author) > USER_BYTES_MAX)
        return NULL;
    for (size_t i = 0; i < sizeof CORRECTIONS / sizeof *CORRECTIONS; i++)
        if (strcmp(CORRECTIONS[i].what, what) == 0 && CORRECTIONS[i].correct(&correction, &answer))
            log_info("corrected what=%s", what);
    *why = correction.why;
    return answer;
}
