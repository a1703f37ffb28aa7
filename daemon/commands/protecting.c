/* Raising protection is the import's; lowering it needs an author and one of the fixed reasons. */
#include "daemon/commands/protecting.h"

#include <string.h>
#include "common/ids.h"
#include "common/log.h"
#include "daemon/daemon.h"
#include "daemon/store/store_import.h"

/* The reasons are fixed words: free text would be logged, and could hold a name. */
static bool is_reason(const char *word)
{
    return strcmp(word, "ended") == 0 || strcmp(word, "mistake") == 0 || strcmp(word, "decision") == 0;
}

json_t *protecting_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *pupil, *author, *reason;
    int lower = 0;
    if (json_unpack((json_t *)request, "{s:s, s:b, s:s, s:s}", "pupil", &pupil, "lower", &lower, "author", &author,
                    "why", &reason) != 0 ||
        !lower || author[0] == '\0' || strlen(author) > USER_BYTES_MAX || strpbrk(author, " \t\r\n") != NULL) {
        *why = "protect: say the pupil, lower, and who decides it, by one word of at most 64 bytes";
        return NULL;
    }
    if (!is_reason(reason)) {
        *why = "protect: why should be one of ended mistake decision";
        return NULL;
    }
    store_begin(daemon_store(daemon));
    if (!store_protection_lower(daemon_store(daemon), pupil, daemon_now_ms(daemon))) {
        *why = "there is no such pupil with protected identity";
        return NULL;
    }
    log_info("protection lowered pupil=%s by=%s why=%s", pupil, author, reason);
    return json_pack("{s:b}", "ok", 1);
}
