# make book  builds the site into _build/html;  make test  runs every check.  Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: book pdf epub test test-long test-browser test-print test-citation audit-site pictures bench reproduce refresh moved audit data check lab clean help

book: $(VENV)/ready ## build the site
	@$(BIN)/unionstate build

pdf: book $(VENV)/print ## bind the built site as a book of pages, _build/html/union-state-in-data.pdf
	@$(BIN)/unionstate pdf

epub: book ## bind the built site for e-readers, _build/html/union-state-in-data.epub
	@$(BIN)/unionstate epub

test: $(VENV)/ready ## run every check, then re-run every chapter and compare its outputs
	@echo "== tests of the package, the data, the chapters and the built site"; failed=0; \
	 $(BIN)/python -m pytest -q -n $(CORES) --dist loadscope --ignore tests/long --ignore tests/browser --ignore tests/print tests || failed=1; \
	 echo "== every chapter re-run, every stored output compared"; \
	 $(BIN)/python -m pytest -q --nbval --dist loadscope -n $(CORES) book || failed=1; \
	 echo "== the built site in a browser"; \
	 $(MAKE) --no-print-directory test-browser || failed=1; \
	 echo "== not part of this: make test-print (PDF and EPUB), make test-citation (CITATION.cff), make test-long (builds killed half-way)"; \
	 exit $$failed

test-browser: book ## read every page of the site in Chromium: requests, errors, access, keyboard (part of make test)
	@if test -z "$(CHROMIUM)"; then \
	   echo "SKIPPED: the tests of the site in a browser did not run, since no Chromium was found; install one (Debian: apt-get install chromium), then call make test-browser"; \
	 elif ! $(MAKE) --no-print-directory $(VENV)/browser; then \
	   echo "SKIPPED: the tests of the site in a browser did not run, since their libraries could not be fetched; call make test-browser when there is a network"; \
	 else $(BIN)/python -m pytest -q -n $(CORES) tests/browser; fi

audit-site: book $(VENV)/browser $(VENV)/node/ready ## measure every page of the site against its bars (Lighthouse, axe, weight, HTML; a quarter of an hour)
	@$(BIN)/python tests/browser/audit.py

pictures: book $(VENV)/browser ## take pictures of three pages, desk and phone, light and dark, into _build/pictures
	@$(BIN)/python tests/browser/pictures.py

test-long: $(VENV)/ready ## kill builds, run two at once, build without network (some minutes)
	@$(BIN)/python -m pytest -q -n $(CORES) tests/long

test-print: pdf epub ## read both bound books back: needs pdftotext and epubcheck (Debian: apt-get install poppler-utils epubcheck)
	@$(BIN)/python -m pytest -q tests/print

test-citation: $(VENV)/citation/ready ## check CITATION.cff against the schema of its format
	@$(VENV)/citation/bin/cffconvert --validate

refresh: $(VENV)/ready ## after a change: record checksums, describe the book, run chapters, store outputs (CHAPTER=energy/gas for one)
	@$(BIN)/unionstate seal
	@$(BIN)/unionstate cite
	@$(BIN)/unionstate refresh $(CHAPTER)

bench: $(VENV)/ready ## measure the build against stock tools; RECORD=1 stores the result for the guide (a quarter of an hour)
	@$(BIN)/unionstate bench $(if $(RECORD),--record)

moved: $(VENV)/ready ## run what has changed and list the key numbers that differ from the last commit
	@$(BIN)/unionstate moved

audit: $(VENV)/ready ## count the verdicts on the source page, by kind of claim and by topic
	@$(BIN)/unionstate audit

reproduce: $(VENV)/ready ## build the last commit twice, differently, and compare every byte
	@$(BIN)/unionstate reproduce

data: $(VENV)/ready ## rebuild the numeric series from publishers' files: make data RAW=folder
	@test -n "$(RAW)" || { echo "say where the publishers' files are: make data RAW=folder"; exit 2; }
	@$(BIN)/unionstate data "$(RAW)" && $(BIN)/unionstate seal

check: $(VENV)/ready ## check every table and count its rows
	@$(BIN)/unionstate check

lab: $(VENV)/ready ## open the chapters in JupyterLab
	@$(BIN)/jupyter lab book

clean: ## remove everything that was built; keep the installed libraries
	rm -rf _build

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

# What only tests in a browser need, fetched only where there is one.
CHROMIUM = $(shell $(PYTHON) tests/browser/chromium.py)
$(VENV)/browser: tests/browser/requirements.txt $(VENV)/ready
	@test -n "$(CHROMIUM)" || { echo "no Chromium was found; install one (Debian: apt-get install chromium) or name it: make $(MAKECMDGOALS) CHROMIUM=program"; exit 1; }
	@echo "== installing what drives Chromium into $(VENV) (50 MB, once)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r tests/browser/requirements.txt
	@touch $@

$(VENV)/node/ready: tests/browser/package.json tests/browser/package-lock.json
	@command -v npm > /dev/null || { echo "npm was not found; install it (Debian: apt-get install nodejs npm)"; exit 1; }
	@echo "== installing Lighthouse, html-validate and the types of schema.org into $(VENV)/node (a minute, once)"
	@mkdir -p $(@D) && cp tests/browser/package.json tests/browser/package-lock.json $(@D)
	@npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV)/print: requirements-print.txt $(VENV)/ready
	@echo "== installing what sets pages into $(VENV) (30 MB, once)"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-print.txt > $(VENV)/print.log 2>&1 || { tail -n 20 $(VENV)/print.log; exit 1; }
	@touch $@

$(VENV)/citation/ready: tests/citation.txt
	@rm -rf $(@D) && mkdir -p $(VENV) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --disable-pip-version-check --require-hashes -r tests/citation.txt > $(@D)/install.log 2>&1 || { tail -n 20 $(@D)/install.log; exit 1; }
	@touch $@

# Installed once for each state of the lock; the marker is written last, so a broken install is never trusted.
$(VENV)/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; found $$($(PYTHON) --version). Say which: make PYTHON=python3.12"; exit 1; }
	@rm -f $@
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make virtual environments here; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "== installing $$(grep -c '==' requirements.txt) locked libraries into $(VENV) (a minute or two, once)"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.txt > $(VENV)/install.log 2>&1 & pid=$$!; \
	 while kill -0 $$pid 2>/dev/null; do sleep 5; printf '   %s libraries found, %s s\n' "$$(grep -c '^Collecting' $(VENV)/install.log)" "$$((n += 5))"; done; \
	 wait $$pid || { tail -n 20 $(VENV)/install.log; exit 1; }
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@
