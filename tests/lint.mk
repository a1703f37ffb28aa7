# make lint  layout, clang-tidy, cppcheck, gcc -fanalyzer, and the rules of the house (tests/style/check fix: lays out);
#            FEWER=1: clang's analyser follows all paths

.PHONY: lint lint-style lint-cppcheck lint-tidy lint-analyzer
# Each analyser reads every file; findings are errors.
SOURCES := $(wildcard common/*.c firmware/*/*.c daemon/*.c daemon/*/*.c daemon/core/*/*.c daemon/core/detect/*/*.c dashboard/*.c dashboard/*/*.c)
lint: lint-tidy lint-style lint-analyzer lint-cppcheck
lint-style:
	tests/style/check
lint-cppcheck:
	cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr --std=c11 \
	    --suppress=missingIncludeSystem -j $$(nproc) $$(cat compile_flags.txt | grep -v std) $(SOURCES)
# Nearly all the time of clang-tidy is that of clang's analyser in a few long functions, where it gives up after 225,000 nodes;
# `make long` alone lets it go on for so long.
SHALLOW := $(addprefix --extra-arg=,-Xclang -analyzer-config -Xclang max-nodes=20000)
lint-tidy:
	printf '%s\n' $(SOURCES) | xargs -P $$(nproc) -n 1 clang-tidy --quiet $(if $(filter 1,$(FEWER)),,$(SHALLOW))
lint-analyzer:
	$(MAKE) BUILD=$(BUILD)/analyzer CFLAGS='-O2 -g -fanalyzer' all
	BUILD=$(BUILD)/analyzer tests/rooms
