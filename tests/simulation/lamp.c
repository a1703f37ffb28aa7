/* From the card to the commanded pattern on a line where all is well. The same every time: no other program can be in the way,
 * so that this, unlike a measurement, may be a test. */
#include "tests/simulation/world.h"

#include <stdlib.h>

static int by_wait(const void *a, const void *b)
{
    int32_t first = *(const int32_t *)a, second = *(const int32_t *)b;
    return (first > second) - (first < second);
}

/* The journal of the rig is small: receipts come when they must. */
static void make_room(struct journal *journal)
{
    if (journal_free(journal) < JOURNAL_SECTOR_RECORDS)
        journal_acknowledge(journal, journal->next_sequence - 1);
}

void lamp_measure(size_t heads, uint32_t baud, int taps, uint32_t apart_ms)
{
    struct rig *rig = &sim.rigs[0];
    term_open(heads, civil_day(2026, 10, 12), 1);
    sim.faults = false;
    sim.on_lines = true;
    rig->settings.reader_count = heads;
    for (size_t i = 0; i < heads; i++)
        rig->settings.readers[i] = (uint8_t)(i + 1);
    rig->flash = nor_open(&rig->nor, NOR_SECTORS_MAX);
    bool started = rig_start(rig, CLOCK_SYNCED);
    assert(started);
    (void)started;
    lines_open(0, heads, baud);
    while (sim.lamps.taps < taps || (int)sim.lamps.shown + sim.lamps.too_late < sim.lamps.taps - sim.lamps.dropped) {
        sim.now_ms++;
        if (sim.lamps.taps < taps && chance(apart_ms) == 0)
            lines_hold(0, FACTS_PUPILS + sim.lamps.taps);
        lines_run(0);
        make_room(&rig->terminal.journal);
    }
    qsort(sim.lamps.waited_ms, sim.lamps.shown, sizeof sim.lamps.waited_ms[0], by_wait);
}
