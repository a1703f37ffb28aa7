# make lint  layout, clang-tidy, cppcheck, gcc -fanalyzer, and the rules of the house (tests/style/check fix: lays out)

.PHONY: lint
# Each analyser reads every file; findings are errors.
SOURCES := $(wildcard common/*.c firmware/*/*.c daemon/*.c daemon/*/*.c daemon/core/*/*.c daemon/core/detect/*/*.c dashboard/*.c dashboard/*/*.c)
lint:
	tests/style/check
	cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr --std=c11 \
	    --suppress=missingIncludeSystem -j $$(nproc) $$(cat compile_flags.txt | grep -v std) $(SOURCES)
	printf '%s\n' $(SOURCES) | xargs -P $$(nproc) -n 1 clang-tidy --quiet
	$(MAKE) BUILD=$(BUILD)/analyzer CFLAGS='-O2 -g -fanalyzer' all
	BUILD=$(BUILD)/analyzer tests/rooms
