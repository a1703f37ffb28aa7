/* The timing diagrams as text, drawn as in docs/firmware.md. */
#include "firmware/core/pattern.h"

#include <string.h>

/* {green, red, repeats, lamp, sound}; the sound stands under the lamp, as in a timing diagram. */
/* clang-format off */
const struct pattern_rhythm PATTERN_RHYTHMS[PATTERNS] = {
    [PATTERN_NONE] = {0, 0, 0, "", ""},
    [PATTERN_OK] = {1, 0, 0,
                    "############",
                    "###........."},
    [PATTERN_LATE] = {1, 0, 0,
                      "####..########",
                      "##..##........"},
    [PATTERN_OTHER_ROOM] = {1, 1, 0,
                            "####..####..####",
                            "##....##....##.."},
    [PATTERN_UNKNOWN_CARD] = {0, 1, 0,
                              "####################",
                              "##########.........."},
    [PATTERN_AGAIN] = {1, 0, 0,
                       "#.#.#.#.",
                       "#......."},
    [PATTERN_RECORDED] = {1, 1, 0,
                          "########..##",
                          "####....##.."},
    [PATTERN_FULL] = {0, 1, 0,
                      "###..###..###..###..",
                      "###..###..###..###.."},
    [PATTERN_FAULT] = {0, 1, 0,
                       "#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.",
                       "################################"},
    [PATTERN_ENROLMENT] = {1, 0, 0,
                           "##..##..########",
                           "##..##..########"},
    [PATTERN_UNFIT_CARD] = {0, 1, 0,
                            "##########..##..##",
                            "##########..##..##"},
    [PATTERN_SEEN] = {1, 1, 0,
                      "##",
                      ".."},
    [PATTERN_RETRY] = {1, 1, 0,
                       "######......######......",
                       "######......######......"},
    [PATTERN_OUT_OF_SERVICE] = {0, 1, 1,
                                "#...............................",
                                "................................"},
    [PATTERN_ENROL_WAIT] = {1, 1, 1,
                            "##########..........",
                            "...................."},
    [PATTERN_IDENTIFY] = {1, 1, 1,
                          "##..##..........",
                          "#..............."},
};
/* clang-format on */

uint32_t pattern_ms(enum pattern pattern)
{
    return (uint32_t)strlen(PATTERN_RHYTHMS[pattern].lamp) * PATTERN_STEP_MS;
}

struct pattern_output pattern_output(enum pattern pattern, uint32_t elapsed_ms)
{
    const struct pattern_rhythm *rhythm = &PATTERN_RHYTHMS[pattern];
    uint32_t whole_ms = pattern_ms(pattern);

    if (whole_ms == 0 || (elapsed_ms >= whole_ms && !rhythm->repeats))
        return (struct pattern_output){false, false, false};
    uint32_t step = elapsed_ms % whole_ms / PATTERN_STEP_MS;
    bool lit = rhythm->lamp[step] == '#';
    return (struct pattern_output){
        .green = lit && rhythm->green, .red = lit && rhythm->red, .buzzer = rhythm->sound[step] == '#'};
}
