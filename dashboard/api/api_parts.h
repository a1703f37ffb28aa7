/* JSON that several answers contain. */
#ifndef DASHBOARD_API_PARTS_H
#define DASHBOARD_API_PARTS_H

#include "dashboard/api/api_call.h"
#include "dashboard/attendance/attendance_lessons.h"
#include "dashboard/casebook/casebook_cases.h"

json_t *api_json_pupil(const struct attendance_pupil *pupil);
/* The pupil of that id; NULL: the caller may not, or there is none, alike. Between api_begin_reading and _end. */
json_t *api_json_visible(struct api_call *call, enum permission permission, const char *id);
json_t *api_json_mentors(struct api_call *call, const char *class); /* their names, null when none is known */
json_t *api_json_flag(const struct attendance_flag *flag);
json_t *api_json_signal(const struct attendance_signal *signal, int32_t day);
json_t *api_json_minute(int minute);       /* "08:10" */
json_t *api_json_stored(const char *text); /* JSON that the daemon stored: an array, empty when it is none */
json_t *api_json_lesson(const struct attendance_lesson *lesson);
json_t *api_json_mark(const struct attendance_mark *mark);
/* With the fields of `pupil`, when there is one. */
json_t *api_json_case(const struct casebook_case *one, const json_t *pupil);
/* A crisis in the pupil's family that stands, or null (api_crisis.c). */
json_t *api_json_crisis(struct api_call *call, const char *pupil);
json_t *api_json_owners(struct api_call *call);                            /* who can own a case */
bool api_can_own(struct api_call *call, const char *user);                 /* one of them */
json_t *api_json_bits(unsigned bits, const char *const *words, int count); /* the words of the bits that are set */
json_t *api_json_text(const char *text);                                   /* null for NULL */

#endif
