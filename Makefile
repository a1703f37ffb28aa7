# make            build the five programs into build/bin
# make run        install what is missing, build, and show the main job (SECONDS=60 ends by itself)
# make test       install what is missing, build, and pass every test
# make firmware   the reader head for its microcontroller, with a look at its size; ARCH=armhf or arm64: the terminal for other boards
# make install    DESTDIR= and PREFIX= as usual
# make deb        the packages for Debian 12, into build/deb
# make long       everything that takes longer, whole; tests/*.mk name each: long.mk, lint.mk, fuzz.mk, bench.mk
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
# Those that the compiler has for its target: control flow is guarded by one flag on x86 and another on 64-bit ARM, and clang 14 refuses
# to zero automatic variables.
has      = $(shell $(CC) $(1) -Werror -c -x c -o /dev/null /dev/null 2>/dev/null && echo $(1))
HARDEN   := -fPIE -fstack-protector-strong $(foreach flag,-fstack-clash-protection -fcf-protection -mbranch-protection=standard \
            -ftrivial-auto-var-init=zero,$(call has,$(flag)))
CFLAGS   ?= -O2 -g
ALL_CFLAGS  := -std=c11 -D_GNU_SOURCE -DNARVARO_VERSION='"$(VERSION)"' -DNARVARO_PREFIX='"$(PREFIX)"' $(WARNINGS) $(HARDEN) -I. -MMD -MP $(CFLAGS)
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(LDFLAGS)
ifneq ($(SAN),)
ALL_CFLAGS  += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
ALL_LDFLAGS += -fsanitize=$(SAN)
else
ALL_CFLAGS  += -D_FORTIFY_SOURCE=3
endif
LIBS := -lmodbus -lmosquitto -lsqlite3 -lconfig -lmicrohttpd -lsodium -ljansson -lcrypto -lutf8proc -lm -lpthread

objects = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))
room    = $(filter-out %/main.c,$(wildcard $(addsuffix /*.c,$(1))))

# Of common, what needs SQLite goes with the two programs that have a database: the terminal's boards have no SQLite.
DATABASE      := common/query.c common/migrate.c common/dbcopy.c common/dbfile.c
CORE_OBJS     := $(call objects,$(filter-out $(DATABASE),$(call room,common firmware/core)))
SCHOOL_OBJS   := $(call objects,$(call room,daemon/core $(addprefix daemon/core/,school detect detect/vector support)))
TERMINAL_OBJS := $(call objects,$(call room,firmware/terminal))
# The schema of each database and the steps to it; the command line tells by them which versions it knows.
STORE_TABLE    := $(patsubst %,$(BUILD)/%.o,$(wildcard daemon/store/*.sql daemon/store/migrations/*.sql)) $(BUILD)/daemon/store/migrations.o
CASEBOOK_TABLE := $(patsubst %,$(BUILD)/%.o,$(wildcard dashboard/casebook/*.sql dashboard/casebook/migrations/*.sql)) \
                  $(BUILD)/dashboard/casebook/migrations.o
DAEMON_OBJS   := $(call objects,$(DATABASE) $(call room,daemon daemon/store daemon/commands)) $(STORE_TABLE)
WEB_OBJS      := $(call objects,$(DATABASE) $(call room,dashboard $(addprefix dashboard/,shell api casebook attendance))) \
                 $(CASEBOOK_TABLE) $(BUILD)/dashboard/page_table.o $(BUILD)/config/clocks.cfg.o
# What `narvaro setup' gives a school its own copies of.
EXAMPLES      := $(patsubst %,$(BUILD)/config/%.o,narvarod.cfg narvaro-web.cfg rules.cfg mosquitto.conf mosquitto.acl nginx.conf)
CLI_OBJS      := $(call objects,$(DATABASE) $(call room,daemon/cli)) $(STORE_TABLE) $(CASEBOOK_TABLE) $(BUILD)/dashboard/web/i18n/sv.js.o $(BUILD)/dashboard/web/i18n/en.js.o $(EXAMPLES)
ROOMS         := $(BUILD)/libcli.a $(BUILD)/libweb.a $(BUILD)/libdaemon.a $(BUILD)/libterminal.a $(BUILD)/libschool.a $(BUILD)/libcore.a
PROGRAMS      := $(addprefix $(BUILD)/bin/,narvaro-terminal narvaro-terminal-update narvarod narvaro-web narvaro)
UNIT_TESTS    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c)) $(BUILD)/tests/simulate $(BUILD)/tests/cut-power
TEST_PROGRAMS := $(UNIT_TESTS) $(addprefix $(BUILD)/tests/,bus-emulator storm-terminal clockless-terminal replay-lessons)

.PHONY: all firmware cross packages test-packages run test check check-programs install deb clean
.SECONDARY:
all: $(PROGRAMS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,compile)$(CC) $(ALL_CFLAGS) -c -o $@ $<
# A text file becomes the bytes between two symbols named after its path.
define embed
	@mkdir -p $(@D)
	$(call say,embed  )$(LD) -r -b binary -o $@ $<
endef
$(BUILD)/%.sql.o: %.sql
	$(embed)
$(BUILD)/%.js.o: %.js
	$(embed)
$(BUILD)/%.cfg.o: %.cfg
	$(embed)
$(BUILD)/%.acl.o: %.acl
	$(embed)
$(BUILD)/%.conf.o: %.conf
	$(embed)
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
$(BUILD)/libschool.a:   $(SCHOOL_OBJS)
$(BUILD)/libterminal.a: $(TERMINAL_OBJS)
$(BUILD)/libdaemon.a:   $(DAEMON_OBJS)
$(BUILD)/libweb.a:      $(WEB_OBJS)
$(BUILD)/libcli.a:      $(CLI_OBJS)
$(BUILD)/lib%.a:
	@rm -f $@
	$(call say,archive)$(AR) rcs $@ $^

$(BUILD)/bin/narvaro-terminal: $(BUILD)/firmware/terminal/main.o $(BUILD)/libterminal.a $(BUILD)/libcore.a
$(BUILD)/bin/narvaro-terminal-update: $(BUILD)/firmware/update/main.o $(BUILD)/libterminal.a $(BUILD)/libcore.a
$(BUILD)/bin/narvarod:         $(BUILD)/daemon/main.o $(BUILD)/libdaemon.a $(BUILD)/libschool.a $(BUILD)/libcore.a
$(BUILD)/bin/narvaro-web:      $(BUILD)/dashboard/main.o $(BUILD)/libweb.a $(BUILD)/libschool.a $(BUILD)/libcore.a
$(BUILD)/bin/narvaro:          $(BUILD)/daemon/cli/main.o $(BUILD)/libcli.a $(BUILD)/libschool.a $(BUILD)/libcore.a
$(BUILD)/bin/%:
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The reader head on bare metal: its own port, the core unchanged, no library at all. A head that outgrows its limits
# (half of them leave room for an update in place, and for a longer stack) does not build.
ARM          := arm-none-eabi-
HEAD_FLASH   := 16384
HEAD_RAM     := 6144
HEAD         := $(BUILD)/reader/narvaro-reader
HEAD_SOURCES := $(wildcard firmware/reader/*.c) $(addprefix firmware/core/,head.c contact.c rtu.c crc16.c pattern.c pn532.c)
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

packages:
	sh config/packages.sh
test-packages:
	sh config/packages.sh test

run: packages
	$(MAKE) all $(BUILD)/tests/bus-emulator
	@BUILD=$(BUILD) node tests/demo/run.mjs $(if $(SECONDS),--seconds $(SECONDS))

# Emulated RS-485 buses with reader heads, for tests and the demonstration.
$(BUILD)/tests/bus-emulator: $(call objects,$(wildcard tests/bus/*.c)) $(BUILD)/libcore.a
$(BUILD)/tests/emulator: | $(BUILD)/tests/bus-emulator
$(BUILD)/tests/update_trial: | $(BUILD)/bin/narvaro-terminal-update
$(BUILD)/tests/watched: | $(BUILD)/bin/narvarod $(BUILD)/bin/narvaro-terminal
$(BUILD)/tests/simulate: $(call objects,$(wildcard tests/simulation/*.c)) $(ROOMS)
# The real terminal with busy readers in its own process, for the storm: tests/storm/bus.c stands before firmware/terminal/bus.c.
$(BUILD)/tests/storm-terminal: $(BUILD)/tests/storm/bus.o $(BUILD)/firmware/terminal/main.o $(BUILD)/libterminal.a $(BUILD)/libcore.a
# The real terminal on a board without a clock: tests/wall/machineclock.c stands before firmware/terminal/machineclock.c.
$(BUILD)/tests/clockless-terminal: $(BUILD)/tests/wall/machineclock.o $(BUILD)/firmware/terminal/main.o $(BUILD)/libterminal.a $(BUILD)/libcore.a
# Lessons as they come to a daemon, for the detector.
$(BUILD)/tests/replay-lessons: $(BUILD)/tests/replay/main.o $(BUILD)/libcli.a $(BUILD)/libschool.a $(BUILD)/libcore.a
# Their tests refuse memory to the product.
$(BUILD)/tests/cut-power $(BUILD)/tests/detect_memory: ALL_LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
$(BUILD)/tests/cut-power: $(call objects,$(wildcard tests/powercuts/*.c) $(filter-out %/main.c,$(wildcard tests/simulation/*.c))) $(ROOMS)
$(filter-out %/simulate %/cut-power,$(UNIT_TESTS)): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(ROOMS)
$(TEST_PROGRAMS):
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The two packages of the browser tests; nothing of them is in the programs.
tests/browser/node_modules: tests/browser/package-lock.json
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
	@touch $@

test: test-packages
	$(MAKE) all check
check-programs: all $(TEST_PROGRAMS)
check: $(if $(ONLY_C),$(UNIT_TESTS),check-programs $(HEAD).bin cross tests/browser/node_modules)
	BUILD=$(BUILD) tests/run $(UNIT_TESTS)

# Units and users go where systemd looks for what is below PREFIX; a package for Debian says UNITS=/lib/systemd/system.
SHARE := $(DESTDIR)$(PREFIX)/share
UNITS ?= $(PREFIX)/lib/systemd/system
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/narvaro/readers $(SHARE)/doc/narvaro $(SHARE)/man/man8 $(DESTDIR)$(UNITS) $(DESTDIR)$(PREFIX)/lib/sysusers.d
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 config/*.cfg config/mosquitto.conf config/nginx.conf config/nftables.conf $(SHARE)/narvaro
	install -m 644 config/readers/*.cfg $(SHARE)/narvaro/readers
	install -m 644 docs/*.md $(SHARE)/doc/narvaro
	install -m 644 config/systemd/*.service config/systemd/*.timer $(DESTDIR)$(UNITS)
	sed -i 's|/usr/local/bin/|$(PREFIX)/bin/|' $(DESTDIR)$(UNITS)/narvaro*.service
	for users in narvaro narvaro-terminal; do install -m 644 config/systemd/$$users.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/$$users.conf; done
	sh config/manuals.sh $(BUILD)/bin $(SHARE)/man/man8
	chmod 644 $(SHARE)/man/man8/narvaro*

# The packages for Debian, of this machine's architecture, into $(BUILD)/deb. Compiled anew with Debian's own flags.
DEB_SOURCE := $(BUILD)/deb/narvaro-$(VERSION)
deb:
	sh config/packages.sh deb
	rm -rf $(BUILD)/deb && mkdir -p $(DEB_SOURCE)
	tar --create --exclude=node_modules $(wildcard common config daemon dashboard docs firmware Makefile LICENSE CHANGELOG.md tests/*.mk) | tar --extract --directory $(DEB_SOURCE)
	mv $(DEB_SOURCE)/config/debian $(DEB_SOURCE)/debian
	printf 'narvaro ($(VERSION)) bookworm; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' "$$(sed -n 's/^Maintainer: //p' config/debian/control)" "$$(date -R -r CHANGELOG.md)" >$(DEB_SOURCE)/debian/changelog
	cd $(DEB_SOURCE) && env -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage --build=binary --no-sign >../log 2>&1 || { tail -n 30 ../log; exit 1; }
	@ls -l $(BUILD)/deb/*.deb

clean:
	rm -rf $(BUILD)

include tests/long.mk tests/lint.mk tests/fuzz.mk tests/bench.mk

-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)
