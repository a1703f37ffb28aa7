# make fuzz  each of tests/fuzz for SECONDS=10 under libFuzzer and the sanitizers; what it has learnt stays in the build folder.
#            The programs are built, too: clang sees the whole product.

FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz-%,$(wildcard tests/fuzz/*.c))
fuzzers: $(FUZZERS)
$(BUILD)/tests/fuzz-%: $(BUILD)/tests/fuzz/%.o $(ROOMS)
	$(call say,link   )$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< $(filter %.a,$^) $(LIBS)
# Replays what is checked in, then tries new inputs; as many targets at once as there are processors.
FUZZES := $(patsubst tests/fuzz/%.c,fuzz-%,$(wildcard tests/fuzz/*.c))
.PHONY: fuzz fuzzers $(FUZZES)
fuzz:
	$(MAKE) CC=clang BUILD=$(BUILD)/fuzz SAN=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' all fuzzers
	$(MAKE) $(FUZZES)
$(FUZZES): fuzz-%:
	@mkdir -p $(BUILD)/fuzz/corpus/$*
	@LSAN_OPTIONS=suppressions=tests/fuzz/lsan.supp:print_suppressions=0 \
	    $(BUILD)/fuzz/tests/fuzz-$* -max_total_time=$(or $(SECONDS),10) -timeout=5 -print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/$*- \
	    $(BUILD)/fuzz/corpus/$* $(wildcard tests/fuzz/corpus/$*) >$(BUILD)/fuzz/$*.log 2>&1 || { tail -n 60 $(BUILD)/fuzz/$*.log; exit 1; }
	@awk '/number_of_executed_units/ { printf "  fuzz $*: %d inputs, no finding\n", $$2 }' $(BUILD)/fuzz/$*.log
