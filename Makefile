# The one entry to everything; `make help` lists it. Each target sets up .venv/ by itself.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help verify verify-others test generate bundle browser check lint-spec downstream bench load mock lock wheel contract clean contract-tools dev bench-tools

PORT ?= 8080
WORKERS ?= auto
USERS ?= 200
SECONDS ?= 30
PROCESSES ?= 1
BIN := .venv/bin

# What is given, on make's command line or by the environment, reaches the verifier by its environment, byte for byte: no
# shell, no `make -n` and no list of processes shows the token. Without a TARGET that they could be meant for, variables
# of the environment that are called TOKEN or the like are another tool's.
GIVERS := line $(if $(filter undefined,$(origin TARGET)),,environment)
define hand-over
ifneq ($$(filter $(GIVERS),$$(origin $(1))),)
verify load: export SECMASTER_$(2) := $$(value $(1))
endif
unexport $(1)
endef
$(eval $(call hand-over,TARGET,ENDPOINT))
$(foreach name,TOKEN PROJECT_ID WORKSPACE_ID INSTANCE_ID,$(eval $(call hand-over,$(name),$(name))))
MAKEOVERRIDES =
# They are for the target that is asked for, not for a make that its tests start.
unexport ARGS PORT WORKERS

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

verify: contract-tools ## verify the server at TARGET=http://... with TOKEN=... (or of the environment); else the embedded mock
	@$(BIN)/secmaster-contract verify --or-mock $(ARGS)

verify-others: dev ## verify other people's servers made from our YAML (needs node, java and the network)
	@$(BIN)/python contract_tests/others/verify_others.py

test: dev ## run all tests (ARGS="-k mock" for some)
	@$(BIN)/pytest --numprocesses $(WORKERS) $(ARGS)

browser: ## install Chromium for the tests that look at a page (as root, on Debian)
	@dpkg -s chromium fonts-noto-core >/dev/null 2>&1 || { apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium fonts-noto-core; }

generate: dev ## write generated/ anew from openapi/
	@$(BIN)/python openapi/generator/generate.py

contract: contract-tools ## draft the ledger's missing rows, and example bodies, into build/contract/
	@$(BIN)/secmaster-contract draft --to build/contract $(ARGS)

bundle: dev ## write openapi/dist/, vectors.json and its Postman collection anew, for other tools and languages
	@$(BIN)/python openapi/bundle/bundle.py && $(BIN)/python -m downstream.vectors

check: dev ## are generated/ and openapi/dist/ current? do ruff, mypy and pyright agree?
	@failed=; \
	try() { printf -- '-- %s\n' "$$*"; "$$@" || failed="$$failed$${failed:+, }$$*"; }; \
	try $(BIN)/python openapi/generator/generate.py --check; \
	try $(BIN)/python openapi/bundle/bundle.py --check; \
	try $(BIN)/python -m downstream.vectors --check; \
	try $(BIN)/ruff check; \
	try $(BIN)/ruff format --check; \
	try $(BIN)/mypy; \
	try $(BIN)/pyright; \
	try $(BIN)/secmaster-contract clauses --unwritten; \
	if [ -n "$$failed" ]; then printf '\nFailed: %s\n' "$$failed" >&2; exit 1; fi

lint-spec: dev ## lint the contract and look for breaking changes (needs node and a network)
	@$(BIN)/python openapi/quality/check.py

downstream: dev ## try other generators, Postman, Specmatic and Arazzo: openapi/DOWNSTREAM.md (needs node, java, a network)
	@$(BIN)/python -m downstream.run

bench: dev bench-tools ## measure beside the peers: benchmarks/RESULTS.md (six to eight minutes; needs a network)
	@$(BIN)/python -m benchmarks.run $(ARGS)

load: bench-tools ## verify the mock under load (USERS=200 SECONDS=30 PROCESSES=1); a server of yours: see verify
	@.venv-bench/bin/python -m benchmarks.load --users $(USERS) --seconds $(SECONDS) --processes $(PROCESSES) $(ARGS)

mock: contract-tools ## serve the embedded mock on port 8080 (PORT=...)
	@$(BIN)/secmaster-contract mock --port $(PORT) $(ARGS)

lock: dev ## write requirements/*.txt anew from both pyproject.toml (ARGS=--upgrade for new versions)
	@for lock in 'contract --group editable' \
	             'dev --extra otel --group dev --constraints requirements/contract.txt' \
	             'bench --group bench --constraints requirements/contract.txt'; do \
	    set -- $$lock; name=$$1; shift; \
	    $(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	        --custom-compile-command 'make lock' --output-file requirements/$$name.txt $$* $(ARGS) \
	        pyproject.toml contract_tests/pyproject.toml || exit; \
	done

wheel: dev ## build into dist/ the source distributions of the client and the verifier, and from each its wheel
	@for project in . contract_tests; do \
	    $(BIN)/python -m build --no-isolation --outdir dist $$project || exit; \
	done

clean: ## remove all that the other targets make, .venv/ included
	rm -rf .venv .venv-bench .venv*.lock build dist reports .pytest_cache .mypy_cache .ruff_cache .hypothesis openapi/quality/node_modules contract_tests/benchmarks/node_modules contract_tests/downstream/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

contract-tools:
	@PYTHON='$(PYTHON)' requirements/install.sh contract

dev:
	@PYTHON='$(PYTHON)' requirements/install.sh dev

bench-tools:
	@PYTHON='$(PYTHON)' requirements/install.sh bench
