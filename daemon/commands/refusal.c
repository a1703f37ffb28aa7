/* The only place that builds a refusal, so that all of them have one form. */
#include "daemon/commands/refusal.h"

json_t *refusal_saying(const char *sentence)
{
    return json_pack("{s:b, s:[s]}", "ok", 0, "errors", sentence);
}

json_t *refusal_listing(const struct problems *problems)
{
    json_t *errors = json_array();
    int kept = problems->count < PROBLEMS_KEPT ? problems->count : PROBLEMS_KEPT;
    for (int i = 0; i < kept; i++)
        json_array_append_new(errors, json_string(problems->lines[i]));
    if (problems->count > kept)
        json_array_append_new(errors, json_sprintf("… and %d more", problems->count - kept));
    return json_pack("{s:b, s:o}", "ok", 0, "errors", errors);
}
