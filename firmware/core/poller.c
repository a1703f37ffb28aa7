/* The poller's decisions: poller_next chooses a job, poller_done applies its result. A reader's state changes only in
 * poller_done and poller_lose; what of it is news its standing decides, and each change is told exactly once. */
#include "firmware/core/poller.h"

#include <assert.h>
#include <string.h>
#include "common/fault.h"
#include "firmware/core/bigendian.h"
#include "firmware/core/rtu.h"

static_assert((int)PROFILE_REGISTERS_MAX <= POLLER_VALUES_MAX && (int)INPUT_REGISTERS <= POLLER_VALUES_MAX,
              "a job holds either");
static_assert((int)REPORT_CARD + CARD_BYTES_MAX == (int)REPORT_BYTES_MAX && REPORT_BYTES_MAX <= RTU_REPORT_MAX,
              "all cards fit");
#define AGE_MS_MOST UINT16_MAX /* where the head's counter stops: the real age is not known */

void poller_open(struct poller *poller, const uint8_t *addresses, size_t count, int64_t poll_ms)
{
    assert(count <= POLLER_READERS_MAX);
    *poller = (struct poller){.reader_count = count, .poll_ms = poll_ms, .probe_not_before_mono_ms = INT64_MIN};
    for (size_t i = 0; i < count; i++) {
        poller->readers[i].address = addresses[i];
        poller->readers[i].due_mono_ms = INT64_MIN;
        poller->readers[i].tamper_not_before_mono_ms = INT64_MIN;
        poller->readers[i].cause_not_before_mono_ms = INT64_MIN;
    }
}

static struct poller_reader *find(struct poller *poller, uint8_t address)
{
    for (size_t i = 0; i < poller->reader_count; i++)
        if (poller->readers[i].address == address)
            return &poller->readers[i];
    assert(false);
    return NULL;
}

/* Each returns whether there is something to write, and the job for it. */
static bool commercial_write_job(const struct poller_reader *reader, struct poller_job *job)
{
    const struct profile_write *write = profile_due(reader->profile, &reader->commercial);
    if (write == NULL)
        return false;
    *job = (struct poller_job){.kind = write->space == PROFILE_COIL ? POLLER_WRITE_COIL : POLLER_WRITE_HOLDING,
                               .reader = reader->address,
                               .first = write->first,
                               .count = write->count};
    memcpy(job->values, write->values, sizeof write->values);
    return true;
}

/* The answer as this head knows it. */
static enum pattern pattern_for(const struct poller_reader *reader)
{
    enum pattern pattern = (enum pattern)reader->answer;
    bool known = pattern != PATTERN_UNFIT_CARD || reader->firmware_version >= REGISTERS_UNFIT_FROM;
    return known ? pattern : PATTERN_UNKNOWN_CARD;
}

static bool write_job(const struct poller_reader *reader, struct poller_job *job)
{
    if (!reader->up || reader->keyboard)
        return false;
    if (reader->profile != NULL)
        return commercial_write_job(reader, job);
    if (reader->answer_due) {
        *job = (struct poller_job){.kind = POLLER_WRITE_HOLDING, .first = HOLDING_PATTERN, .count = 2};
        job->values[0] = (uint16_t)pattern_for(reader);
        job->values[1] = reader->last_sequence;
    } else if (reader->mode_wanted != reader->mode_written) {
        *job = (struct poller_job){.kind = POLLER_WRITE_HOLDING, .first = HOLDING_MODE, .count = 1};
        job->values[0] = (uint16_t)reader->mode_wanted;
    } else {
        return false;
    }
    job->reader = reader->address;
    return true;
}

static void commercial_read_job(const struct poller_reader *reader, struct poller_job *job)
{
    const struct profile *profile = reader->profile;
    bool flag = profile_wants_flag(profile, &reader->commercial);
    static const enum poller_job_kind KINDS[PROFILE_SPACES] = {[PROFILE_INPUT] = POLLER_READ_INPUT,
                                                               [PROFILE_HOLDING] = POLLER_READ_HOLDING,
                                                               [PROFILE_COIL] = POLLER_READ_COIL,
                                                               [PROFILE_DISCRETE] = POLLER_READ_DISCRETE};
    job->kind = KINDS[flag ? profile->flag_space : profile->space];
    job->first = flag ? profile->flag : profile->first;
    job->count = flag ? 1 : profile->count;
}

/* A head is probed by its input registers, which prove what it is, and once it is up asked for the shorter report. */
static void read_job(const struct poller_reader *reader, struct poller_job *job)
{
    job->reader = reader->address;
    if (reader->keyboard) {
        job->kind = POLLER_READ_KEYS;
        return;
    }
    if (reader->profile != NULL) {
        commercial_read_job(reader, job);
        return;
    }
    job->kind = reader->up ? POLLER_REPORT : POLLER_READ_INPUT;
    job->first = INPUT_MAGIC;
    job->count = INPUT_REGISTERS;
}

/* Probes of absent readers, each of which costs a time-out, are spread by POLLER_PROBE_GAP_MS. */
static int64_t due(const struct poller *poller, const struct poller_reader *reader)
{
    if (!reader->up && reader->due_mono_ms < poller->probe_not_before_mono_ms)
        return poller->probe_not_before_mono_ms;
    return reader->due_mono_ms;
}

/* Writes first, because a pupil waits for them; then the reader that has been due the longest. */
struct poller_job poller_next(struct poller *poller, int64_t mono_ms)
{
    struct poller_job job = {.kind = POLLER_WAIT, .wait_ms = POLLER_PROBE_MS};
    const struct poller_reader *first = NULL;
    for (size_t i = 0; i < poller->reader_count; i++) {
        const struct poller_reader *reader = &poller->readers[i];
        if (write_job(reader, &job))
            return job;
        if (first == NULL || due(poller, reader) < due(poller, first))
            first = reader;
    }
    if (first == NULL)
        return job;
    if (due(poller, first) > mono_ms) {
        job.wait_ms = due(poller, first) - mono_ms;
        return job;
    }
    read_job(first, &job);
    return job;
}

static bool same_cause(struct cause a, struct cause b)
{
    return a.trouble == b.trouble && a.exception == b.exception;
}

/* Of a reader that is down the cause is told, and the next one when it is another, but for flickering. */
static void tell_cause(struct poller_reader *reader, int64_t mono_ms, struct poller_news *news)
{
    bool due = mono_ms >= reader->cause_not_before_mono_ms && !same_cause(reader->cause, reader->told_cause);
    if (reader->standing.word != STANDING_OUT || (!news->down && !due))
        return;
    reader->told_cause = reader->cause;
    reader->cause_not_before_mono_ms = mono_ms + POLLER_CAUSE_MS;
    news->cause_told = true;
    news->cause = reader->cause;
}

/* Tells what has become of the reader's standing. */
static void note_standing(struct poller_reader *reader, bool serves, int64_t since_mono_ms, int64_t mono_ms,
                          struct poller_news *news)
{
    if (standing_note(&reader->standing, serves, since_mono_ms, mono_ms)) {
        news->up = serves;
        news->down = !serves;
        news->since_ms = mono_ms - reader->standing.since_mono_ms;
    }
    tell_cause(reader, mono_ms, news);
}

/* A head without a master returns to normal mode by itself. */
static void go_down(struct poller_reader *reader)
{
    reader->up = false;
    reader->answer_due = false;
    reader->mode_written = MODE_NORMAL;
}

static void fail(struct poller *poller, struct poller_reader *reader, struct cause cause, int64_t mono_ms,
                 struct poller_news *news)
{
    reader->cause = cause;
    if (!reader->up)
        poller->probe_not_before_mono_ms = mono_ms + POLLER_PROBE_GAP_MS;
    if (reader->failures++ == 0)
        reader->failing_mono_ms = mono_ms;
    if (reader->failures >= POLLER_FAILURES_MAX) {
        go_down(reader);
        note_standing(reader, false, reader->failing_mono_ms, mono_ms, news);
    }
    bool down = reader->standing.word == STANDING_OUT && !reader->up;
    reader->due_mono_ms = mono_ms + (down ? POLLER_PROBE_MS : poller->poll_ms);
}

/* Another nonce: the head has restarted, in normal mode and with new sequences. */
static void note_nonce(struct poller_reader *reader, uint16_t nonce)
{
    if (reader->nonce == nonce)
        return;
    reader->nonce = nonce;
    reader->last_sequence = 0;
    reader->lost_taps = 0;
    reader->answer_due = false;
    reader->mode_written = MODE_NORMAL;
}

static void read_tap(struct poller_reader *reader, const struct poller_job *job, struct poller_news *news)
{
    uint16_t sequence = word_at(job->report + REPORT_CARD_SEQUENCE), age_ms = word_at(job->report + REPORT_AGE_MS);
    if (sequence == reader->last_sequence) {
        reader->answer_due = true; /* the same tap again: our answer has not reached the head */
        return;
    }
    reader->last_sequence = sequence;
    reader->answer = FEEDBACK_NONE;
    news->tap = true;
    news->card_bytes = job->report_bytes - REPORT_CARD;
    news->age_ms = age_ms == AGE_MS_MOST ? -1 : age_ms;
    memcpy(news->card, job->report + REPORT_CARD, news->card_bytes);
}

/* One opening is told at once, the next ones of POLLER_TAMPER_MS together when it is over. */
static void update_tamper(struct poller_reader *reader, bool tamper, int64_t mono_ms, struct poller_news *news)
{
    reader->tamper_owed |= tamper && !reader->tamper;
    reader->tamper = tamper;
    if (!reader->tamper_owed || (mono_ms < reader->tamper_not_before_mono_ms && !FAULT(every_flicker_told)))
        return;
    reader->tamper_owed = false;
    reader->tamper_not_before_mono_ms = mono_ms + POLLER_TAMPER_MS;
    news->tamper = true;
}

/* A head whose card module does not answer cannot record taps: it does not serve although it answers. */
static void update_status(struct poller_reader *reader, uint16_t status, int64_t mono_ms, struct poller_news *news)
{
    reader->failures = 0;
    reader->up = !(status & STATUS_RFID_FAULT);
    reader->cause.trouble = reader->up ? TROUBLE_UNSTEADY : TROUBLE_MODULE;
    note_standing(reader, reader->up, mono_ms, mono_ms, news);
    update_tamper(reader, status & STATUS_TAMPER, mono_ms, news);
}

/* The answer to a probe: whether it is a head of our register map, and how many taps it has dropped. */
static void read_probe(struct poller *poller, struct poller_reader *reader, const uint16_t *values, int64_t mono_ms,
                       struct poller_news *news)
{
    if (values[INPUT_MAGIC] != REGISTERS_MAGIC || values[INPUT_MAP_VERSION] != REGISTERS_VERSION) {
        fail(poller, reader, (struct cause){.trouble = TROUBLE_NO_HEAD}, mono_ms, news);
        return;
    }
    reader->firmware_version = values[INPUT_FIRMWARE_VERSION];
    note_nonce(reader, values[INPUT_BOOT_NONCE]);
    update_status(reader, values[INPUT_STATUS], mono_ms, news);
    reader->due_mono_ms = reader->up ? mono_ms : mono_ms + POLLER_PROBE_MS;
    news->taps_lost = (uint16_t)(values[INPUT_LOST_TAPS] - reader->lost_taps);
    reader->lost_taps = values[INPUT_LOST_TAPS];
}

static bool well_formed(size_t report_bytes)
{
    return report_bytes == REPORT_CARD_SEQUENCE ||
           (report_bytes >= REPORT_CARD + CARD_BYTES_MIN && report_bytes <= REPORT_CARD + CARD_BYTES_MAX);
}

static void read_report(struct poller *poller, struct poller_reader *reader, const struct poller_job *job,
                        int64_t mono_ms, struct poller_news *news)
{
    if (!well_formed(job->report_bytes)) {
        fail(poller, reader, (struct cause){.trouble = TROUBLE_STRANGE}, mono_ms, news);
        return;
    }
    note_nonce(reader, word_at(job->report + REPORT_BOOT_NONCE));
    update_status(reader, job->report[REPORT_STATUS], mono_ms, news);
    reader->due_mono_ms = mono_ms + (reader->up ? poller->poll_ms : POLLER_PROBE_MS);
    if (reader->up && job->report_bytes > REPORT_CARD)
        read_tap(reader, job, news);
}

/* It answered, and has nothing to say of itself, as only a head has. */
static void note_served(struct poller *poller, struct poller_reader *reader, int64_t mono_ms, struct poller_news *news)
{
    reader->failures = 0;
    reader->up = true;
    reader->cause.trouble = TROUBLE_UNSTEADY;
    note_standing(reader, true, mono_ms, mono_ms, news);
    reader->due_mono_ms = mono_ms + poller->poll_ms;
}

/* What has been read of a commercial reader, its flag or its registers, and whether that is a tap. */
static void read_commercial(struct poller *poller, struct poller_reader *reader, const struct poller_job *job,
                            const uint16_t *values, int64_t mono_ms, struct poller_news *news)
{
    bool was_asked = reader->up || reader->standing.word == STANDING_IN; /* within the last seconds */
    struct profile_reader *commercial = &reader->commercial;
    note_served(poller, reader, mono_ms, news);
    if (job->kind == POLLER_READ_COIL || job->kind == POLLER_READ_DISCRETE) {
        profile_take_flag(commercial, values[0] != 0);
        if (values[0] != 0)
            reader->due_mono_ms = mono_ms;
        return;
    }
    news->tap = profile_take(reader->profile, commercial, values, mono_ms);
    news->age_ms = was_asked ? 0 : -1;
    news->card_bytes = commercial->card.bytes;
    memcpy(news->card, commercial->card.number, sizeof news->card);
}

static struct poller_news commercial_done(struct poller *poller, struct poller_reader *reader,
                                          const struct poller_job *job, const uint16_t *values, int64_t mono_ms)
{
    struct poller_news news = {0};
    if (job->kind == POLLER_WRITE_HOLDING || job->kind == POLLER_WRITE_COIL)
        profile_wrote(reader->profile, &reader->commercial, values != NULL, mono_ms);
    else if (values != NULL)
        read_commercial(poller, reader, job, values, mono_ms, &news);
    if (values == NULL)
        fail(poller, reader, job->cause, mono_ms, &news);
    return news;
}

static struct poller_news keyboard_done(struct poller *poller, struct poller_reader *reader,
                                        const struct poller_job *job, const uint16_t *values, int64_t mono_ms)
{
    struct poller_news news = {0};
    if (values == NULL) {
        fail(poller, reader, job->cause, mono_ms, &news);
        return news;
    }
    assert(job->report_bytes <= CARD_BYTES_MAX);
    note_served(poller, reader, mono_ms, &news);
    news.tap = job->report_bytes > 0;
    news.card_bytes = job->report_bytes;
    memcpy(news.card, job->report, job->report_bytes);
    return news;
}

struct poller_news poller_done(struct poller *poller, const struct poller_job *job, const uint16_t *values,
                               int64_t mono_ms)
{
    struct poller_news news = {0};
    struct poller_reader *reader = find(poller, job->reader);
    if (reader->keyboard)
        return keyboard_done(poller, reader, job, values, mono_ms);
    if (reader->profile != NULL)
        return commercial_done(poller, reader, job, values, mono_ms);
    if (values == NULL)
        fail(poller, reader, job->cause, mono_ms, &news);
    else if (job->kind == POLLER_REPORT)
        read_report(poller, reader, job, mono_ms, &news);
    else if (job->kind == POLLER_READ_INPUT)
        read_probe(poller, reader, values, mono_ms, &news);
    else if (job->first == HOLDING_MODE)
        reader->mode_written = (enum head_mode)job->values[0];
    /* Whether or not the write succeeded: a head that did not receive its answer reports the tap again. */
    if (job->kind == POLLER_WRITE_HOLDING && job->first == HOLDING_PATTERN)
        reader->answer_due = false;
    return news;
}

void poller_answer(struct poller *poller, uint8_t address, enum feedback feedback)
{
    struct poller_reader *reader = find(poller, address);
    profile_answer(&reader->commercial, feedback);
    reader->answer = feedback;
    reader->answer_due = true;
}

void poller_profile(struct poller *poller, uint8_t address, const struct profile *profile)
{
    assert(profile_problem(profile) == NULL);
    find(poller, address)->profile = profile;
}

void poller_keyboard(struct poller *poller, uint8_t address)
{
    find(poller, address)->keyboard = true;
}

void poller_mode(struct poller *poller, uint8_t address, enum head_mode mode)
{
    find(poller, address)->mode_wanted = mode;
}

bool poller_lose(struct poller *poller, size_t index, int64_t mono_ms)
{
    struct poller_reader *reader = &poller->readers[index];
    go_down(reader);
    reader->due_mono_ms = mono_ms;
    reader->cause = reader->told_cause = (struct cause){.trouble = TROUBLE_LINE};
    return standing_lose(&reader->standing, mono_ms);
}
