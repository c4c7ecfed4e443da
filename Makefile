# The commands of this project; `make help` lists them. Each does all the set-up that it needs.
SHELL := /bin/sh
VENV_PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup run test test-slow check bench format lock

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

setup: ## Make .venv and install what is pinned (the others do it themselves)
	@dev/python -m dev setup

run: ## Run everything on this machine, with demo data; PORT=…, DATABASE_URL=… and REDIS_URL=… are heeded
	@dev/python -m dev setup run && exec setpriv --pdeathsig TERM $(VENV_PYTHON) -m dev run

test: ## Run every test but the slow ones; installs Chromium and Chinese fonts when root
	@dev/python -m dev setup test && exec $(VENV_PYTHON) -m pytest -n 2 --dist loadfile -m 'not slow'

test-slow: ## Run the slow tests: they clone, install, kill
	@dev/python -m dev setup test && exec $(VENV_PYTHON) -m pytest -m slow

check: ## Check format, lint, types, import rules, migrations, and the mini-program when Node is there
	@dev/python -m dev setup && exec $(VENV_PYTHON) -m dev check

format: ## Format the Python code and mend what ruff can mend
	@dev/python -m dev setup
	@$(VENV_PYTHON) -m ruff check --fix-only --quiet
	@$(VENV_PYTHON) -m ruff format

bench: ## Measure, with ratios to what was measured before
	@dev/python -m dev setup && exec $(VENV_PYTHON) -m benchmarks

lock: ## Pin the dependencies anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "uv is missing: run \`pip install uv\`." >&2; exit 1; }
	@uv pip compile --quiet --no-header --no-emit-find-links pyproject.toml -o requirements.txt
	@uv pip compile --quiet --no-header --no-emit-find-links pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
