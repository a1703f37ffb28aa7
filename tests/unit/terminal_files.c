/* The terminal's files on a real disk: the journal's flash, the cache, the mark of life. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "firmware/terminal/alive.h"
#include "firmware/terminal/cache.h"
#include "firmware/terminal/flashfile.h"
#include "tests/test.h"

static char folder[] = "/tmp/terminal-files-XXXXXX";
static char path[64];

static const char *in_folder(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void a_file_is_flash(void)
{
    struct flashfile file;
    struct flash flash;
    uint8_t bytes[4];
    CHECK(flashfile_open(&file, in_folder("journal"), 4, &flash) && flash.sector_count == 4);
    CHECK(flash.read(flash.device, 3 * FLASH_SECTOR_BYTES, bytes, 4) && memcmp(bytes, "\xff\xff\xff\xff", 4) == 0);
    CHECK(flash.program(flash.device, 5000, "abcd", 4) && flash.sync(flash.device));
    CHECK(flash.read(flash.device, 5000, bytes, 4) && memcmp(bytes, "abcd", 4) == 0);
    flashfile_close(&file);
    CHECK(flashfile_open(&file, in_folder("journal"), 4, &flash));
    CHECK(flash.read(flash.device, 5000, bytes, 4) && memcmp(bytes, "abcd", 4) == 0);
    CHECK(flash.erase(flash.device, 1) && flash.read(flash.device, 5000, bytes, 4) && bytes[0] == 0xff);
    CHECK(!flash.read(flash.device, 4 * FLASH_SECTOR_BYTES, bytes, 4)); /* beyond the end */
    flashfile_close(&file);
}

static void a_file_serves_one_terminal_and_keeps_its_size(void)
{
    struct flashfile file, second;
    struct flash flash;
    CHECK(flashfile_open(&file, in_folder("journal"), 4, &flash));
    CHECK(!flashfile_open(&second, in_folder("journal"), 4, &flash) && errno == EWOULDBLOCK);
    flashfile_close(&file);
    CHECK(!flashfile_open(&second, in_folder("journal"), 5, &flash) && errno == EFBIG);
    CHECK(!flashfile_open(&second, in_folder("nowhere/journal"), 4, &flash) && errno == ENOENT);
}

/* The kernel forgets the error and would let the next sync succeed without the bytes. */
static void a_failed_sync_is_final(void)
{
    struct flashfile file;
    struct flash flash;
    CHECK(flashfile_open(&file, in_folder("journal"), 4, &flash));
    int kept = dup(file.fd), closed = file.fd;
    close(file.fd);
    CHECK(!flash.sync(flash.device));
    CHECK(dup2(kept, closed) == closed); /* the device is well again */
    CHECK(!flash.sync(flash.device) && !flash.program(flash.device, 0, "x", 1));
    close(kept);
    flashfile_close(&file);
}

static struct {
    int count;
    char topic[64], bytes[64];
} given;

static void take(void *context, const char *topic, const char *bytes, size_t length)
{
    (void)context;
    given.count++;
    snprintf(given.topic, sizeof given.topic, "%s", topic);
    snprintf(given.bytes, sizeof given.bytes, "%.*s", (int)length, bytes);
}

static int recalled(const char *cache)
{
    char buffer[16];
    memset(&given, 0, sizeof given);
    CHECK(cache_recall(cache, buffer, sizeof buffer, take, NULL));
    return given.count;
}

static void a_topic_keeps_its_newest_message(void)
{
    static const char TOPIC[] = "narvaro/1/skolan/t-1/plan/2026-09-01";
    char cache[64];
    snprintf(cache, sizeof cache, "%s", in_folder("cache"));
    CHECK(!cache_recall(cache, (char[4]){0}, 4, take, NULL)); /* no folder yet */
    CHECK(mkdtemp(strcpy(cache, "/tmp/terminal-cache-XXXXXX")) != NULL);
    CHECK(cache_keep(cache, TOPIC, "first", 5) && cache_keep(cache, TOPIC, "second", 6));
    CHECK(recalled(cache) == 1 && strcmp(given.topic, TOPIC) == 0 && strcmp(given.bytes, "second") == 0);
    CHECK(cache_keep(cache, "narvaro/1/skolan/cards", "sixteen bytes...", 16)); /* more than the reader has room for */
    CHECK(recalled(cache) == 1);
    CHECK(!cache_keep(cache, "narvaro/1/../etc", "x", 1));
    CHECK(cache_keep(cache, TOPIC, NULL, 0) && cache_keep(cache, TOPIC, NULL, 0) && recalled(cache) == 0);
    CHECK(cache_keep(cache, "narvaro/1/skolan/cards", NULL, 0) && rmdir(cache) == 0);
}

static void the_mark_of_life_is_read_back_or_nothing(void)
{
    CHECK(alive_read(folder) == 0);
    alive_write(folder, 1788249600000);
    alive_write(folder, 1788249660000);
    CHECK(alive_read(folder) == 1788249660000);
    CHECK(truncate(in_folder("alive"), 5) == 0 && alive_read(folder) == 0);
    alive_write("/nowhere", 1);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(a_file_is_flash);
    TEST(a_file_serves_one_terminal_and_keeps_its_size);
    TEST(a_failed_sync_is_final);
    TEST(a_topic_keeps_its_newest_message);
    TEST(the_mark_of_life_is_read_back_or_nothing);
    unlink(in_folder("journal"));
    unlink(in_folder("alive"));
    rmdir(folder);
    return test_done();
}
