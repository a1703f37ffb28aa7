/* Rows to argp and back: a key of argp is a short form, or FIRST_KEY and the row's place. */
#include "daemon/cli/options.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum { FIRST_KEY = 256 };

struct reading {
    const struct options *options;
    char *into;
};

static bool is_option(const struct option_row *row)
{
    return row->name != NULL && row->kind != OPTION_WORD && row->kind != OPTION_WORDS;
}

static int key_of(const struct options *options, const struct option_row *row)
{
    return row->letter != 0 ? row->letter : FIRST_KEY + (int)(row - options->rows);
}

static int number(const struct option_row *row, const char *word, const struct argp_state *state)
{
    char *end;
    errno = 0;
    long value = strtol(word, &end, 10);
    if (*word == '\0' || *end != '\0' || errno != 0 || value < row->least || value > row->most)
        argp_error(state, "--%s must be between %d and %d", row->name, row->least, row->most);
    return (int)value;
}

static void take_option(const struct reading *reading, const struct option_row *row, char *word,
                        const struct argp_state *state)
{
    void *value = reading->into + row->offset;
    if (row->kind == OPTION_TEXT)
        *(const char **)value = word;
    else if (row->kind == OPTION_NUMBER)
        *(int *)value = number(row, word, state);
    else if (row->kind == OPTION_FLAG)
        *(bool *)value = true;
    else
        row->take(reading->into, row, word, state);
}

/* Words go to the rows that have none yet, in their order. */
static error_t take_word(const struct reading *reading, const char *word, const struct argp_state *state)
{
    const char *only = NULL;
    for (const struct option_row *row = reading->options->rows; row->kind != OPTION_END; row++) {
        const char **value = (const char **)(void *)(reading->into + row->offset);
        if (row->kind == OPTION_WORDS)
            return ARGP_ERR_UNKNOWN; /* argp gives them all at once */
        if (row->kind == OPTION_TAKEN && row->name == NULL)
            row->take(reading->into, row, word, state);
        else if (row->kind == OPTION_WORD && *value == NULL)
            *value = word;
        else {
            only = row->kind == OPTION_WORD ? row->name : only;
            continue;
        }
        return 0;
    }
    if (only != NULL)
        argp_error(state, "one %s at a time", only);
    argp_error(state, "too many words: %s", word);
    return 0;
}

static void take_words(const struct reading *reading, const struct argp_state *state)
{
    const struct option_row *row = reading->options->rows;
    while (row->kind != OPTION_WORDS)
        row++;
    struct option_words *words = (struct option_words *)(void *)(reading->into + row->offset);
    *words = (struct option_words){(const char *const *)&state->argv[state->next], state->argc - state->next};
    if (words->count > row->most)
        argp_error(state, "at most %d %s", row->most, row->name);
}

static void check(const struct reading *reading, const struct argp_state *state)
{
    for (const struct option_row *row = reading->options->rows; row->kind != OPTION_END; row++)
        if (row->kind == OPTION_WORD && row->name != NULL && *(char **)(void *)(reading->into + row->offset) == NULL)
            argp_error(state, "say which %s", row->name);
    if (reading->options->check != NULL)
        reading->options->check(reading->into, state);
}

/* Called by argp, once for each option and word. What is missing can be judged only at the end. */
static error_t parse(int key, char *word, struct argp_state *state)
{
    const struct reading *reading = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        return take_word(reading, word, state);
    case ARGP_KEY_ARGS:
        take_words(reading, state);
        return 0;
    case ARGP_KEY_END:
        check(reading, state);
        return 0;
    default:
        break;
    }
    for (const struct option_row *row = reading->options->rows; row->kind != OPTION_END; row++)
        if (is_option(row) && key_of(reading->options, row) == key) {
            take_option(reading, row, word, state);
            return 0;
        }
    return ARGP_ERR_UNKNOWN;
}

void options_read(int argc, char **argv, const struct options *options, void *into)
{
    struct argp_option list[OPTIONS_MAX + 1] = {{0}};
    struct reading reading = {options, into};
    size_t count = 0;
    for (const struct option_row *row = options->rows; row->kind != OPTION_END; row++) {
        if (!is_option(row))
            continue;
        assert(count < OPTIONS_MAX);
        list[count++] =
            (struct argp_option){.name = row->name, .key = key_of(options, row), .arg = row->arg, .doc = row->doc};
    }
    const struct argp argp = {.options = list, .parser = parse, .args_doc = options->args_doc, .doc = options->doc};
    argp_parse(&argp, argc, argv, 0, NULL, &reading);
}
