/* Files on their way: their bounds in bytes, users and time. */
#include "dashboard/upload.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/test.h"

#define MEGABYTE (1024 * 1024)

static struct uploads uploads;
static char piece[MEGABYTE];

static enum upload_result append(const char *user, enum schoolfile which, bool first, int64_t mono_ms)
{
    return upload_append(&uploads, user, which, first, piece, sizeof piece, mono_ms);
}

static void files_together_have_a_bound(void)
{
    for (int i = 0; i < 32; i++)
        CHECK(append("ivar", i % 2 ? SCHOOLFILE_TAPS : SCHOOLFILE_LESSONS, false, 1000) == UPLOAD_DONE);
    CHECK(append("ivar", SCHOOLFILE_PUPILS, false, 1000) == UPLOAD_TOO_LARGE);
    CHECK(append("ivar", SCHOOLFILE_TAPS, true, 1000) == UPLOAD_DONE); /* begun anew, there is room */
    CHECK(append("ivar", SCHOOLFILE_PUPILS, false, 1000) == UPLOAD_DONE);
    struct upload *upload = upload_find(&uploads, "ivar", 1000);
    CHECK(upload != NULL && upload->bytes[SCHOOLFILE_TAPS] == MEGABYTE &&
          upload->bytes[SCHOOLFILE_LESSONS] == 16u * MEGABYTE);
    CHECK(upload != NULL && lseek(upload->files[SCHOOLFILE_LESSONS], 0, SEEK_END) == 16 * MEGABYTE);
}

static void users_have_a_bound_and_do_not_wait_for_ever(void)
{
    CHECK(append("iris", SCHOOLFILE_PUPILS, false, 1000) == UPLOAD_DONE);
    CHECK(append("ines", SCHOOLFILE_PUPILS, false, 2000) == UPLOAD_BUSY);
    CHECK(append("ines", SCHOOLFILE_PUPILS, false, 1000 + UPLOAD_IDLE_MS) == UPLOAD_BUSY);
    CHECK(append("iris", SCHOOLFILE_PUPILS, false, 1000 + UPLOAD_IDLE_MS) == UPLOAD_DONE);
    CHECK(append("ines", SCHOOLFILE_PUPILS, false, 1001 + UPLOAD_IDLE_MS) == UPLOAD_DONE); /* ivar's are forgotten */
    CHECK(upload_find(&uploads, "ivar", 1001 + UPLOAD_IDLE_MS) == NULL);
    upload_drop(&uploads, "ines");
    CHECK(upload_find(&uploads, "ines", 1001 + UPLOAD_IDLE_MS) == NULL);
    CHECK(upload_find(&uploads, "iris", 1001 + UPLOAD_IDLE_MS) != NULL);
    upload_drop_all(&uploads);
    CHECK(upload_find(&uploads, "iris", 1001 + UPLOAD_IDLE_MS) == NULL);
}

int main(void)
{
    TEST(files_together_have_a_bound);
    TEST(users_have_a_bound_and_do_not_wait_for_ever);
    return test_done();
}
