/* Any bytes as any school file: read, checked and, when nothing is wrong with them, taken the roll of. */
#include <stdint.h>
#include <stdlib.h>
#include "daemon/core/rollcall.h"
#include "daemon/core/school/schoolcheck.h"
#include "daemon/core/school/schoolload.h"

#define TEXT_BYTES_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void take_roll(const struct schoolfiles *files, const struct names *lesson_ids)
{
    static struct school *school;
    static struct schoolday *facts;
    static struct rollcall *rollcall;
    struct schoolload load;
    if (school == NULL) {
        school = school_open();
        facts = schoolday_open();
        rollcall = rollcall_open();
    }
    school_clear(school);
    if (!schoolload_open(&load, files, lesson_ids, school))
        abort();
    while (schoolload_next(&load, facts))
        rollcall_day(rollcall, school, facts, &ROLLCALL_DEFAULTS, ROLLCALL_ALL_CLOSED);
    schoolload_close(&load);
}

/* The first byte of each part says which file it is; the parts are set apart by a byte that is in no text. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static struct problems problems, refusals;
    static char text[TEXT_BYTES_MAX];
    static const uint8_t KEY[TOKEN_KEY_BYTES] = {0};
    static const size_t NOTHING_KNOWN[SCHOOLCHECK_KINDS] = {0};
    struct schoolfiles files;
    if (length > sizeof text)
        return 0;
    memcpy(text, input, length);
    problems.count = refusals.count = 0;
    schoolfiles_init(&files, KEY, &problems, &refusals);
    for (char *at = text, *end = text + length; at < end;) {
        char *stop = memchr(at, 0xFF, (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        enum schoolfile which = (enum schoolfile)((unsigned char)*at % SCHOOLFILES);
        if (stop > at && !files.files[which].given && !schoolfiles_read(&files, which, at + 1, (size_t)(stop - at - 1)))
            abort();
        at = stop + 1;
    }
    struct schoolcheck check;
    if (!schoolcheck_open(&check, &files, NOTHING_KNOWN))
        abort();
    if (!schoolcheck_run(&check, &files))
        abort();
    if (problems.count == 0)
        take_roll(&files, &check.ids[SCHOOLCHECK_LESSON].names);
    schoolcheck_close(&check);
    schoolfiles_free(&files);
    return 0;
}
