/* One walk over the text, which knows texts in quotes, comments, values and brackets. It only looks for what people do wrong: whether
 * a text is right is for libconfig to say. */
#include "common/settings_fault.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 64 /* of brackets; in deeper ones nothing is looked for */

struct walk {
    const char *at;
    int line, parser_line, depth;
    char last; /* the character before this one that is no blank or comment */
    struct {
        char bracket;
        int line;
    } open[DEPTH_MAX];
    const char *fault; /* the first that was found, and its line */
    int fault_line;
};

static void found(struct walk *walk, int line, const char *fault)
{
    if (walk->fault != NULL || fault == NULL)
        return;
    walk->fault = fault;
    walk->fault_line = line;
}

static const char *mark_fault(const char *text)
{
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        return "the file begins with a byte order mark (BOM): save it as UTF-8 without one";
    if (strncmp(text, "\xFF\xFE", 2) == 0 || strncmp(text, "\xFE\xFF", 2) == 0)
        return "the file is UTF-16: save it as UTF-8";
    return NULL;
}

static bool is_word(const char *value)
{
    return isalpha((unsigned char)*value) || (unsigned char)*value >= 0x80 || *value == '/' || *value == '\'';
}

/* `value` is what follows a = */
static const char *value_fault(const char *value)
{
    value += strspn(value, " \t");
    if (strncmp(value, "//", 2) == 0 || strncmp(value, "/*", 2) == 0)
        return NULL;
    size_t letters = strcspn(value, " \t\r\n;,})");
    if (is_word(value) && !(letters == 4 && strncasecmp(value, "true", 4) == 0) &&
        !(letters == 5 && strncasecmp(value, "false", 5) == 0))
        return "a text must be in straight quotes, like \"this\"";
    size_t digits = strspn(value, "+-.0123456789");
    if (digits > 0 && value[digits] == ',' && isdigit((unsigned char)value[digits + 1]))
        return "a decimal has a point, not a comma: 12.5";
    value += digits;
    value += strspn(value, " \t");
    return digits > 0 && *value == '%' ? "a number stands without a percent sign: 15" : NULL;
}

/* Up to the quote that closes, or the end. libconfig takes a text over several lines; nobody writes one. */
static void take_text(struct walk *walk)
{
    int begins = walk->line;
    for (walk->at++; *walk->at != '\0' && *walk->at != '"'; walk->at++) {
        if (*walk->at == '\\' && walk->at[1] != '\0')
            walk->at++;
        if (*walk->at == '\n')
            walk->line++;
    }
    if ((walk->line != begins || *walk->at == '\0') && begins <= walk->parser_line)
        found(walk, begins, "a quote is missing on this line");
}

/* Leaves the walk at the comment's last character. */
static bool take_comment(struct walk *walk)
{
    if (*walk->at == '#' || strncmp(walk->at, "//", 2) == 0) {
        walk->at += strcspn(walk->at, "\n") - 1;
        return true;
    }
    if (strncmp(walk->at, "/*", 2) != 0)
        return false;
    const char *end = strstr(walk->at + 2, "*/");
    if (end == NULL)
        end = walk->at + strlen(walk->at) - 2;
    for (; walk->at <= end; walk->at++)
        walk->line += *walk->at == '\n';
    return true;
}

static void take_opening(struct walk *walk)
{
    if (walk->last == '}' && walk->depth > 0 && walk->open[walk->depth - 1].bracket == '(')
        found(walk, walk->line, "a comma is missing between } and {");
    walk->open[walk->depth].bracket = *walk->at;
    walk->open[walk->depth++].line = walk->line;
}

static void take_closing(struct walk *walk)
{
    char opening = (char)(*walk->at == ')' ? '(' : *walk->at == ']' ? '[' : '{');
    if (walk->last == ',' && walk->line == walk->parser_line)
        found(walk, walk->line, "no comma may stand before what closes");
    if (walk->depth == 0)
        found(walk, walk->line, "this line closes what was not opened");
    else if (walk->open[--walk->depth].bracket != opening)
        found(walk, walk->open[walk->depth].line, "what this line opens is not closed, or by another bracket");
}

static void take(struct walk *walk)
{
    if (*walk->at == '"')
        take_text(walk);
    else if ((*walk->at == '=' || *walk->at == ':') && walk->line == walk->parser_line)
        found(walk, walk->line, value_fault(walk->at + 1));
    else if (strchr("{([", *walk->at) != NULL)
        take_opening(walk);
    else if (strchr("})]", *walk->at) != NULL)
        take_closing(walk);
}

const char *settings_fault(const char *text, int *line)
{
    struct walk walk = {.at = text, .line = 1, .parser_line = *line};
    found(&walk, 1, mark_fault(text));
    for (; *walk.at != '\0' && walk.fault == NULL && walk.depth < DEPTH_MAX; walk.at++) {
        if (take_comment(&walk))
            continue;
        take(&walk);
        if (*walk.at == '\0')
            break;
        walk.line += *walk.at == '\n';
        if (!isspace((unsigned char)*walk.at))
            walk.last = *walk.at;
    }
    if (walk.depth > 0 && walk.depth < DEPTH_MAX)
        found(&walk, walk.open[walk.depth - 1].line, "what this line opens is not closed, or by another bracket");
    if (walk.fault != NULL)
        *line = walk.fault_line;
    return walk.fault;
}
