# Everything from a fresh clone; `make` alone lists the targets. Written for /bin/sh and GNU make 3.81 and later.

# The Python that AWS runs, if there is one here: then the tests and the local run are on it, too. PyEnv's counts.
PYTHON ?= $(shell for python in python3.13 "$$(pyenv prefix 3.13 2>/dev/null)/bin/python3.13"; do \
  "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null \
    && echo "$$python" && exit; done; echo python3)
PORT ?= 8080
EMULATOR_PORT ?= 4566
AWS_LIKE ?=# of make run: 1 for the delays, limits and habits of AWS
MINUTES ?= 10
EXAMPLES ?= 5000
WORKERS ?= $(shell python3 -c "import os; print(2 + os.cpu_count())")# processes that share the tests: two more than cores, as two mostly wait for their emulators
DEPLOY_OPTIONS ?=# of cdk deploy, such as --require-approval never
ifeq ($(origin AS),default)
AS :=# make knows an assembler by this name
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:

BIN := .venv/bin
PATH_BEFORE := $(PATH)
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := .:layers/openhouse/python:clients/python/src
# A proxy meant for the outside would swallow the calls to this machine's own ports.
export NO_PROXY := 127.0.0.1,localhost,$(NO_PROXY)
export no_proxy := $(NO_PROXY)
# Many processes start here, and each would compile all libraries anew.
unexport PYTHONDONTWRITEBYTECODE

SYNCED_TOOLS := .venv/.synced
NEVER_IMPORTED := certifi charset-normalizer dnspython pycparser requests

PYTHON_TOOLS := .venv/.installed
NODE_TOOLS := node_modules/.installed
LOCAL_LAYER := build/.layer-local
AWS_LAYER := build/.layer-aws
WEB_APP := build/web/index.html

LINT := $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

# Lint runs beside the tests and says what it has to say after them. Either makes the target fail.
define beside_lint
@mkdir -p build; { $(LINT); } >build/lint.log 2>&1 & lint=$$!; \
  $(1); tests=$$?; wait $$lint; linted=$$?; cat build/lint.log; exit $$((tests || linted))
endef

.PHONY: help run test check deploy bench redrive smoke soak fuzz sbom watch web screenshots setup lint contract requirements clean

help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  PORT=8080 EMULATOR_PORT=4566   the ports of make run"
	@echo "  AWS_LIKE=1                     make run with the delays, limits and habits of AWS (docs/local.md)"
	@echo "  PYTHON=python3                 the interpreter that .venv is made with; without it 3.13 if it is there"
	@echo "  MINUTES=10                     of make soak"
	@echo "  EXAMPLES=5000                  of make fuzz, of each kind"
	@echo "  WORKERS=$(WORKERS)                      processes that share the tests of make test and make check"
	@echo "  EMULATOR=URL                   of make redrive and make smoke, such as http://127.0.0.1:4566; without it, AWS"
	@echo "  DEPLOY_OPTIONS=                for cdk deploy, such as '--require-approval never'"

run: $(PYTHON_TOOLS) $(NODE_TOOLS) $(LOCAL_LAYER) $(WEB_APP) ## Deploy into an AWS emulator on this machine, with a demo brokerage; Ctrl-C stops it
	@$(BIN)/openhouse run --port $(PORT) --emulator-port $(EMULATOR_PORT) $(if $(AWS_LIKE),--aws-like)

test: $(PYTHON_TOOLS) $(NODE_TOOLS) $(LOCAL_LAYER) $(AWS_LAYER) $(WEB_APP) ## Every test, the end-to-end ones included, and lint
	$(call beside_lint,$(BIN)/pytest -n $(WORKERS) --dist loadgroup \
	  tests/e2e tests/infra tests/simulator tests/contract tests/functional tests/web tests/unit)

check: $(PYTHON_TOOLS) ## The unit tests and lint, in under a minute
	$(call beside_lint,$(BIN)/pytest -n $(WORKERS) --timeout 60 tests/unit)

deploy: $(PYTHON_TOOLS) $(NODE_TOOLS) $(AWS_LAYER) $(WEB_APP) ## Deploy to the AWS account of your usual AWS settings
	@$(BIN)/openhouse deploy $(DEPLOY_OPTIONS)

bench: $(PYTHON_TOOLS) $(NODE_TOOLS) $(LOCAL_LAYER) $(WEB_APP) ## Measure everything beside the usual ways: tables, and charts in build/bench
	@$(BIN)/python -m bench

redrive: $(PYTHON_TOOLS) ## Post again, from the log, what the fan-out gave up on (docs/operations.md)
	@$(BIN)/openhouse redrive $(if $(EMULATOR),--emulator "$(EMULATOR)")

smoke: $(PYTHON_TOOLS) ## Examine a deployment: quotas, sign-in, sockets, frames, a burst; it cleans up (docs/operations.md)
	@$(BIN)/openhouse doctor $(if $(EMULATOR),--emulator "$(EMULATOR)")

soak: $(PYTHON_TOOLS) ## Run random histories of everything that can go wrong until MINUTES are over
	@$(BIN)/python -m tests.simulator --minutes "$(MINUTES)"

fuzz: $(PYTHON_TOOLS) $(LOCAL_LAYER) ## Spoil every message from outside, EXAMPLES of each kind, and see that nothing fails
	@FUZZ_EXAMPLES="$(EXAMPLES)" $(BIN)/pytest -n $(WORKERS) --timeout 0 tests/contract/test_fuzzing.py

sbom: $(PYTHON_TOOLS) ## Write what others have made of what is deployed, as CycloneDX, into build/sbom.cdx.json
	@$(BIN)/python -m infra.sbom build/sbom.cdx.json
	@echo "build/sbom.cdx.json"

watch: $(PYTHON_TOOLS) ## Show commits live beside a make run: make watch AS=ava@demo.test
	@test -n "$(AS)" || { echo "Say who is watching, for example: make watch AS=ava@demo.test" >&2; exit 1; }
	@$(BIN)/openhouse watch --as "$(AS)" --endpoint http://localhost:$(PORT)/config.json

web: $(WEB_APP) ## Build the web app into build/web

screenshots: $(PYTHON_TOOLS) $(NODE_TOOLS) $(LOCAL_LAYER) $(WEB_APP) ## Every screen of the app, light, dark and on a phone, into docs/screenshots
	@$(BIN)/python -m tests.e2e.browser.screenshots

setup: $(PYTHON_TOOLS) $(NODE_TOOLS) $(LOCAL_LAYER) ## Install all tools; the other targets do it when needed
	@echo "All tools are installed."

lint: $(PYTHON_TOOLS) ## Check style, types and which module may import which
	$(LINT)

contract: $(PYTHON_TOOLS) $(NODE_TOOLS) ## Write docs/*.json and web/client/src/{contract,fields}.ts anew, unless that breaks clients
	@$(BIN)/openhouse contract

requirements: $(PYTHON_TOOLS) ## Pin the Python packages anew after a change of a requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command "make requirements" \
	  --generate-hashes requirements.in --output-file requirements.txt
	@# Installed without resolving, for every target and Python: only these versions, and only these very files.
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command "make requirements" \
	  --constraints requirements.txt --generate-hashes --no-annotate $(addprefix --no-emit-package ,$(NEVER_IMPORTED)) \
	  layers/dependencies/requirements.in --output-file layers/dependencies/requirements.txt
	@# Beside those: what they bring is in the layer of all functions.
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command "make requirements" \
	  --constraints requirements.txt --generate-hashes --no-annotate \
	  layers/tasks/requirements.in --output-file layers/tasks/requirements.txt

clean: ## Remove all that the other targets made, the tools included
	rm -rf .venv node_modules web/client/dist build cdk.out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# Set-up. Each stamp is newer than what it was made from, so a call that changes nothing costs nothing.

# uv does not read pip's configuration: whoever has named an index there means uv too.
UV_INDEX = index="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get global.index-url 2>/dev/null)}}"; \
  test -z "$$index" || export UV_DEFAULT_INDEX="$$index";

$(BIN)/python:
	@PATH="$(PATH_BEFORE)"; command -v "$(PYTHON)" >/dev/null || { \
	  echo "Openhouse needs Python 3.11 or newer, and there is no $(PYTHON) here." >&2; exit 1; }
	@PATH="$(PATH_BEFORE)"; "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	  "Openhouse needs Python 3.11 or newer, and $(PYTHON) is %s: choose another, for example PYTHON=python3.12." \
	  % sys.version.split()[0])'
	@PATH="$(PATH_BEFORE)"; "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) lacks its venv module: install it (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@echo "Creating .venv with $(PYTHON) ..."
	@PATH="$(PATH_BEFORE)"; "$(PYTHON)" -m venv --clear .venv

$(SYNCED_TOOLS): requirements.txt | $(BIN)/python
	@echo "Installing the Python tools into .venv ..."
	@$(BIN)/python -m ensurepip >/dev/null  # for a .venv whose making was interrupted
	@mkdir -p build && awk '/^uv==/ { its = 1 } its { print } its && !/\\$$/ { exit }' requirements.txt >build/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement build/uv.txt
	@$(UV_INDEX) $(BIN)/uv pip sync --python $(BIN)/python requirements.txt
	@touch $@

# .venv/bin/openhouse, which syncing takes away. All that it is built with is in .venv by now.
$(PYTHON_TOOLS): pyproject.toml $(SYNCED_TOOLS)
	@$(BIN)/uv pip install --quiet --offline --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $@

$(NODE_TOOLS): package-lock.json web/client/package.json web/app/package.json | $(PYTHON_TOOLS)
	@echo "Installing the CDK CLI, the contract tools and those of the browser client and app into node_modules ..."
	@$(BIN)/npm ci
	@touch $@

# Vite empties build/web first, and writes index.html last, but for sw.js.
$(WEB_APP): $(shell find web/app web/client/src -type f -not -path '*/node_modules/*' 2>/dev/null) | $(PYTHON_TOOLS) $(NODE_TOOLS)
	@echo "Building the web app ..."
	@$(BIN)/npm run --silent --workspace web/app build -- --logLevel warn
	@touch $@

build/.layer-%: layers/dependencies/requirements.txt layers/tasks/requirements.txt infra/layers.py infra/trimming.py infra/bytecode.py | $(PYTHON_TOOLS) $(NODE_TOOLS)
	@$(UV_INDEX) $(BIN)/python -m infra.layers --target $*
	@touch $@
