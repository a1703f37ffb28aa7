/* One row for each. */
#include "daemon/commands/acts.h"

#include "daemon/store/store_versions.h"

bool acts_keep(struct daemon *daemon, const json_t *request, const char *action, const char *object)
{
    if (json_is_true(json_object_get(request, "logged")))
        return true;
    if (object != NULL)
        store_act_add(daemon_store(daemon), action, object, daemon_now_ms(daemon));
    return object != NULL;
}
