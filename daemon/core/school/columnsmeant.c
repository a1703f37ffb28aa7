/* Names are compared by their letters and digits alone, against what Swedish systems call a column. */
#include "daemon/core/school/columnsmeant.h"

#include <stddef.h>
#include "common/ids.h"

/* Written plainly (see plain_letter), a space between words. The names of docs/school-files.md are compared first. */
static const struct {
    const char *column, *words;
} MEANT[] = {
    {"pupil_id", "elevid elev elevnr elevnummer elevensid studentid id"},
    {"given_name", "fornamn tilltalsnamn firstname"},
    {"family_name", "efternamn lastname surname"},
    {"class", "klass klassnamn"},
    {"year", "arskurs ak"},
    {"protected", "skyddad skyddadidentitet sekretess sekretessmarkering"},
    {"from", "fran franochmed fom start startdatum borjar"},
    {"to", "till tillochmed tom slut slutdatum slutar"},
    {"end_reason", "slutorsak avgangsorsak orsak"},
    {"birth_date", "fodelsedatum fodd"},
    {"school_form", "skolform"},
    {"home_municipality", "hemkommun kommun kommunkod"},
    {"programme", "program studievag"},
    {"placed", "placerad"},
    {"group_id", "grupp gruppid undervisningsgrupp"},
    {"lesson_id", "lektion lektionid lektionsid"},
    {"subject", "amne kurs"},
    {"room", "sal lokal rum"},
    {"date", "datum dag"},
    {"start", "starttid borjar klockstart"},
    {"end", "slut sluttid slutar"},
    {"state", "status"},
    {"terminal_id", "terminal lasare"},
    {"place", "plats"},
    {"card", "kort kortnummer kortnr"},
    {"type", "typ franvarotyp"},
    {"at", "tid tidpunkt"},
    {"status", "narvaro"},
    {"absent_minutes", "minuter franvarominuter franvarandeminuter"},
    {"kind", "typ slag"},
    {"staff_id", "personalid personal signatur larare lararid"},
    {"name", "namn"},
    {"role", "roll tjanst befattning"},
    {"email", "epost epostadress mail mejl"},
    {"phone", "telefon telefonnummer mobil mobilnummer"},
    {"order", "ordning prioritet"},
    {"language", "sprak modersmal"},
    {"interpreter", "tolk"},
    {"notify", "avisering meddela"},
    {"recorded_at", "registrerad registrerat"},
};

/* The letter of the two-byte character C3 `second` without its mark, for those of Swedish; 0 for others. */
static char plain_letter(unsigned char second)
{
    second |= 0x20; /* the small letter */
    return second == 0xA5 || second == 0xA4 ? 'a' : second == 0xB6 ? 'o' : second == 0xA9 ? 'e' : '\0';
}

/* Letters and digits, small and without marks. */
static struct text write_plain(struct text name, char out[NAME_BYTES])
{
    size_t length = 0;
    for (size_t i = 0; i < name.length && length < NAME_BYTES - 1; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        if (c >= 'A' && c <= 'Z')
            out[length++] = (char)(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[length++] = (char)c;
        else if (c == 0xC3 && i + 1 < name.length && plain_letter((unsigned char)name.bytes[i + 1]) != '\0')
            out[length++] = plain_letter((unsigned char)name.bytes[++i]);
    }
    out[length] = '\0';
    return (struct text){out, length};
}

static bool is_among(struct text name, const char *words)
{
    for (const char *word = words; *word != '\0';) {
        size_t length = strcspn(word, " ");
        if (text_equal(name, (struct text){word, length}))
            return true;
        word += length + (word[length] == ' ');
    }
    return false;
}

bool columnsmeant(struct text name, const char *column)
{
    char theirs[NAME_BYTES], ours[NAME_BYTES];
    struct text plain = write_plain(name, theirs);
    if (plain.length == 0)
        return false;
    if (text_equal(plain, write_plain(text_of(column), ours)))
        return true;
    for (size_t i = 0; i < sizeof MEANT / sizeof *MEANT; i++)
        if (strcmp(MEANT[i].column, column) == 0)
            return is_among(plain, MEANT[i].words);
    return false;
}
