# What takes longer than the tests; .ci/run has the short forms. Of what goes on for thousands of rounds, one in FEWER is run.
#
# make long         the tests and all of these whole (FEWER=1), and fuzz and lint, a line with a figure for each; the words of each in
#                   build/long
# make check-san    the tests in C again under AddressSanitizer and UBSan
# make check-tsan   the programs with threads, watched for data races
# make check-valgrind  uninitialised values and leaks in the tests in C
# make coverage     which lines and branches the tests have run
# make faults       plant each fault of common/fault.h and show that the tests notice it
# make mutate       change the product a sign at a time: which changes does no test notice? (MOST=40 of each file, ROOM=dashboard/api one room; hours)
# make powercuts    the database through 15,000 power cuts, its way from older versions, and failures of disk and memory
# make detect-deep  the detector on 10,000 random pupils, against a naive one
# make imports-deep  200 random schools imported piece by piece, against the naive roll of their files
# make torture      simulation and power cuts with fresh seeds on every core, for MINUTES=1 each
# make storm        kill -9 of everything under load, a flood, bad networks, and a control that must lose (SECONDS=60)
# make storm-flood  the part of it in which one terminal floods: how long do the others wait? (SECONDS=60)
# make wall         a school morning in real processes with everything going wrong, for MINUTES=60 if you like
# make services     the packages under a systemd of their own: installed, used, removed, installed again, purged (root)

.PHONY: long check-san check-tsan check-valgrind coverage fault-tests faults mutate torture wall powercuts storm storm-programs \
    storm-flood storm-network storm-control services detect-deep imports-deep

FEWER   ?= 4
MINUTES ?= 1
export FEWER

LONG := check lint check-san check-tsan check-valgrind coverage faults powercuts detect-deep imports-deep torture storm fuzz wall services
long: test-packages
	@mkdir -p $(BUILD)/long; failed=0; \
	for target in $(LONG); do \
	    begun=$$(date +%s); said=passed; \
	    $(MAKE) FEWER=1 SECONDS=$(or $(SECONDS),60) $$target >$(BUILD)/long/$$target 2>&1 || { said=FAILED; failed=1; }; \
	    printf '%-15s %s, %5d s: %s\n' $$target $$said $$(($$(date +%s) - begun)) "$$(grep -v '^make' $(BUILD)/long/$$target | tail -n 1)"; \
	done; exit $$failed

check-san:
	ONLY_C=1 $(MAKE) BUILD=$(BUILD)/san SAN=address,undefined CFLAGS='-O1 -g' check

# Where there are threads (terminal, dashboard): the real programs, watched for data races.
check-tsan:
	$(MAKE) BUILD=$(BUILD)/tsan SAN=thread CFLAGS='-O1 -g' $(addprefix $(BUILD)/tsan/,bin/narvaro bin/narvaro-terminal bin/narvaro-web tests/bus-emulator)
	@rm -f $(BUILD)/tsan/report.*
	TSAN_OPTIONS=log_path=$(CURDIR)/$(BUILD)/tsan/report BUILD=$(BUILD)/tsan node --test --test-concurrency=2 \
	    tests/terminal.test.mjs tests/web_served.test.mjs tests/web_access.test.mjs tests/web_malformed.test.mjs
	@! cat $(BUILD)/tsan/report.* 2>/dev/null

# Uninitialised values and leaks in the tests in C; those that need a clock of their own or simulate for long are left to check-san,
# and those that take a minute and more here are left to `make long`.
VALGRIND_NOT := flagging migrate_cuts detect_limits update_trial watchdog watched simulate cut-power emulator terminal_storm detect_random detect_twins groupsignal lanes journal store local
VALGRIND_LONG := casebook_audit daemon_clock daemon_day daemon_held databases detect_memory few_attack import ingest journal_forget limits_daemon \
    limits_files package slots tune turn_of_year
check-valgrind: $(UNIT_TESTS)
	printf '%s\n' $(filter-out $(addprefix $(BUILD)/tests/,$(VALGRIND_NOT) $(if $(filter 1,$(FEWER)),,$(VALGRIND_LONG))),$(UNIT_TESTS)) | xargs -P $$(nproc) -I PROGRAM sh -c \
	    'valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9 PROGRAM >$(BUILD)/valgrind-$$(basename PROGRAM) 2>&1 || { cat $(BUILD)/valgrind-$$(basename PROGRAM); echo "not clean: PROGRAM"; exit 1; }'

# Lines and branches that the tests have run, all but those in a browser, of the bare metal, and of other boards.
coverage: COVERAGE_TESTS := $(filter-out tests/browser% tests/cross% tests/reader.%,$(wildcard tests/*.test.mjs))
coverage:
	$(MAKE) BUILD=$(BUILD)/coverage CFLAGS='-O0 -g --coverage -fprofile-update=atomic' LDFLAGS=--coverage check-programs
	find $(BUILD)/coverage -name '*.gcda' -delete
	FEWER=1 SCHOOLS=4 ONLY_C=1 BUILD=$(BUILD)/coverage tests/run $(patsubst $(BUILD)/%,$(BUILD)/coverage/%,$(UNIT_TESTS))
	FEWER=1 SCHOOLS=4 BUILD=$(BUILD)/coverage node --test --test-concurrency=2 --test-reporter=dot $(COVERAGE_TESTS)
	node tests/coverage.mjs $(BUILD)/coverage

# One mistake after the other in the product, each shown to the test that is known to notice it; FAULT=name for one alone,
# shown to all of the tests in C.
CATCHERS = $(addprefix $(BUILD)/tests/,$(shell node tests/faults.mjs --catchers))
fault-tests: $(if $(FAULT),$(UNIT_TESTS),$(CATCHERS))
faults:
	$(MAKE) BUILD=$(BUILD)/faults CFLAGS='-O2 -g -DNARVARO_FAULTS' fault-tests
	node tests/faults.mjs $(BUILD)/faults/tests

# Another program than it was, for each change in turn; the ones that nobody notices are printed.
mutate:
	FEWER=1 node tests/mutate.mjs $(or $(MOST),40) $(ROOM)

torture: $(BUILD)/tests/simulate $(BUILD)/tests/cut-power
	$(BUILD)/tests/simulate torture $(MINUTES) 2>/dev/null
	$(BUILD)/tests/cut-power torture $(MINUTES) 2>/dev/null

wall: all $(BUILD)/tests/bus-emulator $(BUILD)/tests/clockless-terminal
	BUILD=$(BUILD) node tests/wall/run.mjs --minutes $(MINUTES)

# The database through a power cut, and every failure of disk and memory, at each operation of a school week.
powercuts: $(BUILD)/tests/cut-power $(BUILD)/tests/migrate_cuts
	$(BUILD)/tests/cut-power full 2>/dev/null
	$(BUILD)/tests/migrate_cuts full

# Real programs under load and killed at random, then on bad networks; last, a daemon with a planted fault must be caught.
STORM_PROGRAMS := $(PROGRAMS) $(BUILD)/tests/bus-emulator $(BUILD)/tests/storm-terminal
storm-programs: $(STORM_PROGRAMS)
storm: test-packages
	$(MAKE) storm-programs
	BUILD=$(BUILD) node tests/storm/run.mjs --seconds $(or $(SECONDS),60)
	$(MAKE) storm-flood storm-network storm-control
storm-flood: storm-programs
	BUILD=$(BUILD) node tests/storm/flood.mjs --seconds $(or $(SECONDS),60)
storm-network: storm-programs
	BUILD=$(BUILD) node tests/storm/network.mjs
storm-control:
	$(MAKE) BUILD=$(BUILD)/faults CFLAGS='-O2 -g -DNARVARO_FAULTS' storm-programs
	BUILD=$(BUILD)/faults NARVARO_FAULT=receipted_unstored node tests/storm/run.mjs --seconds 20 --loses

# Units, users, sandboxes, watchdog, enrolment and updates, in namespaces of their own.
services: test-packages
	$(MAKE) deb all $(BUILD)/tests/bus-emulator
	BUILD=$(BUILD) node tests/systemd/run.mjs

# The detector on 10,080 random pupils each of two tests: any order of arrival against a recomputation, with leaves and new versions of
# the rules; a backtest, and any order of arrival, against the naive detector.
detect-deep: all $(BUILD)/tests/detect_random $(BUILD)/tests/replay-lessons
	seq 1 105 840 | xargs -P $$(nproc) -I {} env BUILD=$(BUILD) SCHOOLS=$$((105 / $(FEWER))) FIRST_SCHOOL={} \
	    node --test --test-reporter=dot --test-name-pattern='random schools' tests/detect.test.mjs
	seq 1 105 420 | xargs -P $$(nproc) -I {} env SCHOOLS=$$((105 / $(FEWER))) FIRST_SCHOOL={} $(BUILD)/tests/detect_random

# Each import told before exactly as it is then done, and the roll of the files in the end.
imports-deep: all
	seq 1 50 151 | xargs -P $$(nproc) -I {} env BUILD=$(BUILD) SCHOOLS=$$((50 / $(FEWER))) FIRST_SCHOOL={} \
	    node --test --test-reporter=dot tests/import_random.test.mjs
