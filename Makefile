# Everything there is to do, in one line each. `make` alone starts the program.

WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path '*/test-results/*' 2>/dev/null) $(wildcard locales/*/*.json) $(shell find integrations -type f)
BALCAO := target/release/balcao

.PHONY: run demo setup web build check test bench gen pictures clean

run: setup build            ## installs what is missing, builds, starts on http://localhost:8080
	$(BALCAO) serve

demo: setup build           ## the same with a sample company in ./data/demo
	BALCAO_DATA=./data/demo $(BALCAO) demo

setup:                      ## installs what Debian's packages give and checks for Rust and Node
	@scripts/setup.sh run

web/node_modules/.stamp: web/package-lock.json
	cd web && npm ci --prefer-offline --no-audit --no-fund
	@touch $@

web/dist/.stamp: web/node_modules/.stamp $(WEB_SOURCES)
	cd web && npm run build
	@touch $@

web: web/dist/.stamp        ## builds the console and the widget

build: web                  ## builds the program as `make run` uses it
	cargo build --release --locked

check: web/node_modules/.stamp   ## fast: formatting, lints, types, unit tests without a browser
	scripts/check.sh

test:                       ## everything, as CI runs it
	scripts/test.sh

bench: setup build          ## measures, and writes bench/BENCHMARKS.md
	scripts/bench.sh

gen:                        ## writes openapi.json and the console's types anew
	scripts/gen.sh

pictures: web               ## takes the pictures of docs/guide anew
	cargo build --locked
	scripts/pictures.sh

clean:
	rm -rf target web/dist web/node_modules
