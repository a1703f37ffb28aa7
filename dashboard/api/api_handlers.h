/* The answers of the API, each in the file that it names. */
#ifndef DASHBOARD_API_HANDLERS_H
#define DASHBOARD_API_HANDLERS_H

#include "dashboard/api/api_call.h"

typedef enum http_verdict api_function(struct api_call *call);

api_function api_login, api_logout, api_me, api_me_change, api_events;             /* api_session.c */
api_function api_rules, api_rules_version, api_rules_preview, api_rules_apply;     /* api_rules.c */
api_function api_rules_tune;                                                       /* likewise */
api_function api_log, api_review, api_review_draw, api_review_judge;               /* api_audit.c */
api_function api_import_file, api_import_clear, api_import;                        /* api_import.c */
api_function api_totp_offer, api_totp_confirm, api_password;                       /* api_account.c */
api_function api_status, api_terminals, api_daemon;                                /* api_operation.c */
api_function api_retention, api_retention_sign;                                    /* api_retention.c */
api_function api_groups;                                                           /* api_groups.c */
api_function api_inbox;                                                            /* api_inbox.c */
api_function api_confirm, api_snooze, api_dismiss, api_close, api_undo;            /* api_triage.c */
api_function api_cases;                                                            /* api_cases.c */
api_function api_task_done, api_task_undo;                                         /* api_tasks.c */
api_function api_case, api_case_act;                                               /* api_case.c, api_case_acts.c */
api_function api_case_record;                                                      /* api_case_record.c */
api_function api_owner, api_take_over;                                             /* api_take_over.c */
api_function api_together, api_together_decide, api_together_rate;                 /* api_together.c */
api_function api_crisis_begin, api_crisis_end;                                     /* api_crisis.c */
api_function api_last_year, api_last_year_decide;                                  /* api_last_year.c */
api_function api_absences, api_absence_report, api_absence_withdraw;               /* api_absence.c */
api_function api_pupil_lessons, api_pupil_mark, api_forgotten, api_forgotten_undo; /* api_correct.c */
api_function api_strays, api_card_give;                                            /* api_strays.c */
api_function api_held, api_held_decide, api_distrust, api_trust;                   /* api_trust.c */
api_function api_decisions_confirm;                                                /* likewise */
api_function api_lessons, api_lesson_marks;                                        /* api_lessons.c */
api_function api_pupils, api_pupil;                                                /* api_pupil.c */
api_function api_support, api_support_cards, api_pupil_support;                    /* api_support.c */
api_function api_gymnasium, api_gymnasium_decide;                                  /* api_gymnasium.c */
api_function api_class;                                                            /* api_class.c */
api_function api_intime, api_published, api_publish;                               /* api_intime.c */
api_function api_group_measures, api_group_measure_begin, api_group_measure_end;   /* api_group_measures.c */
api_function api_case_reviews, api_case_review, api_case_review_save;              /* api_case_reviews.c */
api_function api_improvement_end;                                                  /* likewise */

#endif
