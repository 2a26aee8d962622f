# Verbs for people at a terminal; the logic is in tools/ and in the program itself.
PYTHON ?= $(if $(filter Windows_NT,$(OS)),py -3,python3)
PY := $(if $(filter Windows_NT,$(OS)),.venv/Scripts/python,.venv/bin/python)

# 11 is the program's word for "all made, but a school's data failed the accuracy check";
# the sample and Project STAR hold such data, so it is a result here and not an accident.
ACCEPT_11 := || test $$? -eq 11

.DEFAULT_GOAL := help
.PHONY: help setup run star test check bench lock clean

help:   ## list the verbs
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

setup:  ## make .venv from requirements.lock (the other verbs do this themselves)
	@$(PYTHON) tools/setup.py

run: setup    ## the fictional partnership: every stage, into build/partnership
	@test -f build/partnership/pipeline.toml || $(PY) -m pipeline init build/partnership --sample
	$(PY) -m pipeline run build/partnership $(ACCEPT_11)

star: setup   ## real data (Project STAR): every stage, into build/star
	@test -f build/star/pipeline.toml || $(PY) sample_data/star/make_star.py build/star
	$(PY) -m pipeline run build/star --term 1988-89-summer $(ACCEPT_11)

test: setup   ## the tests
	$(PY) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile

check: setup  ## format, lint and types
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy pipeline tools

bench: setup  ## time the program beside what a user would pick instead
	$(PY) -m benchmarks

lock:   ## choose versions anew and write requirements.lock
	$(PYTHON) tools/lock.py

clean:  ## remove build/ and caches; .venv stays
	rm -rf build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name .venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
