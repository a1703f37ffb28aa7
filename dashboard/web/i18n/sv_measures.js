// Svenska: hur mått räknas, och några få ord om dem. Samma nycklar som en_measures.js.

export const short = {
  limit: "gräns {limit} {unit}",
  any: "{measure}",
  count: "{count} {noun}",
  class: "{part} {many}, klassen {class_count}",
  term_start: "{count} {noun} sedan terminsstarten",
  total_absence_share: "Frånvaro {whole_percent}",
  absence_share: "Frånvaro {whole_percent}",
  unreported_share: "Oanmäld frånvaro {whole_percent}",
  absence_rise: "Frånvaron +{points} {unit}",
  partial_days: "Frånvaro under en del av dagen, {count} {count|dag|dagar}",
  spells: "Ströfrånvaro, {count} {count|tillfälle|tillfällen}",
  unreported_dates: "Oanmäld frånvaro, {count} {count|dag|dagar}",
  absent_run: "{count} {noun}",
  weekday_tail: "Återkommande mönster: {weekday}, {part} av {whole}",
  spells_tail: "Spridd frånvaro, {part} tillfällen, klassen {class_count}",
  unreported_tail: "Oanmäld frånvaro {part} dagar, klassen {class_count}",
  subject_missed_share: "{subject}, missat {whole_percent}",
};

export const how = {
  any: "Måttet saknar beskrivning i den här versionen av sidorna.",
  total_absence_share: "Frånvarotid och beviljad ledighet delad med all lektionstid under perioden.",
  absence_share:
    "Frånvarotid, anmäld och oanmäld samt sen ankomst, delad med lektionstiden. Lektioner med beviljad ledighet räknas inte med.",
  unreported_share:
    "Tiden för lektioner med oanmäld frånvaro delad med lektionstiden. Lektioner med beviljad ledighet räknas inte med.",
  absence_rise: "Andelen frånvaro under perioden minus elevens egen andel under den längre perioden före.",
  absent_days:
    "Dagar då eleven var borta från all lektionstid som är känd. Dagar med bara beviljad ledighet räknas inte.",
  partial_days: "Dagar då eleven var på plats men borta från minst en lektion.",
  spells: "Ett tillfälle är lektioner i följd utan närvaro emellan. Nätter, helger och lov bryter inte ett tillfälle.",
  unreported_lessons: "Lektioner utan närvaro och utan anmäld frånvaro eller ledighet.",
  unreported_dates: "Dagar med minst en lektion med oanmäld frånvaro.",
  late_arrivals: "Lektioner dit eleven kom senare än skolans tidsgräns.",
  absent_run:
    "Hela frånvarodagar i följd fram till nu. Helger, lov och dagar med beviljad ledighet bryter inte följden.",
  term_start_absent_days: "Hela frånvarodagar under terminens första skoldagar.",
  term_start_spells: "Olika frånvarotillfällen under terminens första skoldagar.",
  weekday_tail:
    "Hela frånvarodagar på en veckodag jämförs med klassens övriga elever samma veckodag. Gränsen är hur ofta en sådan skillnad skulle uppstå av en slump.",
  partial_tail:
    "Dagar då eleven var i skolan men missade minst en lektion, jämfört med hur många sådana dagar klassens övriga elever hade i snitt under samma veckor. Gränsen är hur ofta en sådan skillnad skulle uppstå av en slump.",
  spells_tail:
    "Dagar då ett nytt frånvarotillfälle började, jämfört med hur många sådana dagar klassens övriga elever hade i snitt under samma veckor. Gränsen är hur ofta en sådan skillnad skulle uppstå av en slump.",
  unreported_tail:
    "Dagar med minst en lektion med oanmäld frånvaro, jämfört med hur många sådana dagar klassens övriga elever hade i snitt under samma veckor. Gränsen är hur ofta en sådan skillnad skulle uppstå av en slump.",
  subject_missed_share:
    "Missade lektioner i ämnet delat med alla lektioner i ämnet, de dagar eleven var i skolan. Räknas bara när ämnet missas minst tre gånger så mycket som övriga ämnen.",
};
