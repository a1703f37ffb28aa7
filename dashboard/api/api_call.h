/* Between api.c, which lets a call in, and the api_*.c files, which answer it. */
#ifndef DASHBOARD_API_CALL_H
#define DASHBOARD_API_CALL_H

#include <jansson.h>
#include "dashboard/api/api.h"

#define API_PART_BYTES 128

struct api_call {
    struct web *web;
    struct casebook *book;
    struct attendance *attendance;
    struct http_request *request;
    struct http_answer *answer;
    char part[API_PART_BYTES]; /* of the path, what the route's '*' stands for */
    const json_t *body;        /* of a write: an object */
    struct casebook_user user; /* who calls; empty on an open route */
    uint8_t session[SECRET_ID_BYTES];
    bool failed;    /* something could not be read, made or written down: every answer then is `busy` */
    bool gathers;   /* its audit rows share a commit with others, and its answer waits for that */
    int64_t now_ms; /* civil */
    int32_t today;
};

typedef enum http_verdict api_function(struct api_call *call);

api_function api_login, api_logout, api_me, api_me_change, api_events;         /* api_session.c */
api_function api_rules, api_rules_version, api_rules_preview, api_rules_apply; /* api_rules.c */
api_function api_log, api_review, api_review_draw, api_review_judge;           /* api_audit.c */
api_function api_import_file, api_import_clear, api_import;                    /* api_import.c */
api_function api_totp_offer, api_totp_confirm, api_password;                   /* api_account.c */
api_function api_status, api_terminals;                                        /* api_operation.c */
api_function api_retention, api_retention_sign;                                /* api_retention.c */
api_function api_groups;                                                       /* api_groups.c */
api_function api_inbox;                                                        /* api_inbox.c */
api_function api_confirm, api_snooze, api_dismiss, api_close, api_undo;        /* api_triage.c */
api_function api_cases, api_task_done, api_task_undo;                          /* api_cases.c */
api_function api_absences, api_absence_report, api_absence_withdraw;           /* api_absence.c */
api_function api_pupil_lessons, api_pupil_mark;                                /* api_correct.c */
api_function api_lessons, api_lesson_marks;                                    /* api_lessons.c */
api_function api_pupils, api_pupil;                                            /* api_pupil.c */
api_function api_class;                                                        /* api_class.c */

/* Both end a call. `body` is taken over; NULL means there was no memory for it. Of a call that has failed they say `busy`. */
enum http_verdict api_json(struct api_call *call, unsigned status, json_t *body);
enum http_verdict api_error(struct api_call *call, unsigned status, const char *code);

/* The attendance database is read between these. False: there is nothing to read now, and the call has failed. */
bool api_begin_reading(struct api_call *call);
void api_end_reading(struct api_call *call);
/* Put a value, taken over, into a part of the answer. NULL, for want of memory or for bytes that are no UTF-8, fails the call. */
void api_append(struct api_call *call, json_t *list, json_t *value);
void api_set(struct api_call *call, json_t *object, const char *key, json_t *value);

/* May the caller, for this pupil? Asks access_allows; between api_begin_reading and _end. */
bool api_may(struct api_call *call, enum permission permission, const struct attendance_pupil *pupil);
/* The same for a pupil at a lesson, which may be the caller's own. */
bool api_may_at(struct api_call *call, enum permission permission, const struct attendance_pupil *pupil,
                int64_t lesson);
/* The same by the pupil's id. Who does not exist is answered alike. */
bool api_may_id(struct api_call *call, enum permission permission, const char *pupil);
/* The same with a reading of its own. */
bool api_lets(struct api_call *call, enum permission permission, const char *pupil);

/* Is a one-time code demanded of the caller's role, and missing? Never where the data are synthetic. */
bool api_needs_totp(struct api_call *call);
bool api_is_demo(struct api_call *call);
/* Counts one try of a password or code, for the caller or for `user`; false: too many. */
bool api_try(struct api_call *call, const char *user);
void api_try_succeeded(struct api_call *call, const char *user);

/* A command to the daemon. First time: sends it (taken over; NULL means there was no memory) and puts the call off; the call
 * is then made again with request->pending set, and api_told answers it: `status` with the answer's `key` (NULL: {}, "*": all),
 * 422 with the daemon's reasons, or 503. */
enum http_verdict api_tell_daemon(struct api_call *call, json_t *command);
enum http_verdict api_told(struct api_call *call, unsigned status, const char *key);
/* Writes to the audit log who the caller is shown, or what is done. False: the call has failed; show and do nothing. */
bool api_audit(struct api_call *call, const char *action, const char *object);
bool api_audit_pupils(struct api_call *call, const char *action, json_t *pupil_ids); /* taken over; [] writes nothing */
/* The same of what is refused, and refused also when it cannot be written. */
void api_audit_refusal(struct api_call *call, const char *action);
/* One text of the body, "" when it is not there or is no text. */
const char *api_text(const struct api_call *call, const char *key);
/* One date of the body; false when it is not there or is none. */
bool api_date(const struct api_call *call, const char *key, int32_t *out);
const char *api_cookie_name(const struct web *web);

/* Parts of several answers. */
json_t *api_json_pupil(const struct attendance_pupil *pupil);
json_t *api_json_mentors(struct api_call *call, const char *class); /* their names, null when none is known */
json_t *api_json_flag(const struct attendance_flag *flag);
json_t *api_json_signal(const struct attendance_signal *signal, int32_t day);
json_t *api_json_minute(int minute);       /* "08:10" */
json_t *api_json_stored(const char *text); /* JSON that the daemon stored: an array, empty when it is none */

#endif
