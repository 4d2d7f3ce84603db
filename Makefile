# Everything begins here; Python 3.11 or newer is all that is needed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN     = $(VENV)/bin
PYTEST  = LINLI_TESTING=1 LINLI_HOME=$(CURDIR)/build/test $(BIN)/python -m pytest

.PHONY: run test check format bench clean help install install-dev translations

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

run: install ## a living city on http://127.0.0.1:8000 (PORT= for another port, LINLI_HOME= for another place for its data)
	@LINLI_DEMO=$${LINLI_DEMO:-1} exec $(BIN)/python -m linli up

test: install-dev translations ## the quick suite, on the embedded database
	$(PYTEST) -n 2 -m "not slow and not browser" $(ARGS)

check: install-dev translations ## format, lint, types, contracts, migrations, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	LINLI_TESTING=1 LINLI_HOME=$(CURDIR)/build/test $(BIN)/python -m mypy
	LINLI_TESTING=1 LINLI_HOME=$(CURDIR)/build/test $(BIN)/python -m linli makemigrations --check --dry-run
	LINLI_TESTING=1 LINLI_HOME=$(CURDIR)/build/test $(BIN)/python -m linli translate --check

format: install-dev ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install ## what is measured: the simulated day (ORDERS= for its size)
	$(BIN)/python -m linli city simulate --hours 24 --speed max --orders $(or $(ORDERS),5000) --seed 1 --json build/day.json

clean: ## all that was made here, but not the data of the city
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find linli tests -name __pycache__ -prune -exec rm -rf {} +
	find linli -name '*.mo' -delete

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(VENV)/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Linli needs Python 3.11 or newer; set PYTHON= to where yours is." >&2; exit 1; }
	@echo "[1/2] making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "[2/2] installing what Linli runs on (downloads about 100 MB the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "installing what checks and tests Linli"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(VENV)/.installed $@

translations: install
	@LINLI_TESTING=1 LINLI_HOME=$(CURDIR)/build/test $(BIN)/python -m linli translate
