/* Planted faults: the mistakes that would break the promise, kept in the code so that the tests can show that they
 * would notice them (docs/reliability.md says what each would do, `make faults` who catches it).
 *
 * A build with NARVARO_FAULTS makes the one mistake that the environment names in NARVARO_FAULT; such a build is for
 * tests and is never installed. In every other build FAULT(name) is the constant false. */
#ifndef COMMON_FAULT_H
#define COMMON_FAULT_H

#include <stdbool.h>

#define FAULTS(X)                    \
    X(acknowledge_before_commit)     \
    X(maximum_not_contiguous)        \
    X(receipted_unstored)            \
    X(no_deduplication)              \
    X(state_outside_transaction)     \
    X(synchronous_normal)            \
    X(commit_result_ignored)         \
    X(disk_full_swallowed)           \
    X(repeat_hears_nothing)          \
    X(overflow_acknowledged)         \
    X(gap_below_oldest_waits)        \
    X(lamp_before_sync)              \
    X(checksum_ignored)              \
    X(torn_slot_used_again)          \
    X(receipt_of_another_generation) \
    X(forgotten_when_sent)           \
    X(stale_will_believed)           \
    X(late_tap_ignored)              \
    X(undated_stays_undated)         \
    X(power_cut_is_no_outage)        \
    X(wrong_day_at_clock_change)     \
    X(unknown_counted_as_absent)     \
    X(notice_for_unknown)            \
    X(notice_while_taps_wait)        \
    X(correction_not_propagated)     \
    X(withdrawn_flag_kept)           \
    X(window_off_by_one)             \
    X(clear_counter_reset_wrongly)   \
    X(undefined_share_holds)         \
    X(classmates_forgotten)          \
    X(own_days_of_class)             \
    X(class_of_today)                \
    X(nine_days_compared)            \
    X(last_classmate_forgotten)      \
    X(classmates_trail_kept)         \
    X(left_class_forgotten)          \
    X(left_class_keeps_day)          \
    X(next_day_not_recounted)        \
    X(class_sums_stale)              \
    X(class_without_last_date)       \
    X(rest_without_succession)       \
    X(two_signs_compared)            \
    X(spells_for_days)               \
    X(absent_days_in_base)           \
    X(leave_days_in_base)            \
    X(half_import_kept)              \
    X(signature_not_asked)           \
    X(slot_not_synced)               \
    X(trial_start_not_counted)       \
    X(watchdog_fed_in_vain)          \
    X(audit_row_skipped)             \
    X(dead_session_alive)            \
    X(silence_counted)               \
    X(label_not_arrival)             \
    X(place_without_date)            \
    X(leavers_card_counts)           \
    X(silence_after_life_assumed)    \
    X(late_tap_without_person)       \
    X(decided_without_broker)        \
    X(outage_over_heard_believed)    \
    X(covered_by_a_minute)           \
    X(absence_types_added)           \
    X(goes_on_after_any_break)       \
    X(overlap_of_a_minute)           \
    X(leaving_is_arriving)           \
    X(entrance_at_any_time)          \
    X(entrance_covers_who_came)      \
    X(begun_late_by_timetable)       \
    X(superseded_mark_counts)        \
    X(card_held_all_day)             \
    X(silent_school_counted)         \
    X(after_unknown_counted)         \
    X(doubtful_card_counted)         \
    X(silent_day_counted)            \
    X(unexpected_tap_decides)        \
    X(empty_cell_lowers_protection)  \
    X(as_of_ignored)                 \
    X(correction_is_a_change)        \
    X(any_date_taken)                \
    X(contradiction_taken)           \
    X(unfit_card_recorded)           \
    X(connection_is_life)            \
    X(receipt_assured)               \
    X(flood_has_the_floor)           \
    X(flood_is_listened_to)          \
    X(difference_not_told)           \
    X(future_kept)                   \
    X(nobody_is_asked)               \
    X(contact_bounces)               \
    X(every_flicker_told)            \
    X(reserve_for_all)               \
    X(stray_byte_deafens)            \
    X(echo_believed)                 \
    X(card_taps_while_it_lies)       \
    X(strangers_are_heard)           \
    X(revoked_until_restart)         \
    X(token_by_its_beginning)        \
    X(success_forgives_all)          \
    X(database_not_locked)           \
    X(foreign_database_taken)        \
    X(foreign_wal_replayed)          \
    X(damage_taken)                  \
    X(identity_kept)                 \
    X(lost_database_unnoticed)

#define FAULT_MEMBER(name) FAULT_##name,
enum fault { FAULTS(FAULT_MEMBER) FAULT_COUNT };
#undef FAULT_MEMBER

#ifdef NARVARO_FAULTS
bool fault_planted(enum fault fault);
#define FAULT(name) fault_planted(FAULT_##name)
#else
#define FAULT(name) ((void)FAULT_##name, false)
#endif

#endif
