// Svenska för samverkan: en del av sv_views.js.
export const sip = /** @satisfies {import("../types.js").Catalogue} */ ({
  title: "SIP, samordnad individuell plan",
  none: "Ingen SIP har behövts än.",
  consents: (guardian, pupil) =>
    `Samtycke till SIP: vårdnadshavare ${guardian ? "ja" : "nej"}, eleven ${pupil ? "ja" : "nej"}.`,
  no_consent: {
    guardian: "Vårdnadshavarens samtycke saknas eller är återtaget. Utan det begärs, kallas och hålls ingen SIP.",
    pupil: "Elevens samtycke saknas eller är återtaget. Utan det begärs, kallas och hålls ingen SIP.",
  },
  stages: {
    needed: () => "Behövs.",
    requested: (of) => `Begärd av ${of}.`,
    called: (by, day) => `Kallelse från ${by}, möte ${day}.`,
    held: (_, day) => `Möte hållet, följs upp ${day}.`,
    followed_up: (_, day) => `Uppföljd, följs upp igen ${day}.`,
    ended: (why) => `Avslutad: ${why}.`,
  },
  members: "Deltagare",
  coordinates: "samordnar",
  left: (day) => `till ${day}`,
  school_part:
    "Skolans del: se behovet, fråga om samtycke, begära SIP och delta. Skolan har ingen skyldighet i lag att kalla.",
  may_call: "Skolan får själv kalla till SIP, enligt rektors beslut.",
  may_not_call: "Skolan begär SIP av socialtjänsten eller vården, som kallar.",
});

export const together = /** @satisfies {import("../types.js").Catalogue} */ ({
  rating: "Efter ett möte",
  rating_how:
    "Låt elev och vårdnadshavare svara var för sig. Svaret sparas som ett antal för terminen, aldrig med elev, ärende, namn eller dag.",
  rated: "Svaret är sparat.",
  who: "Vem svarar?",
  parties: { pupil: "Eleven", guardian: "Vårdnadshavare" },
  questions: { listened: "Blev jag lyssnad på?", informed: "Vet jag vad som händer nu?" },
  grades: ["1, nej", "2, lite", "3, till stor del", "4, ja"],
  summary: "Till den lokala BUS-gruppen",
  summary_how:
    "Bara terminer som är slut. Antal är avrundade nedåt till närmaste femtal, och under fem visas inget. Skolans del: anteckna avvikelser, ta upp dem i BUS-gruppen och svara på andras.",
  no_terms: "Ingen termin med uppgifter är slut än.",
  terms: { autumn: (year) => `Höstterminen ${year}`, spring: (year) => `Vårterminen ${year}` },
  stuck: "Ärenden som har fastnat, efter orsak",
  promise: "Orsak",
  cases: "Ärenden, minst",
  weeks: "Veckors väntan, median",
  ratings: "Möten, medel av 1–4 (hela och halva)",
  answers: "Svar, minst",
  download: "Spara som CSV",
  calling: "Kalla till SIP",
  calling_how: "Rektor beslutar för hela skolan. Beslutet sparas med datum och namn.",
  allow_calling: "Skolan får kalla",
  forbid_calling: "Skolan kallar inte själv",
});

export const crisis = /** @satisfies {import("../types.js").Catalogue} */ ({
  title: "Allvarlig händelse i familjen",
  how: "En person på skolan håller kontakten, och ingen annan hör av sig hem av rutin. Skriv inte vad som har hänt. Det syns inte i några listor, sökningar eller antal.",
  who: "Vem håller kontakten?",
  choose: "Välj",
  begin: "Spara",
  stands: (name, day) => `Prata med ${name} innan någon hör av sig hem. Gäller sedan ${day}.`,
  paused: "Telefonnummer visas inte under Att granska så länge det gäller. Det upphör när någon avslutar det.",
  end: "Avsluta",
});

export const deviation = /** @satisfies {import("../types.js").Catalogue} */ ({
  title: "Avvikelse i samverkan",
  back: "Till ärendet",
  what: "Vad som inte har fungerat",
  from: "Från",
  case_number: (number) => `skolans ärende ${number}`,
  of: "Gäller",
  promise: "Vad",
  since: "Sedan",
  noted: "Antecknat",
  stood: (day) => `Sedan ${day}.`,
  school_did: "Skolans del",
  opened: (day) => `Ärendet öppnades ${day}.`,
  sip: {
    requested: (day) => `SIP begärd ${day}.`,
    called: (day) => `Kallelse till SIP ${day}.`,
    held: (day) => `SIP-möte hållet ${day}.`,
  },
  asks: "Skolan ber om",
  asks_how:
    "ett svar till skolans elevhälsa om vem som gör vad och när, och att avvikelsen tas upp i den lokala BUS-gruppen.",
  without: "Utan namn, klass och hälsouppgifter. Vilken elev det gäller sägs muntligt, efter samtycke.",
  protected: "Eleven har skyddade personuppgifter. Ingen utskrift görs, och ärendet är inte med i sammanställningen.",
});
