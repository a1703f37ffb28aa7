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
