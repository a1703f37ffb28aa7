# make bench      the benchmarks: ratios against peers, instructions, bytes
# make bench-early  how early and how right the shipped profiles are on made-up schools, under two minutes
# make bench-bus  from card to lamp on an emulated line, TAPS=300 in each of four cases; wants a machine with nothing else to do
# make sizes      reader head, terminal's program and memory on amd64, armhf and arm64

.PHONY: bench bench-early bench-bus sizes
BENCH_PROGRAMS := $(addprefix $(BUILD)/tests/bench-,detect ingest daemon)
$(BUILD)/tests/bench-detect: $(call objects,$(wildcard tests/bench/*.c)) $(BUILD)/libschool.a $(BUILD)/libcore.a
$(BUILD)/tests/bench-ingest: $(call objects,$(wildcard tests/bench/ingest/*.c)) $(BUILD)/libschool.a $(BUILD)/libcore.a
$(BUILD)/tests/bench-daemon: $(call objects,$(wildcard tests/bench/daemon/*.c)) $(BUILD)/libdaemon.a $(BUILD)/libschool.a $(BUILD)/libcore.a
$(BENCH_PROGRAMS):
	@mkdir -p $(@D)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
check-programs: $(BENCH_PROGRAMS) # so that every run of the tests compiles them
# DuckDB, a peer; without it its column stays empty. Not npm ci: the lock names this machine's binaries alone.
tests/bench/node_modules: tests/bench/package-lock.json
	-npm install --no-save --prefix tests/bench --ignore-scripts --no-audit --no-fund && touch $@
bench: test-packages all $(BENCH_PROGRAMS) tests/bench/node_modules tests/browser/node_modules
	BUILD=$(BUILD) node tests/bench/detect.mjs
	BUILD=$(BUILD) node tests/bench/service.mjs
	BUILD=$(BUILD) node tests/bench/import.mjs
	node tests/bench/web.mjs
	node tests/bench/pages.mjs
	BUILD=$(BUILD) node tests/bench/early.mjs
bench-early: $(BUILD)/bin/narvaro
	BUILD=$(BUILD) node tests/bench/early.mjs
# From card to lamp, with the head's program in QEMU among the readers: 3 at 19,200 baud and 8 at 115,200, broker up and down.
bench-bus: all $(BUILD)/tests/bus-emulator $(HEAD).bin
	BUILD=$(BUILD) node tests/bench/bus.mjs $(if $(TAPS),--taps $(TAPS))

sizes: all $(BUILD)/tests/bus-emulator $(HEAD).bin cross
	@BUILD=$(BUILD) node tests/sizes.mjs
