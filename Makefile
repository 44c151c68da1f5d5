# `make` lists what there is. Each target does all of its own set-up; what must be there beforehand is in README.md.

CARGO ?= cargo
ARGS ?=

.PHONY: help prerequisites build demo test lint openapi bench-join

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

prerequisites:
	@bash tools/prerequisites.sh

build: prerequisites ## Build the program (development profile: builds soonest)
	@$(CARGO) build --locked -p efls-console

demo: prerequisites ## Two consoles pair, join two data sets and train a model; flags: make demo ARGS="--dir /tmp/d"
	@echo "Building efls-console; the first build takes some minutes, later ones seconds."
	@$(CARGO) run --locked --quiet -p efls-console -- demo $(ARGS)

test: prerequisites ## Formatting, lints, documentation, dependencies, and every test
	@bash tools/test.sh

lint: prerequisites ## Only formatting and lints
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --locked --workspace --all-targets --all-features -- -D warnings

openapi: prerequisites ## Write the description of the operator API to docs/openapi.json
	@$(CARGO) run --locked --quiet -p efls-console -- openapi > docs/openapi.json.new
	@mv docs/openapi.json.new docs/openapi.json


bench-join: prerequisites ## Join 1,000,000 ids with 1,000,000, beside the pure time of the group operations
	@bash tools/bench-join.sh
