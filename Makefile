# `make` lists what there is. Each target does all of its own set-up; what must be there beforehand is in README.md.

CARGO ?= cargo
ARGS ?=
export DB JSON COMPOSE

.PHONY: help prerequisites ui build demo compose-demo test test-browser lint openapi bench bench-join

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

prerequisites:
	@bash tools/prerequisites.sh

ui: prerequisites front_end/dist/index.html ## Build the web console, which the program holds

front_end/node_modules/.package-lock.json: front_end/package.json front_end/package-lock.json
	@cd front_end && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

UI_SOURCES := $(shell find front_end -path front_end/node_modules -prune -o -path front_end/dist -prune -o -type f -print)
front_end/dist/index.html: front_end/node_modules/.package-lock.json $(UI_SOURCES)
	@cd front_end && npm run --silent build
	@touch $@

build: ui ## Build the program (development profile: builds soonest)
	@$(CARGO) build --locked -p efls-console

demo: ui ## Two consoles pair, join two data sets and train a model; flags: make demo ARGS="--dir /tmp/d"
	@echo "Building efls-console; the first build takes some minutes, later ones seconds."
	@$(CARGO) run --locked --quiet -p efls-console -- demo $(ARGS)

compose-demo: ## Two paired consoles in containers: make compose-demo COMPOSE="podman compose"
	@bash tools/compose-demo.sh

test: ui ## Formatting, lints, documentation, dependencies, and every test
	@bash tools/test.sh

test-browser: ui ## Only the web console in Chromium: the whole story, every page, pictures of all; flags: ARGS="--headed"
	@bash tools/test-browser.sh $(ARGS)

lint: prerequisites ## Only formatting and lints
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --locked --workspace --all-targets --all-features -- -D warnings

openapi: prerequisites ## Write the description of the operator API to docs/openapi.json
	@$(CARGO) run --locked --quiet -p efls-console -- openapi > docs/openapi.json.new
	@mv docs/openapi.json.new docs/openapi.json

bench: ui ## Measure a release build, beside what limits it: make bench DB=mysql JSON=1
	@bash tools/bench.sh $(ARGS)

bench-join: ui ## Join 1,000,000 ids with 1,000,000 through two consoles, beside the pure group operations
	@bash tools/bench.sh join $(ARGS)
