/* A school's files from the browser: taken piece by piece, then handed to the daemon as descriptors, first to try,
 * then to commit. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/upload.h"

enum http_verdict api_import_file(struct api_call *call)
{
    const json_t *text = json_object_get(call->body, "text");
    enum schoolfile which = schoolfiles_called(call->part);
    if (which == SCHOOLFILES)
        return api_error(call, 404, "not_found");
    if (!json_is_string(text))
        return api_error(call, 400, "bad_request");
    switch (upload_append(call->uploads, call->user.user, which, json_is_true(json_object_get(call->body, "first")),
                          json_string_value(text), json_string_length(text), call->mono_ms)) {
    case UPLOAD_TOO_LARGE:
        return api_error(call, 413, "too_large");
    case UPLOAD_BUSY:
        return api_error(call, 503, "busy");
    case UPLOAD_DONE:
        break;
    }
    const struct upload *upload = upload_find(call->uploads, call->user.user, call->mono_ms);
    return api_json(call, 200, json_pack("{s:I}", "bytes", (json_int_t)upload->bytes[which]));
}

enum http_verdict api_import_clear(struct api_call *call)
{
    upload_drop(call->uploads, call->user.user);
    return api_json(call, 200, json_object());
}

/* Names, and descriptors of our own that the errand closes. Returns how many. */
static size_t gather(const struct upload *upload, json_t *names, int files[SCHOOLFILES])
{
    size_t count = 0;
    for (int i = 0; i < SCHOOLFILES; i++) {
        int copy = upload->files[i] >= 0 ? fcntl(upload->files[i], F_DUPFD_CLOEXEC, 0) : -1;
        if (copy < 0)
            continue;
        files[count++] = copy;
        json_array_append_new(names, json_string(schoolfiles_name((enum schoolfile)i)));
    }
    return count;
}

/* What the person chose, as the daemon reads it. */
static void add_choices(json_t *command, const json_t *body)
{
    static const char *const KEYS[] = {"as_of", "correct", "any_date", "replace", "from", "to", "names"};
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        if (json_object_get(body, KEYS[i]) != NULL)
            json_object_set(command, KEYS[i], json_object_get(body, KEYS[i]));
}

/* What the log says of an import: its files, and the table of names when a person chose some. NULL: no memory; the caller's. */
static char *object_of(const json_t *names, const json_t *body)
{
    json_t *object = json_copy((json_t *)names);
    if (json_object_size(json_object_get(body, "names")) > 0)
        json_array_append_new(object, json_string("columns.cfg"));
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    return text;
}

static enum http_verdict send_files(struct api_call *call, const struct upload *upload, bool commit)
{
    int files[SCHOOLFILES];
    json_t *names = json_array();
    size_t count = gather(upload, names, files);
    char *object = object_of(names, call->body);
    json_t *command =
        json_pack("{s:s, s:b, s:b, s:o}", "do", "import", "commit", (int)commit, "logged", 1, "files", names);
    add_choices(command, call->body);
    char *text = command != NULL ? json_dumps(command, JSON_COMPACT) : NULL;
    json_decref(command);
    bool audited = object != NULL && api_audit(call, commit ? "import" : "import_tried", object);
    free(object);
    if (!audited) {
        free(text);
        text = NULL; /* the errand then closes the files and does nothing */
    }
    return api_send(call, text, files, count);
}

enum http_verdict api_import(struct api_call *call)
{
    const json_t *commit = json_object_get(call->body, "commit");
    if (call->request->pending != NULL) {
        enum http_verdict verdict = api_told(call, 200, "*");
        if (json_is_true(commit) && call->answer->status == 200)
            upload_drop(call->uploads, call->user.user);
        return verdict;
    }
    const struct upload *upload = upload_find(call->uploads, call->user.user, call->mono_ms);
    if (!json_is_boolean(commit))
        return api_error(call, 400, "bad_request");
    return upload != NULL ? send_files(call, upload, json_is_true(commit)) : api_error(call, 409, "no_files");
}
