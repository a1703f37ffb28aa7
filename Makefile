# make            build the five programs into build/bin
# make run        install what is missing, build, and show the main job (SECONDS=60 ends by itself)
# make test       install what is missing, build, and pass every test
# make check-san  the tests in C again under AddressSanitizer and UBSan
# make detect-deep  the detector on 10,000 random pupils, against a naive one
# make check-tsan, check-valgrind, coverage: what their names say
# make fuzz       each parser under libFuzzer (SECONDS=10 each)
# make firmware   the reader head for its microcontroller, with a look at its size; ARCH=armhf or arm64: the terminal for other boards
# make mutate     change the product a sign at a time: which changes does no test notice? (MOST=40 of each module; long)
# make faults     plant each fault of common/fault.h and show that the tests notice it
# make services   the services under a systemd of their own, installed as docs/operating.md says (root)
# make storm      kill -9 of everything under load, bad networks, and a control that must lose (SECONDS=60)
# make wall       a school morning in real processes with everything going wrong, for MINUTES=60 if you like
# make powercuts  the database through 15,000 power cuts, and failures of disk and memory
# make torture    simulation and power cuts with fresh seeds on every core, for MINUTES=1 each
# make lint       layout, clang-tidy, cppcheck, gcc -fanalyzer, and the rules of the house (tests/style/check fix: lays out)
# make bench      the benchmarks: ratios against peers, instructions, bytes
# make bench-bus  from card to lamp on an emulated line, TAPS=300 in each of four cases; wants a machine with nothing else to do
# make sizes      reader head, terminal's program and memory on amd64, armhf and arm64
# make install    DESTDIR= and PREFIX= as usual
#
# V=1 shows the commands whole. One Makefile, not recursive. What is in a folder is built: there are no source lists to keep.

ifeq ($(origin CC),default)
CC      := gcc
endif
BUILD   ?= build
PREFIX  ?= /usr/local
SAN     ?=
SECONDS ?=
VERSION := 0.1.0

ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
say = $(if $(V),,@echo "  $(1)  $@";)

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
# clang 14 has the flag and refuses it.
HARDEN   := -fstack-protector-strong -fPIE $(if $(findstring clang,$(CC)),,-ftrivial-auto-var-init=zero)
CFLAGS   ?= -O2 -g
ALL_CFLAGS  := -std=c11 -D_GNU_SOURCE -DNARVARO_VERSION='"$(VERSION)"' $(WARNINGS) $(HARDEN) -I. -MMD -MP $(CFLAGS)
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(LDFLAGS)
ifneq ($(SAN),)
ALL_CFLAGS  += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
ALL_LDFLAGS += -fsanitize=$(SAN)
else
ALL_CFLAGS  += -D_FORTIFY_SOURCE=2
endif
LIBS := -lmodbus -lmosquitto -lsqlite3 -lconfig -lmicrohttpd -lsodium -ljansson -lcrypto -lm -lpthread

objects = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))
room    = $(filter-out %/main.c,$(wildcard $(addsuffix /*.c,$(1))))

# Of common, what needs SQLite goes with the two programs that have a database: the terminal's boards have no SQLite.
DATABASE      := common/query.c common/migrate.c common/dbcopy.c
CORE_OBJS     := $(call objects,$(filter-out $(DATABASE),$(call room,common firmware/core daemon/core $(addprefix daemon/core/,school detect detect/vector))))
TERMINAL_OBJS := $(call objects,$(call room,firmware/terminal))
DAEMON_OBJS   := $(call objects,$(DATABASE) $(call room,daemon daemon/store daemon/commands)) \
                 $(patsubst %,$(BUILD)/%.o,$(wildcard daemon/store/*.sql daemon/store/migrations/*.sql)) $(BUILD)/daemon/store/migrations.o
WEB_OBJS      := $(call objects,$(DATABASE) $(call room,dashboard $(addprefix dashboard/,shell api casebook attendance))) \
                 $(patsubst %,$(BUILD)/%.o,$(wildcard dashboard/casebook/*.sql dashboard/casebook/migrations/*.sql)) \
                 $(BUILD)/dashboard/casebook/migrations.o $(BUILD)/dashboard/page_table.o
CLI_OBJS      := $(call objects,$(call room,daemon/cli))
ROOMS         := $(BUILD)/libcli.a $(BUILD)/libweb.a $(BUILD)/libdaemon.a $(BUILD)/libterminal.a $(BUILD)/libcore.a
PROGRAMS      := $(addprefix $(BUILD)/bin/,narvaro-terminal narvaro-terminal-update narvarod narvaro-web narvaro)
UNIT_TESTS    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c)) $(BUILD)/tests/simulate $(BUILD)/tests/cut-power

.PHONY: all firmware cross run test check check-programs check-san detect-deep faults fault-tests torture fuzz fuzzers lint bench bench-bus sizes install clean packages test-packages storm storm-programs storm-network storm-control wall powercuts check-tsan check-valgrind coverage mutate services
.SECONDARY:
all: $(PROGRAMS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,compile)$(CC) $(ALL_CFLAGS) -c -o $@ $<
# A text file becomes the bytes between two symbols named after its path.
$(BUILD)/%.sql.o: %.sql
	@mkdir -p $(@D)
	$(call say,embed  )$(LD) -r -b binary -o $@ $<
# A database's schema and the steps to it become a table in C. The folders are named too: a step taken away is noticed.
$(BUILD)/%/migrations.c: common/migrations.sh $(wildcard daemon/store/migrations* daemon/store/migrations/* dashboard/casebook/migrations* dashboard/casebook/migrations/*)
	@mkdir -p $(@D)
	$(call say,embed  )sh common/migrations.sh $* >$@.new && mv $@.new $@
$(BUILD)/%/migrations.o: $(BUILD)/%/migrations.c
	$(call say,compile)$(CC) $(ALL_CFLAGS) -c -o $@ $<
# The pages become a table in C. The folders are named too, so that a page taken away is noticed.
$(BUILD)/dashboard/page_table.c: dashboard/shell/embed.sh $(shell find dashboard/web 2>/dev/null)
	@mkdir -p $(@D)
	$(call say,embed  )sh dashboard/shell/embed.sh dashboard/web >$@.new && mv $@.new $@
$(BUILD)/dashboard/page_table.o: $(BUILD)/dashboard/page_table.c
	$(call say,compile)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/libcore.a:     $(CORE_OBJS)
$(BUILD)/libterminal.a: $(TERMINAL_OBJS)
$(BUILD)/libdaemon.a:   $(DAEMON_OBJS)
$(BUILD)/libweb.a:      $(WEB_OBJS)
$(BUILD)/libcli.a:      $(CLI_OBJS)
$(BUILD)/lib%.a:
	@rm -f $@
	$(call say,archive)$(AR) rcs $@ $^

$(BUILD)/bin/narvaro-terminal: $(BUILD)/firmware/terminal/main.o $(BUILD)/libterminal.a $(BUILD)/libcore.a
$(BUILD)/bin/narvaro-terminal-update: $(BUILD)/firmware/update/main.o $(BUILD)/libterminal.a $(BUILD)/libcore.a
$(BUILD)/bin/narvarod:         $(BUILD)/daemon/main.o $(BUILD)/libdaemon.a $(BUILD)/libcore.a
$(BUILD)/bin/narvaro-web:      $(BUILD)/dashboard/main.o $(BUILD)/libweb.a $(BUILD)/libcore.a
$(BUILD)/bin/narvaro:          $(BUILD)/daemon/cli/main.o $(BUILD)/libcli.a $(BUILD)/libcore.a
$(BUILD)/bin/%:
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The reader head on bare metal: its own port, the core unchanged, no library at all. A head that outgrows its limits
# (half of them leave room for an update in place, and for a longer stack) does not build.
ARM          := arm-none-eabi-
HEAD_FLASH   := 16384
HEAD_RAM     := 6144
HEAD         := $(BUILD)/reader/narvaro-reader
HEAD_SOURCES := $(wildcard firmware/reader/*.c) $(addprefix firmware/core/,head.c rtu.c crc16.c pattern.c pn532.c)
HEAD_CFLAGS  := -std=c11 -Os -g -mcpu=cortex-m3 -mthumb -ffreestanding -fno-tree-loop-distribute-patterns -ffunction-sections \
                -fdata-sections -Wstack-usage=1024 $(WARNINGS) -I. -Ifirmware/reader/include -MMD -MP
$(BUILD)/reader/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,compile)$(ARM)gcc $(HEAD_CFLAGS) -c -o $@ $<
$(HEAD).elf: $(patsubst %.c,$(BUILD)/reader/%.o,$(HEAD_SOURCES)) firmware/reader/reader.ld
	$(call say,link   )$(ARM)gcc -mcpu=cortex-m3 -mthumb -nostdlib -Wl,--gc-sections -T firmware/reader/reader.ld -o $@ $(filter %.o,$^)
$(HEAD).bin: $(HEAD).elf
	@$(ARM)objcopy -O binary $< $@
	@$(ARM)size $< | awk 'NR == 2 { flash = $$1 + $$2; ram = $$2 + $$3; \
	    printf "  reader head: flash %d of %d bytes, RAM %d of %d bytes with the stack\n", flash, $(HEAD_FLASH), ram, $(HEAD_RAM); \
	    exit flash > $(HEAD_FLASH) || ram > $(HEAD_RAM) }' || { rm -f $@; echo "too large"; exit 1; }

# The terminal for other boards: firmware ARCH=armhf (ARMv7) or arm64, with the libraries of Debian of that architecture.
CROSS_armhf := arm-linux-gnueabihf-
CROSS_arm64 := aarch64-linux-gnu-
TIME_64     := -D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64 # armhf's own time ends in 2038
ifeq ($(ARCH),)
firmware: $(HEAD).bin
else
CROSS   := $(or $(CROSS_$(ARCH)),$(error ARCH must be armhf or arm64))
CROSSED := narvaro-terminal narvaro-terminal-update
SYSROOT := $(BUILD)/$(ARCH)/sysroot
firmware:
	sh config/sysroot.sh $(ARCH) $(SYSROOT)
	$(MAKE) ARCH= CC=$(CROSS)gcc AR=$(CROSS)ar BUILD=$(BUILD)/$(ARCH) CFLAGS='-Os -g --sysroot=$(SYSROOT) $(TIME_64)' LDFLAGS='--sysroot=$(SYSROOT)' \
	    LIBS='-lmodbus -lmosquitto -lconfig -ljansson -lcrypto -lm -lpthread' $(addprefix $(BUILD)/$(ARCH)/bin/,$(CROSSED))
	@for program in $(CROSSED); do \
	    $(CROSS)strip -o $(BUILD)/$(ARCH)/bin/$$program.stripped $(BUILD)/$(ARCH)/bin/$$program; \
	    printf '  %s for $(ARCH): %d bytes\n' $$program $$(stat -c %s $(BUILD)/$(ARCH)/bin/$$program.stripped); \
	done
endif

cross:
	$(MAKE) firmware ARCH=armhf
	$(MAKE) firmware ARCH=arm64

# Emulated RS-485 buses with reader heads, for tests and the demonstration.
$(BUILD)/tests/bus-emulator: $(call objects,$(wildcard tests/bus/*.c)) $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/tests/emulator: | $(BUILD)/tests/bus-emulator
$(BUILD)/tests/update_trial: | $(BUILD)/bin/narvaro-terminal-update
$(BUILD)/tests/watched: | $(BUILD)/bin/narvarod $(BUILD)/bin/narvaro-terminal
$(BUILD)/tests/simulate: $(call objects,$(wildcard tests/simulation/*.c)) $(ROOMS)
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
# The real terminal with busy readers in its own process, for the storm: tests/storm/bus.c stands before firmware/terminal/bus.c.
$(BUILD)/tests/storm-terminal: $(BUILD)/tests/storm/bus.o $(BUILD)/firmware/terminal/main.o $(BUILD)/libterminal.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
# The real terminal on a board without a clock: tests/wall/machineclock.c stands before firmware/terminal/machineclock.c.
$(BUILD)/tests/clockless-terminal: $(BUILD)/tests/wall/machineclock.o $(BUILD)/firmware/terminal/main.o $(BUILD)/libterminal.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
# Their tests refuse memory to the product.
$(BUILD)/tests/cut-power $(BUILD)/tests/detect_memory: ALL_LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
$(BUILD)/tests/cut-power: $(call objects,$(wildcard tests/powercuts/*.c) $(filter-out %/main.c,$(wildcard tests/simulation/*.c))) $(ROOMS)
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(ROOMS)
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

packages:
	sh config/packages.sh
test-packages:
	sh config/packages.sh test

run: packages
	$(MAKE) all $(BUILD)/tests/bus-emulator
	@BUILD=$(BUILD) node tests/demo/run.mjs $(if $(SECONDS),--seconds $(SECONDS))

# The two packages of the browser tests; nothing of them is in the programs.
tests/browser/node_modules: tests/browser/package-lock.json
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
	@touch $@

test: test-packages
	$(MAKE) all check
check-programs: all $(BUILD)/tests/storm-terminal $(BUILD)/tests/clockless-terminal $(UNIT_TESTS) $(BUILD)/tests/bus-emulator
check: check-programs $(if $(ONLY_C),,$(HEAD).bin cross tests/browser/node_modules)
	BUILD=$(BUILD) tests/run $(UNIT_TESTS)
check-san:
	ONLY_C=1 $(MAKE) BUILD=$(BUILD)/san SAN=address,undefined CFLAGS='-O1 -g' check

# Where there are threads (terminal, dashboard): the real programs, watched for data races.
check-tsan:
	$(MAKE) BUILD=$(BUILD)/tsan SAN=thread CFLAGS='-O1 -g' all $(BUILD)/tsan/tests/bus-emulator
	@rm -f $(BUILD)/tsan/report.*
	TSAN_OPTIONS=log_path=$(CURDIR)/$(BUILD)/tsan/report BUILD=$(BUILD)/tsan node --test --test-concurrency=2 \
	    tests/terminal.test.mjs tests/web_served.test.mjs tests/web_access.test.mjs tests/web_malformed.test.mjs
	@! cat $(BUILD)/tsan/report.* 2>/dev/null

# Uninitialised values and leaks in the tests in C; those that need a clock of their own or simulate for long are left to check-san.
VALGRIND_NOT := update_trial watchdog watched simulate cut-power emulator terminal_storm detect_random detect_twins groupsignal lanes journal store local
check-valgrind: $(UNIT_TESTS)
	printf '%s\n' $(filter-out $(addprefix $(BUILD)/tests/,$(VALGRIND_NOT)),$(UNIT_TESTS)) | xargs -P 4 -I PROGRAM sh -c \
	    'timeout 300 valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9 PROGRAM >$(BUILD)/valgrind-$$(basename PROGRAM) 2>&1 || { cat $(BUILD)/valgrind-$$(basename PROGRAM); echo "not clean: PROGRAM"; exit 1; }'

# Lines and branches that the tests have run, all but those in a browser, of the bare metal, and of other boards.
coverage: COVERAGE_TESTS := $(filter-out tests/browser% tests/cross% tests/reader.%,$(wildcard tests/*.test.mjs))
coverage:
	$(MAKE) BUILD=$(BUILD)/coverage CFLAGS='-O0 -g --coverage -fprofile-update=atomic' LDFLAGS=--coverage check-programs
	find $(BUILD)/coverage -name '*.gcda' -delete
	SCHOOLS=4 ONLY_C=1 BUILD=$(BUILD)/coverage tests/run $(patsubst $(BUILD)/%,$(BUILD)/coverage/%,$(UNIT_TESTS))
	SCHOOLS=4 BUILD=$(BUILD)/coverage node --test --test-concurrency=2 --test-reporter=dot $(COVERAGE_TESTS)
	node tests/coverage.mjs $(BUILD)/coverage

# The tests in C with one mistake after the other in the product; FAULT=name for one alone, shown to all of them.
fault-tests: $(UNIT_TESTS)
faults:
	$(MAKE) BUILD=$(BUILD)/faults CFLAGS='-O2 -g -DNARVARO_FAULTS' fault-tests
	node tests/faults.mjs $(patsubst $(BUILD)/%,$(BUILD)/faults/%,$(filter-out %/emulator %/cut-power %/update_trial %/watched,$(UNIT_TESTS))) \
	    --last $(BUILD)/faults/tests/cut-power

# Another program than it was, for each change in turn; the ones that nobody notices are printed.
mutate:
	node tests/mutate.mjs $(or $(MOST),40)

MINUTES ?= 1
torture: $(BUILD)/tests/simulate $(BUILD)/tests/cut-power
	$(BUILD)/tests/simulate torture $(MINUTES) 2>/dev/null
	$(BUILD)/tests/cut-power torture $(MINUTES) 2>/dev/null
wall: all $(BUILD)/tests/bus-emulator $(BUILD)/tests/clockless-terminal
	BUILD=$(BUILD) node tests/wall/run.mjs --minutes $(MINUTES)
# The database through a power cut, and every failure of disk and memory, at each operation of a school week.
powercuts: $(BUILD)/tests/cut-power
	$(BUILD)/tests/cut-power full 2>/dev/null

# Real programs under load and killed at random, then on bad networks; last, a daemon with a planted fault must be caught.
STORM_PROGRAMS := $(PROGRAMS) $(BUILD)/tests/bus-emulator $(BUILD)/tests/storm-terminal
storm-programs: $(STORM_PROGRAMS)
storm: test-packages
	$(MAKE) storm-programs
	BUILD=$(BUILD) node tests/storm/run.mjs --seconds $(or $(SECONDS),60)
	$(MAKE) storm-network storm-control
storm-network: storm-programs
	BUILD=$(BUILD) node tests/storm/network.mjs
storm-control:
	$(MAKE) BUILD=$(BUILD)/faults CFLAGS='-O2 -g -DNARVARO_FAULTS' storm-programs
	BUILD=$(BUILD)/faults NARVARO_FAULT=maximum_not_contiguous node tests/storm/run.mjs --seconds 20 --loses

# Units, users, sandboxes, watchdog, enrolment and updates, in namespaces of their own.
services: test-packages
	$(MAKE) all $(BUILD)/tests/bus-emulator
	BUILD=$(BUILD) node tests/systemd/run.mjs

# The detector on 10,080 random pupils each of two tests: any order of arrival against a recomputation, a backtest against the
# naive detector. Four shares at a time.
detect-deep: all $(BUILD)/tests/detect_random
	seq 1 210 840 | xargs -P 4 -I {} env BUILD=$(BUILD) SCHOOLS=210 FIRST_SCHOOL={} \
	    node --test --test-reporter=dot tests/detect.test.mjs
	seq 1 105 420 | xargs -P 4 -I {} env SCHOOLS=105 FIRST_SCHOOL={} $(BUILD)/tests/detect_random

# Each of tests/fuzz for SECONDS under libFuzzer and the sanitizers; what it has learnt stays in the build folder.
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz-%,$(wildcard tests/fuzz/*.c))
fuzzers: $(FUZZERS)
$(BUILD)/tests/fuzz-%: $(BUILD)/tests/fuzz/%.o $(ROOMS)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< $(filter %.a,$^) $(LIBS)
# Replays what is checked in, then tries new inputs; as many targets at once as there are processors.
FUZZES := $(patsubst tests/fuzz/%.c,fuzz-%,$(wildcard tests/fuzz/*.c))
.PHONY: $(FUZZES)
fuzz:
	$(MAKE) CC=clang BUILD=$(BUILD)/fuzz SAN=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' fuzzers
	$(MAKE) $(FUZZES)
$(FUZZES): fuzz-%:
	@mkdir -p $(BUILD)/fuzz/corpus/$*
	@LSAN_OPTIONS=suppressions=tests/fuzz/lsan.supp:print_suppressions=0 \
	    $(BUILD)/fuzz/tests/fuzz-$* -max_total_time=$(or $(SECONDS),10) -timeout=5 -print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/$*- \
	    $(BUILD)/fuzz/corpus/$* $(wildcard tests/fuzz/corpus/$*) >$(BUILD)/fuzz/$*.log 2>&1 || { tail -n 60 $(BUILD)/fuzz/$*.log; exit 1; }
	@awk '/number_of_executed_units/ { printf "  fuzz $*: %d inputs, no finding\n", $$2 }' $(BUILD)/fuzz/$*.log

# Each analyser reads every file; findings are errors.
SOURCES := $(wildcard common/*.c firmware/*/*.c daemon/*.c daemon/*/*.c daemon/core/*/*.c daemon/core/detect/*/*.c dashboard/*.c dashboard/*/*.c)
lint:
	tests/rooms
	tests/style/check
	printf '%s\n' $(SOURCES) | xargs -P 4 -n 1 clang-tidy --quiet
	cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr --std=c11 \
	    --suppress=missingIncludeSystem -j 4 $$(cat compile_flags.txt | grep -v std) $(SOURCES)
	$(MAKE) BUILD=$(BUILD)/analyzer CFLAGS='-O2 -g -fanalyzer' all

$(BUILD)/tests/bench-detect: $(call objects,$(wildcard tests/bench/*.c)) $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/tests/bench-ingest: $(call objects,$(wildcard tests/bench/ingest/*.c)) $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/tests/bench-daemon: $(call objects,$(wildcard tests/bench/daemon/*.c)) $(BUILD)/libdaemon.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
# DuckDB, a peer; without it its column stays empty. Not npm ci: the lock names this machine's binaries alone.
tests/bench/node_modules: tests/bench/package-lock.json
	-npm install --no-save --prefix tests/bench --ignore-scripts --no-audit --no-fund && touch $@
bench: test-packages all $(BUILD)/tests/bench-detect $(BUILD)/tests/bench-ingest $(BUILD)/tests/bench-daemon tests/bench/node_modules tests/browser/node_modules
	BUILD=$(BUILD) node tests/bench/detect.mjs
	BUILD=$(BUILD) node tests/bench/service.mjs
	node tests/bench/web.mjs
	node tests/bench/pages.mjs
# From card to lamp, with the head's program in QEMU among the readers: 3 at 19,200 baud and 8 at 115,200, broker up and down.
bench-bus: all $(BUILD)/tests/bus-emulator $(HEAD).bin
	BUILD=$(BUILD) node tests/bench/bus.mjs $(if $(TAPS),--taps $(TAPS))

sizes: all $(BUILD)/tests/bus-emulator $(HEAD).bin cross
	@BUILD=$(BUILD) node tests/sizes.mjs

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/narvaro $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	cp -r config/*.cfg config/mosquitto* config/nginx.conf config/systemd config/readers $(DESTDIR)$(PREFIX)/share/narvaro
	sh config/manuals.sh $(BUILD)/bin $(DESTDIR)$(PREFIX)/share/man/man8

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)
