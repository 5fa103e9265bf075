# One command each; `make` alone lists them. Everything happens in ops/, with Python's standard library alone.
.DEFAULT_GOAL := help
.PHONY: help setup run test check verify-labs bench trust try-installations lock clean

# The first Python of at least 3.11; python3 where there is none, which then says so.
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -ISc 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; done; echo python3)
endif
# What is compiled is kept, whatever is set here: else each start would compile the whole product anew.
OPS := PYTHONDONTWRITEBYTECODE= $(PYTHON) -m ops

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install and build what running needs; quick when nothing has changed
	@$(OPS).setup

run: ## set up, start everything and print your sign-in link; Ctrl-C ends it
	@$(OPS).run

test: ## set up, check, then run every test, the browser's included
	@$(OPS).tasks test

check: ## lint, formatting, types, and the unit tests of the scripts
	@$(OPS).tasks check

verify-labs: ## prove every lab and every note's snippets of content/ on real hosts
	@$(OPS).tasks verify-labs

bench: ## measure; prints a table and writes build/bench.json; ROWS="live herd" measures these alone
	@$(OPS).tasks bench

trust: ## try what is promised, each with a control; writes build/trust.json; ROWS="saves xss" tries these, SHORT=1 less of each
	@$(OPS).tasks trust

try-installations: ## bring up both installations of the guide from nothing and use them, as root; NAMES="services" tries these alone
	@$(OPS).tasks try-installations

lock: ## pin the packages anew from requirements*.in and package.json
	@$(OPS).lock

clean: ## remove all that make has made, your data in instance/ apart
	rm -rf .venv node_modules build quizapp/static/dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
