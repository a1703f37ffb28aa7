/* Any bytes as the replies of reader heads: through libmodbus on a pseudo-terminal, and what it lets through through the
 * poller. The input is a list of replies: one byte how (a true checksum and header, or bytes as they are), one byte how many, the bytes. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "firmware/core/crc16.h"
#include "firmware/core/poller.h"
#include "firmware/terminal/bus.h"

#define READER      1
#define REPLIES_MAX 8
#define REPLY_MAX   64

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static struct bus *bus;
static int line = -1; /* the readers' end */

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void open_line(void)
{
    struct termios raw;
    line = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    require(line >= 0 && grantpt(line) == 0 && unlockpt(line) == 0 && tcgetattr(line, &raw) == 0);
    cfmakeraw(&raw);
    require(tcsetattr(line, TCSANOW, &raw) == 0);
    bus = bus_open(&(struct bus_settings){
        .device = ptsname(line), .baud = 115200, .parity = 'N', .response_timeout_ms = 10, .byte_timeout_ms = 1});
    require(bus != NULL);
}

static void reply(const uint8_t *bytes, size_t count, bool well_framed, uint16_t registers)
{
    uint8_t frame[REPLY_MAX + 8];
    size_t length = 0;
    if (well_framed) {
        frame[length++] = READER;
        frame[length++] = 4;
        frame[length++] = (uint8_t)(2 * registers);
        memset(frame + length, 0, 2u * registers);
        memcpy(frame + length, bytes, count < 2u * registers ? count : 2u * registers);
        length += 2u * registers;
        uint16_t crc = crc16_of(frame, length);
        frame[length++] = (uint8_t)crc;
        frame[length++] = (uint8_t)(crc >> 8);
    } else {
        memcpy(frame, bytes, count);
        length = count;
    }
    require(write(line, frame, length) == (ssize_t)length);
}

static void carry_out(struct poller *poller, const struct poller_job *asked, int64_t mono_ms)
{
    struct poller_job job = *asked;
    enum bus_result result = bus_do(bus, &job);
    struct poller_news news = poller_done(poller, &job, result == BUS_OK ? job.values : NULL, mono_ms);
    require(!news.tap || (news.card_bytes >= CARD_BYTES_MIN && news.card_bytes <= CARD_BYTES_MAX && news.age_ms >= -1));
    if (news.tap)
        poller_answer(poller, job.reader, FEEDBACK_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static const uint8_t READERS[] = {READER};
    uint8_t heard[512];
    struct poller poller;
    int64_t mono_ms = 0;
    size_t at = 0;
    if (bus == NULL)
        open_line();
    poller_open(&poller, READERS, 1, 0);
    for (int i = 0; i < REPLIES_MAX && at + 2 <= length; i++, mono_ms += POLLER_PROBE_MS) {
        struct poller_job job = poller_next(&poller, mono_ms);
        if (job.kind == POLLER_WAIT)
            continue;
        size_t count = input[at + 1] % REPLY_MAX;
        bool well_framed = input[at] % 2 && job.kind == POLLER_READ_INPUT;
        at += 2;
        count = count < length - at ? count : length - at;
        reply(input + at, count, well_framed, job.count);
        at += count;
        carry_out(&poller, &job, mono_ms);
        while (read(line, heard, sizeof heard) > 0)
            ;
    }
    return 0;
}
