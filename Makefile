# Every target sets itself up in .venv; `make` alone lists them. Choose an interpreter with `make PYTHON=python3.12 test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOURCES := src tests tables benchmarks

# Compiled functions are kept inside the checkout, whatever their size and however quickly they compiled.
# With a limit JAX takes a lock, so that no test process reads what another has only half written.
export JAX_COMPILATION_CACHE_DIR := $(CURDIR)/.cache/compiled
export JAX_COMPILATION_CACHE_MAX_SIZE := 4294967296
export JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS := 0
export JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES := -1

.DEFAULT_GOAL := help
.PHONY: help setup reproduce test test-slow bounds fuzz lint format tables benchmarks wheel requirements clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with the pinned packages and this checkout

$(READY): requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	touch $@

reproduce: $(READY) ## Draw every figure of the paper and check its claims, into figures/
	$(BIN)/subkelvin reproduce all --out figures

test: lint ## Check style, types and layers, then run every test but the long random sets
	$(BIN)/python -m pytest -n 2 --durations=20 -m "not slow"

test-slow: $(READY) ## Run the long random sets: four hundred networks, ten thousand devices
	$(BIN)/python -m pytest -n 2 --durations=20 -m slow

# Neither set of versions is that of the pins: each lives in an environment of its own, and answers from outside the checkout.
define CHECK_BOUNDS
	rm -rf .cache/bounds/$(1)
	$(PYTHON) -m venv .cache/bounds/$(1)
	.cache/bounds/$(1)/bin/python -m pip install --disable-pip-version-check --quiet $(2) ".[maps,cluster]"
	cd .cache/bounds/$(1) && bin/subkelvin certify && bin/subkelvin run silver-setup-1 --json > answer.json \
		&& bin/subkelvin draw silver-setup-1 --out circuit.pdf && bin/subkelvin run --help > help.txt \
		&& bin/subkelvin sweep silver-setup-1 --vary "islands.left.power=10 fW,50 fW" --workers 1 --out map.zarr
	cd .cache/bounds/$(1) && for mistake in bogus run "run --bogus"; do \
		bin/subkelvin $$mistake 2> told.txt; test $$? = 2 && cat told.txt && test "$$(wc -l < told.txt)" -eq 1 || exit 1; done
endef

bounds: ## Install the lowest and the newest versions that are allowed, and let each answer
	$(call CHECK_BOUNDS,lowest,--constraint requirements-lowest.txt)
	$(call CHECK_BOUNDS,newest,)

fuzz: $(READY) ## Throw 300,000 hostile files and 10,000 random devices at the program (hours; SHORT=1 for minutes)
	$(BIN)/python -m tests.hostile $(if $(SHORT),--short)

lint: $(READY) ## Check style, types and layers only
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## Put the code into its standard form
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

tables: $(READY) ## Make the shipped tables and 30-digit reference values again (minutes)
	set -e; for script in $(wildcard tables/*.py); do echo "$$script"; $(BIN)/python "$$script"; done

benchmarks: $(READY) ## Measure speed against the committed baseline
	set -e; for script in $(filter-out benchmarks/baseline.py,$(wildcard benchmarks/*.py)); do \
		echo "$$script"; $(BIN)/python "$$script"; done

wheel: $(READY) ## Build the wheel, into dist/
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

# pip-tools is no part of the project's environment: it lives in one of its own.
COMPILE = CUSTOM_COMPILE_COMMAND="make requirements" .cache/pip-tools/bin/pip-compile --quiet --no-config \
	--generate-hashes --allow-unsafe --strip-extras --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

requirements: ## Compile the pins again, on the oldest supported Python (PYTHON=python3.11)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "pins are compiled on Python 3.11")'
	$(PYTHON) -m venv .cache/pip-tools
	.cache/pip-tools/bin/python -m pip install --disable-pip-version-check --quiet --upgrade pip pip-tools
	$(COMPILE) --upgrade --extra dev --output-file requirements-dev.txt pyproject.toml
	$(COMPILE) --upgrade --constraint requirements-dev.txt --output-file requirements.txt pyproject.toml

clean: ## Remove everything that make made, .venv included
	rm -rf $(VENV) .cache build dist figures .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
