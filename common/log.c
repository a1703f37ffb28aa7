/* The level's name in a terminal, its number in angle brackets under systemd (sd-daemon(3)). */
#include "common/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define LOG_LINE_BYTES 512 /* a longer message is cut */

static const char *program_name = "narvaro";
static enum log_level most_shown = LOG_INFO;
static bool under_systemd;

void log_open(const char *program, enum log_level most)
{
    program_name = program;
    most_shown = most;
    under_systemd = getenv("JOURNAL_STREAM") != NULL;
}

/* One write per line, so that lines of several threads or programs do not mix. */
static void write_line(int syslog_level, const char *word, const char *format, va_list arguments)
{
    char message[LOG_LINE_BYTES];
    vsnprintf(message, sizeof message, format, arguments);
    if (under_systemd)
        fprintf(stderr, "<%d>%s\n", syslog_level, message);
    else
        fprintf(stderr, "%s: %s: %s\n", program_name, word, message);
}

/* A macro, because a variadic function cannot pass its arguments on without a va_list of its own. */
#define LOG_FUNCTION(name, level, syslog_level, word)      \
    void name(const char *format, ...)                     \
    {                                                      \
        if (most_shown < (level))                          \
            return;                                        \
        va_list arguments;                                 \
        va_start(arguments, format);                       \
        write_line(syslog_level, word, format, arguments); \
        va_end(arguments);                                 \
    }

LOG_FUNCTION(log_warn, LOG_WARN, 4, "warning")
LOG_FUNCTION(log_info, LOG_INFO, 6, "info")
LOG_FUNCTION(log_debug, LOG_DEBUG, 7, "debug")

void log_fatal(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(2, "fatal", format, arguments);
    va_end(arguments);
    exit(1);
}
