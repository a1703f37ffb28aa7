// Svenska för gymnasieskolans listor: en del av sv_views.js.

export default /** @satisfies {import("../types.js").Catalogue} */ ({
  lead: "Listor att ta ställning till. Inget skickas av sig självt: en människa beslutar, skickar och antecknar här.",
  month: "Månad för studiestöd",
  lists: {
    began: "Har börjat: meddela hemkommunen",
    left: "Har slutat: meddela hemkommunen",
    kaa: "Har slutat före 20: aktivitetsansvaret (KAA)",
    grants: "Studiehjälp: att ta ställning till",
  },
  why: {
    began: "Elever under 20 från en annan kommun som har börjat i år (skollagen 15:15).",
    left: "Elever under 20 från en annan kommun som har slutat i år (skollagen 15:15).",
    kaa: "Elever under 20 som har slutat det senaste året (skollagen 29:9). Anteckna när det skickades och till vilken funktion, ingen privatperson.",
    grants:
      "Upprepad ogiltig frånvaro, fyra timmar eller mer under månaden, sen ankomst och tidig hemgång inräknade: CSN:s tumregel. Skolan bedömer och kan avstå. En rapport görs aldrig före 15 dagar och normalt inte före 30.",
  },
  about: { began: "Började", left: "Slutade", kaa: "Slutade", grants: "Första dag" },
  name: "Elev",
  class: "Klass",
  hours: "Timmar",
  decision: "Beslut",
  nobody: "Ingen just nu.",
  sent_on: "Skickat den",
  contact: "Till (funktion)",
  note: "Anteckna",
  take_back: "Ta tillbaka",
  of: (what, name) => `${what}: ${name}`,
  report: "Rapportera",
  report_early: "Rapportera före 30 dagar: frånvaron fortsätter",
  refrain: (why) => `Avstå: ${why}`,
  reasons: {
    illness: "sjukdom",
    bullying: "kränkningar",
    support_under_way: "stöd pågår",
    wrong_data: "fel i uppgifterna",
    goes_on: "frånvaron fortsätter",
    other: "annat",
  },
  told: {
    sent: (date, by) => `Skickat ${date}, ${by}`,
    report: (date, by) => `Rapporteras, beslut ${date}, ${by}`,
    refrain: (date, by) => `Avstår, beslut ${date}, ${by}`,
  },
  download: (name) => `Hämta ${name} som CSV, utan elever med skyddade personuppgifter`,
});
