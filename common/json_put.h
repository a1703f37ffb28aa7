/* An object built member by member, each value of its own type: for answers with more members than a format string shows. */
#ifndef COMMON_JSON_PUT_H
#define COMMON_JSON_PUT_H

#include <jansson.h>

/* Takes over `value`. Without memory, at once or for a value made before, the object is released and becomes NULL, and stays
 * so: whoever asks at the end has all members or nothing. */
static inline void json_put(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}

#endif
