# Plenary: `make run` to see it, `make test` to trust it, `make check` before a commit.
# Nothing is needed but Python 3.11 or newer; DATABASE_URL, REDIS_URL and EMAIL_URL move it to
# services of your own (docs/running.md).

SHELL := /bin/sh
BIN := .venv/bin
PORT ?= 8000
HOST ?= 127.0.0.1
PYTEST_ARGS ?=
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links --python-version 3.11

DEV_UNLESS_SAID := DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-config.settings.dev}

export PORT HOST

.PHONY: help run test check fix bench-checkin chaos-checkin firefox chaos-mail browser worker beat messages requirements screenshots vendor clean
.DEFAULT_GOAL := help

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

run: .venv/base.stamp ## Run everything on this machine, with the demo
	@PLENARY_STARTED_BY_MAKE=1 exec $(BIN)/python config/run

test: .venv/dev.stamp ## Run the whole suite, browser included
	@$(BIN)/python tests/browser_setup.py
	@PLENARY_WHOLE_SUITE=1 $(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

check: .venv/dev.stamp ## Run what a commit must pass
	@$(BIN)/python tests/check.py

fix: .venv/dev.stamp ## Format the sources
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .
	@find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} + || true

bench-checkin: .venv/dev.stamp ## Measure the doors beside their references (SHORT=1: minutes)
	@$(BIN)/python -m bench $(if $(SHORT),--short)

chaos-checkin: .venv/dev.stamp ## Break phones, lines and servers at the door, and count what is lost
	@$(BIN)/python tests/browser_setup.py
	@PLENARY_CHAOS=all $(BIN)/python -m pytest tests/chaos -q $(PYTEST_ARGS)

firefox: .venv/dev.stamp ## Walk through the scanner in Firefox, which must be installed
	@PLENARY_WITH_FIREFOX=1 $(BIN)/python -m pytest tests/firefox -q $(PYTEST_ARGS)

chaos-mail: .venv/dev.stamp ## Kill workers and the broker under 5,000 letters, and count what came (ARGS=--recipients 500 …)
	@$(BIN)/python -m bench.mail $(ARGS)

browser: .venv/dev.stamp ## Get a browser for the tests
	@$(BIN)/python tests/browser_setup.py

worker: .venv/base.stamp ## Run one more worker (production: see deploy/)
	@$(DEV_UNLESS_SAID) exec $(BIN)/celery --app config worker --queues default,mail,documents

beat: .venv/base.stamp ## Run beat alone; one is enough
	@$(DEV_UNLESS_SAID) exec $(BIN)/celery --app config beat --pidfile ""

messages: .venv/dev.stamp ## Collect the texts for translation and compile the catalogues
	@$(BIN)/python config/catalogues.py

requirements: .venv/dev.stamp ## Compile requirements/*.in to pinned and hashed *.txt
	@for name in base dev production; do \
		echo "requirements/$$name.txt"; \
		$(UV_COMPILE) requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

screenshots: .venv/dev.stamp ## Take the pictures of README.md anew
	@$(BIN)/python docs/screenshots.py

vendor: ## Refresh the committed third-party screen files (needs Node)
	@node static/vendor/refresh.mjs

clean: ## Remove what was installed; the data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache

.venv/base.stamp: requirements/base.txt
	@sh config/run/install.sh requirements/base.txt
	@touch $@

.venv/dev.stamp: .venv/base.stamp requirements/dev.txt
	@sh config/run/install.sh requirements/dev.txt
	@touch $@
