/* One call of the API, and the verbs of those who answer it. api.c lets it in and gives it what it may use. */
#ifndef DASHBOARD_API_CALL_H
#define DASHBOARD_API_CALL_H

#include <jansson.h>
#include "dashboard/attendance/attendance.h"
#include "dashboard/casebook/casebook.h"
#include "dashboard/shell/http.h"

#define API_PART_BYTES 128

struct clocks;
struct counted;
struct errands;
struct login_limit;
struct password_pool;
struct retention;
struct routine;
struct support;
struct uploads;

struct api_call {
    struct casebook *book;
    struct attendance *attendance;
    struct password_pool *passwords;
    struct login_limit *limit;
    struct errands *errands;
    struct uploads *uploads;
    struct retention *retention;
    const struct support *support;
    struct counted **counted; /* the latest count of api_groups.c */
    struct http_request *request;
    struct http_answer *answer;
    char part[API_PART_BYTES]; /* of the path, what the route's '*' stands for */
    const json_t *body;        /* of a write: an object */
    struct casebook_user user; /* who calls; empty on an open route */
    uint8_t session[SECRET_ID_BYTES];
    bool failed;  /* something could not be read, made or written down: every answer then is `busy` */
    bool gathers; /* its audit rows share a commit with others, and its answer waits for that */
    const char *cookie_name;
    bool over_tls;
    int64_t now_ms; /* civil: records, today */
    int32_t today;
    int items_a_week;         /* new ones that the school can meet; 0 = not said */
    const char *municipality; /* the school's own; "" = not said */
    const struct clocks *clocks;
    const struct routine *routine;
    int civil_rate;           /* how much faster civil time runs than real time */
    int64_t real_ms, mono_ms; /* for sessions and limits, which the demonstration does not speed up */
};

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
/* The same by the pupil's id. False also when there is no such pupil, so that nobody learns who exists. */
bool api_may_id(struct api_call *call, enum permission permission, const char *pupil);
/* The same with a reading of its own. */
bool api_lets(struct api_call *call, enum permission permission, const char *pupil);

/* Writes to the audit log who the caller is shown, or what is done. False: the call has failed; show and do nothing. */
bool api_audit(struct api_call *call, const char *action, const char *object);
bool api_audit_pupils(struct api_call *call, const char *action, json_t *pupil_ids); /* taken over; [] writes nothing */
/* 404 and a row in the log, alike for a pupil whom the caller may not see and for one who does not exist, so that neither the
 * answer nor the caller's own log tells them apart. */
enum http_verdict api_no_pupil(struct api_call *call, const char *pupil);
/* The same of what is refused, and refused also when it cannot be written. */
void api_audit_refusal(struct api_call *call, const char *action);
/* One text of the body, "" when it is not there or is no text. */
const char *api_text(const struct api_call *call, const char *key);
/* One date of the body; false when it is not there or is none. */
bool api_date(const struct api_call *call, const char *key, int32_t *out);

#endif
