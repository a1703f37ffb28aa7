/* The log: one line, one fact, on standard error, for the person on call.
 *
 * A message is words followed by key=value. warn: someone should look; info: what an operator may ask about
 * tomorrow; debug: off unless asked for. Never a name and never a card number: ids only. Under systemd
 * (JOURNAL_STREAM is set) each line begins with its syslog level. Not for library layers: whoever decides what to do
 * about an error logs it, once. */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

enum log_level { LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_open(const char *program, enum log_level most);
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Cannot start or cannot go on: says what and why, exits with status 1. */
void log_fatal(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
