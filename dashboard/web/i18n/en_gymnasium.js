// English for a gymnasium's lists: a part of en_views.js.

export default /** @satisfies {import("../types.js").Catalogue} */ ({
  lead: "Lists to look at. Nothing is sent by itself: a person decides, sends and notes it here.",
  month: "Month of the study grant",
  lists: {
    began: "Began: tell the home municipality",
    left: "Left: tell the home municipality",
    kaa: "Left before 20: municipal activity responsibility (KAA)",
    grants: "Study grant: to be judged",
  },
  why: {
    began: "Pupils under 20 of another municipality who began this year (Education Act 15:15).",
    left: "Pupils under 20 of another municipality who left this year (Education Act 15:15).",
    kaa: "Pupils under 20 who left during the latest year (Education Act 29:9). Note when it was sent and to which function, no private person.",
    grants:
      "Repeated invalid absence, four hours or more in the month, late arrival and early leaving included: CSN's rule of thumb. The school judges and may refrain. A report is never made before 15 days, and normally not before 30.",
  },
  about: { began: "Began", left: "Left", kaa: "Left", grants: "First day" },
  name: "Pupil",
  class: "Class",
  hours: "Hours",
  decision: "Decision",
  nobody: "Nobody just now.",
  sent_on: "Sent on",
  contact: "To (function)",
  note: "Note",
  take_back: "Take back",
  of: (what, name) => `${what}: ${name}`,
  report: "Report",
  report_early: "Report before 30 days: the absence goes on",
  refrain: (why) => `Refrain: ${why}`,
  reasons: {
    illness: "illness",
    bullying: "bullying",
    support_under_way: "support under way",
    wrong_data: "wrong data",
    goes_on: "the absence goes on",
    other: "other",
  },
  told: {
    sent: (date, by) => `Sent ${date}, ${by}`,
    report: (date, by) => `Is reported, decided ${date}, ${by}`,
    refrain: (date, by) => `Refrained, decided ${date}, ${by}`,
  },
  download: (name) => `Download ${name} as CSV, without pupils of protected identity`,
});
