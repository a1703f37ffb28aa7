/* Any line on the dashboard's admin socket. */
#include <jansson.h>
#include "tests/fuzz/web.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static char reply[LOCAL_REPLY_BYTES];
    if (fuzz.web.book == NULL)
        fuzz_web_open(NULL);
    if (length > LOCAL_REQUEST_BYTES || memchr(input, '\0', length) != NULL)
        return 0;
    char *text = malloc(length + 1);
    memcpy(text, input, length);
    text[length] = '\0';
    fuzz_errands();
    struct local_request request = {.text = text, .length = length};
    size_t told = admin_answer(&fuzz.admin, &request, reply, sizeof reply);
    json_t *answer = json_loadb(reply, told, 0, NULL);
    fuzz_require(answer != NULL);
    json_decref(answer);
    free(text);
    return 0;
}
