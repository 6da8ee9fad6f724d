# 双联 Shuanglian. `make help` lists what there is; nothing is needed but Python 3.11+ and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
UV := $(TOOLS)/uv/bin/uv
STAMPS := $(VENV)/.stamps
# uv does not read pip's configuration; whoever set an index there means it for us too
UVENV = UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 VIRTUAL_ENV=$(CURDIR)/$(VENV) $$(sh scripts/index-url.sh $(PYTHON))
export PORT

.PHONY: help install install-dev assets demo demo-reset serve worker test lint style types tests bench templates messages db-start db-stop clean

help: ## this list
	@awk 'BEGIN{FS=":.*## "} /^[a-z-]+:.*## /{printf "  make %-14s %s\n",$$1,$$2}' $(MAKEFILE_LIST)

demo: install assets ## install, start the database, load the demo county, serve on PORT (8000)
	@$(BIN)/shuanglian demo

demo-reset: install ## throw the demo data away; the next `make demo` begins anew
	@$(BIN)/shuanglian demo-reset

test: install-dev assets ## lint, floors, types, tests (unit, property, database, browser)
	@$(MAKE) --no-print-directory style
	@sh scripts/browser.sh
	@$(BIN)/python -m shuanglian.core.messages compile
	@$(MAKE) --no-print-directory -j2 types tests

lint: style types ## style, floors between the rooms, types, both languages complete

style: install-dev # what takes seconds, before all else
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: install-dev # a minute on one processor: `make test` has it beside the tests, which leave one idle now and then
	@$(BIN)/mypy shuanglian
	@$(BIN)/python -m shuanglian.core.messages check

tests:
	@CHROMIUM="$$(sh scripts/browser.sh --print)" $(BIN)/pytest -n 2 --dist loadfile

bench: $(STAMPS)/bench ## speed, side by side with the peers; writes docs/benchmarks.md
	@$(BIN)/python -m bench

templates: install ## empty roster templates into build/templates
	@$(BIN)/shuanglian templates build/templates

messages: install-dev ## collect the sentences of every room into its English catalogue
	@$(BIN)/python -m shuanglian.core.messages extract
	@$(BIN)/python -m shuanglian.core.messages compile

serve: install assets ## the product on PORT without demo data (settings: docs/settings.md)
	@$(BIN)/shuanglian serve

worker: install ## background jobs only, beside a server of your own
	@$(BIN)/shuanglian worker

db-start: install ## the embedded database alone
	@$(BIN)/shuanglian db start

db-stop: ## stop the embedded database
	@$(BIN)/shuanglian db stop

install: $(STAMPS)/base ## the product's packages, pinned with hashes
install-dev: $(STAMPS)/dev ## and what tests and lint need
assets: var/assets/.stamp ## style sheets and fonts from the npm registry

$(UV): requirements/tools.txt
	@sh scripts/bring-uv.sh $(PYTHON) $(TOOLS)

$(VENV)/pyvenv.cfg: | $(UV)
	@env $(UVENV) $(UV) venv -q --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)

$(STAMPS)/base: requirements/base.txt pyproject.toml $(VENV)/pyvenv.cfg | $(UV)
	@mkdir -p $(STAMPS)
	@echo "Installing packages 安装依赖 …"
	@env $(UVENV) $(UV) pip install -q --require-hashes -r requirements/base.txt
	@env $(UVENV) $(UV) pip install -q --no-deps --no-build-isolation -e . 2>/dev/null || env $(UVENV) $(UV) pip install -q --no-deps -e .
	@echo "Compiling the optimiser 编译优化程序 …"
	@$(BIN)/python -m shuanglian.matching.warm
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base
	@env $(UVENV) $(UV) pip install -q --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/bench: requirements/bench.txt $(STAMPS)/base
	@env $(UVENV) $(UV) pip install -q --require-hashes -r requirements/bench.txt
	@touch $@

var/assets/.stamp: package-lock.json shuanglian/core/assets.py $(STAMPS)/base
	@echo "Bringing style sheets and fonts 获取界面资源 …"
	@sh scripts/node.sh $(BIN) $(UV) ci --ignore-scripts --no-audit --no-fund --silent
	@$(BIN)/python -m shuanglian.core.assets
	@touch $@

clean: ## remove everything that was installed or built (not var/db)
	rm -rf $(VENV) $(TOOLS) node_modules build var/assets var/static
