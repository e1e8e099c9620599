# Two commands: `make nightly` and `make test`. Both create .venv from requirements.lock first.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
INBOX ?= sample_exports/inbox
WORKSPACE ?= workspace
AS_OF ?= 2021-09-05
BIN := .venv/bin
STAMP := .venv/.installed
BENCH_BIN := .venv-bench/bin
BENCH_STAMP := .venv-bench/.installed

.PHONY: nightly test lint samples audit screenshots clean

nightly: $(STAMP)
	$(BIN)/motcua nightly --inbox "$(INBOX)" --workspace "$(WORKSPACE)" --as-of "$(AS_OF)"

# On every core, a file's tests together since they share what was costly to make.
test: $(STAMP) lint
	$(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Known vulnerabilities of what is locked; asks the package index's advisory service, so it needs a network.
audit: $(STAMP)
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --progress-spinner off

# The pictures of docs/huong-dan, from a night over the samples.
screenshots: $(STAMP)
	PYTHONPATH=. $(BIN)/python docs/huong-dan/screenshots.py

# What is measured against the limit and against others; under twenty minutes on two quiet cores.
# `make bench BENCH="--only csv,xlsx --scale 0.1"` for some rows or a small run.
bench: $(BENCH_STAMP)
	$(BENCH_BIN)/python -m benchmarks $(BENCH)

samples: $(STAMP)
	$(BIN)/python -m sample_exports.generate

# Every package is in the lock, so dependencies are never resolved again (--no-deps): what is installed is what is
# locked. The stamp is written last, so an interrupted installation starts over.
$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Mot Cua needs Python 3.11, 3.12, 3.13 or 3.14; this machine has: $$(python3 --version 2>&1)." >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

$(BENCH_STAMP): requirements.lock benchmarks/requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Mot Cua needs Python 3.11, 3.12, 3.13 or 3.14; this machine has: $$(python3 --version 2>&1)." >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv-bench
	$(BENCH_BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock --requirement benchmarks/requirements.lock
	$(BENCH_BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(BENCH_STAMP)

clean:
	rm -rf .venv .venv-bench .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
