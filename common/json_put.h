/* Builds an object member by member, so that the compiler checks each value's type: for answers with more members than a
 * format string of json_pack can show. */
#ifndef COMMON_JSON_PUT_H
#define COMMON_JSON_PUT_H

#include <jansson.h>

/* Takes over the reference to `value`, which may be NULL (out of memory). On failure *object is released and becomes NULL,
 * and stays so: at the end the caller has all members or nothing. */
static inline void json_put(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}

#endif
