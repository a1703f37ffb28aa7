/* The queue of taps, the registers by which the master reads and answers them, and what the lamp shows meanwhile.
 * Invariant: a tap leaves the queue only by the master's answer to its own sequence. */
#include "firmware/core/head.h"

#include <assert.h>
#include <string.h>
#include "firmware/core/bigendian.h"

static struct head_tap *tap_at(struct head *head, uint8_t index)
{
    return &head->taps[(head->first_tap + index) % HEAD_TAPS_MAX];
}

static uint32_t age_ms(const struct head_tap *tap, uint32_t now_ms)
{
    return now_ms - tap->tapped_ms;
}

static void show(struct head *head, enum pattern pattern, uint32_t now_ms)
{
    head->shown = pattern;
    head->shown_ms = now_ms;
}

static void count_up(uint16_t *counter)
{
    if (*counter < UINT16_MAX)
        (*counter)++;
}

const struct head_tap *head_waiting(const struct head *head)
{
    return head->tap_count == 0 ? NULL : &head->taps[head->first_tap];
}

bool head_tap(struct head *head, const uint8_t *card, size_t card_bytes, uint32_t now_ms)
{
    assert(card_bytes >= CARD_BYTES_MIN && card_bytes <= CARD_BYTES_MAX);
    if (head->tap_count == HEAD_TAPS_MAX) {
        count_up(&head->lost_taps);
        head->overflow = true;
        show(head, PATTERN_RETRY, now_ms);
        return false;
    }
    struct head_tap *tap = tap_at(head, head->tap_count++);
    *tap = (struct head_tap){.card_bytes = (uint8_t)card_bytes, .sequence = head->next_sequence, .tapped_ms = now_ms};
    memcpy(tap->card, card, card_bytes);
    if (++head->next_sequence == 0)
        head->next_sequence = 1; /* in the registers 0 means that there is no tap */
    show(head, PATTERN_SEEN, now_ms);
    return true;
}

/* The millisecond count wraps after 49 days: whatever is over is set to a fixed age, or it would one day look new
 * again. */
static void expire(struct head *head, uint32_t now_ms)
{
    if (now_ms - head->served_ms > HEAD_SILENCE_MS) { /* nobody is there to end a mode */
        head->in_service = false;
        head->holding[HOLDING_MODE] = MODE_NORMAL;
        head->served_ms = now_ms - HEAD_SILENCE_MS - 1;
    }
    if (now_ms - head->shown_ms >= pattern_ms(head->shown))
        head->shown = PATTERN_NONE;
    for (uint8_t i = 0; i < head->tap_count; i++)
        if (age_ms(tap_at(head, i), now_ms) > HEAD_AGE_MS_MAX)
            tap_at(head, i)->tapped_ms = now_ms - HEAD_AGE_MS_MAX;
}

const struct head_tap *head_step(struct head *head, uint32_t now_ms)
{
    struct head_tap *overdue = NULL;

    expire(head, now_ms);
    for (uint8_t i = 0; i < head->tap_count; i++) {
        struct head_tap *tap = tap_at(head, i);
        if (overdue == NULL && !tap->overdue && age_ms(tap, now_ms) > HEAD_RETRY_MS)
            overdue = tap;
    }
    if (overdue != NULL) {
        overdue->overdue = true;
        show(head, PATTERN_RETRY, now_ms);
    }
    return overdue;
}

enum pattern head_pattern(const struct head *head, uint32_t now_ms)
{
    if (!head->in_service)
        return PATTERN_OUT_OF_SERVICE;
    if (now_ms - head->shown_ms < pattern_ms(head->shown))
        return head->shown;
    switch ((enum head_mode)head->holding[HOLDING_MODE]) {
    case MODE_ENROL:
        return PATTERN_ENROL_WAIT;
    case MODE_IDENTIFY:
        return PATTERN_IDENTIFY;
    case MODE_NORMAL:
    case HEAD_MODES:
        break;
    }
    return PATTERN_NONE;
}

/* Repeating patterns follow the clock, which spares remembering when each began. */
struct pattern_output head_output(const struct head *head, uint32_t now_ms)
{
    enum pattern pattern = head_pattern(head, now_ms);

    return pattern_output(pattern, PATTERN_RHYTHMS[pattern].repeats ? now_ms : now_ms - head->shown_ms);
}

static uint16_t status(const struct head *head)
{
    return (uint16_t)((head->tamper ? STATUS_TAMPER : 0) | (head->rfid_fault ? STATUS_RFID_FAULT : 0) |
                      (head->overflow ? STATUS_OVERFLOW : 0));
}

static uint16_t reported_age_ms(const struct head_tap *tap, uint32_t now_ms)
{
    uint32_t age = age_ms(tap, now_ms);

    return (uint16_t)(age < HEAD_AGE_MS_MAX ? age : HEAD_AGE_MS_MAX);
}

static void fill_tap(const struct head_tap *tap, uint32_t now_ms, uint16_t registers[INPUT_REGISTERS])
{
    registers[INPUT_CARD_SEQUENCE] = tap->sequence;
    registers[INPUT_CARD_BYTES] = tap->card_bytes;
    for (size_t i = 0; i < CARD_BYTES_MAX; i += 2)
        registers[INPUT_CARD + i / 2] = (uint16_t)(tap->card[i] << 8 | tap->card[i + 1]);
    registers[INPUT_AGE_MS] = reported_age_ms(tap, now_ms);
}

static void fill_input(const struct head *head, uint32_t now_ms, uint16_t registers[INPUT_REGISTERS])
{
    memset(registers, 0, INPUT_REGISTERS * sizeof *registers);
    registers[INPUT_MAGIC] = REGISTERS_MAGIC;
    registers[INPUT_MAP_VERSION] = REGISTERS_VERSION;
    registers[INPUT_FIRMWARE_VERSION] = head->firmware_version;
    registers[INPUT_PENDING] = head->tap_count;
    registers[INPUT_STATUS] = status(head);
    registers[INPUT_BOOT_NONCE] = head->boot_nonce;
    registers[INPUT_LOST_TAPS] = head->lost_taps;
    registers[INPUT_CRC_ERRORS] = head->rtu.crc_errors;
    if (head->tap_count > 0)
        fill_tap(head_waiting(head), now_ms, registers);
}

/* Any request counts as a sign of the master, a refused one too. */
static void note_request(struct head *head, uint32_t now_ms)
{
    head->in_service = true;
    head->served_ms = now_ms;
}

static enum rtu_exception read_registers(void *device, enum rtu_space space, uint16_t first, uint16_t count,
                                         uint16_t *out, uint32_t now_ms)
{
    struct head *head = device;
    uint16_t input[INPUT_REGISTERS];
    size_t last = space == RTU_INPUT ? INPUT_REGISTERS : HOLDING_REGISTERS;

    note_request(head, now_ms);
    if ((size_t)first + count > last)
        return RTU_ILLEGAL_ADDRESS;
    if (space == RTU_INPUT)
        fill_input(head, now_ms, input);
    memcpy(out, (space == RTU_INPUT ? input : head->holding) + first, count * sizeof *out);
    return RTU_NO_EXCEPTION;
}

/* The master's answer to the oldest tap. An answer to any other sequence is a repetition, or meant for an earlier
 * boot: it is ignored, because showing it would promise something to the pupil who waits now. */
static void answer(struct head *head, uint16_t sequence, enum pattern pattern, uint32_t now_ms)
{
    const struct head_tap *tap = head_waiting(head);

    if (tap == NULL || tap->sequence != sequence)
        return;
    if (age_ms(tap, now_ms) <= HEAD_SHOW_WITHIN_MS)
        show(head, pattern, now_ms);
    head->first_tap = (uint8_t)((head->first_tap + 1) % HEAD_TAPS_MAX);
    head->tap_count--;
    if (head->tap_count == 0)
        head->overflow = false;
}

static size_t report(void *device, uint8_t *out, uint32_t now_ms)
{
    struct head *head = device;
    const struct head_tap *tap = head_waiting(head);

    note_request(head, now_ms);
    out[REPORT_STATUS] = (uint8_t)status(head);
    out[REPORT_RUNS] = 0xff;
    put_word(out + REPORT_BOOT_NONCE, head->boot_nonce);
    if (tap == NULL)
        return REPORT_CARD_SEQUENCE;
    put_word(out + REPORT_CARD_SEQUENCE, tap->sequence);
    put_word(out + REPORT_AGE_MS, reported_age_ms(tap, now_ms));
    memcpy(out + REPORT_CARD, tap->card, tap->card_bytes);
    return REPORT_CARD + (size_t)tap->card_bytes;
}

static bool covers(uint16_t first, uint16_t count, enum holding_register which)
{
    return first <= which && (size_t)which < (size_t)first + count;
}

/* All values are checked before any takes effect. A pattern together with an acknowledgement answers a tap; alone it
 * is shown at once. */
static enum rtu_exception write_registers(void *device, uint16_t first, uint16_t count, const uint16_t *values,
                                          uint32_t now_ms)
{
    struct head *head = device;
    uint16_t holding[HOLDING_REGISTERS];

    note_request(head, now_ms);
    if ((size_t)first + count > HOLDING_REGISTERS)
        return RTU_ILLEGAL_ADDRESS;
    memcpy(holding, head->holding, sizeof holding);
    memcpy(holding + first, values, count * sizeof *values);
    if (holding[HOLDING_PATTERN] >= PATTERN_COMMANDS || holding[HOLDING_MODE] >= HEAD_MODES)
        return RTU_ILLEGAL_VALUE;
    memcpy(head->holding, holding, sizeof holding);
    bool patterned = covers(first, count, HOLDING_PATTERN);
    enum pattern pattern = patterned ? (enum pattern)holding[HOLDING_PATTERN] : PATTERN_NONE;
    if (covers(first, count, HOLDING_ACKNOWLEDGED) && holding[HOLDING_ACKNOWLEDGED] != 0)
        answer(head, holding[HOLDING_ACKNOWLEDGED], pattern, now_ms);
    else if (patterned)
        show(head, pattern, now_ms);
    return RTU_NO_EXCEPTION;
}

void head_init(struct head *head, uint8_t address, uint32_t baud, uint16_t firmware_version, uint16_t boot_nonce,
               uint32_t now_ms)
{
    struct rtu_registers registers = {read_registers, write_registers, report, head};

    assert(boot_nonce != 0);
    *head = (struct head){
        .firmware_version = firmware_version,
        .boot_nonce = boot_nonce,
        .next_sequence = boot_nonce,
        .served_ms = now_ms,
    };
    rtu_init(&head->rtu, address, baud, &registers);
}
