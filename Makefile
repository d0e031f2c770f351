# Everything from a fresh checkout: each target does the set-up it needs first.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench nightly mutate docs lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Put everything for working on the project into .venv
	@$(PYTHON) scripts/setup.py dev
	@echo "Ready: .venv/bin/buckstop --help"

demo: ## Break a real model before real servers and watch who answers (ARGS="--once")
	@$(PYTHON) scripts/setup.py demo
	@$(BIN)/buckstop demo $(ARGS)

test: ## Run the tests, real servers of three Debian releases and the built wheel included
	@$(PYTHON) scripts/setup.py dev
	@$(BIN)/python -m buckstop.servers debian12 debian13 debian14
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not nightly" $(ARGS)

lint: ## Check style, types and the direction of imports
	@$(PYTHON) scripts/setup.py dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: ## Measure, and print the figures
	@$(PYTHON) scripts/setup.py dev
	@for bench in $(basename $(notdir $(wildcard bench/bench_*.py))); do $(BIN)/python -m bench.$$bench || exit 1; done

nightly: ## Run what takes too long for every change
	@$(PYTHON) scripts/setup.py dev
	@$(BIN)/python -m buckstop.servers debian12 debian13 debian14
	@$(BIN)/python -m pytest -q -m nightly $(ARGS)
	@scripts/fresh-machine.sh test demo

mutate: ## Change the code of the proof in small ways, and see what no test notices (ARGS="--sample 200")
	@$(PYTHON) scripts/setup.py mutate
	@nice $(BIN)/python scripts/mutate.py $(ARGS)

docs: ## Write the reference pages anew from the code
	@$(PYTHON) scripts/setup.py dev
	@$(BIN)/python scripts/docs.py

lock: ## Lock the dependencies by hash (ARGS="--upgrade" for newer ones)
	@PYTHON="$(PYTHON)" scripts/lock.sh $(ARGS)
