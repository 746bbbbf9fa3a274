# Each target sets up .venv first, from Python 3.11 and pip alone. The README shows the raw lines.
PYTHON ?= python3.11
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready

.PHONY: train pictures speed bench test board check format clean

train: $(READY)  ## train a pressure policy and compare it with the scripted ones
	$(VENV)/bin/negoenv demo

COMPARISON ?= runs/procurement_ppo_compared-001
PICTURES := returns best_offers_and_asks best_moves_by_round
pictures: $(READY)  ## draw the pictures of the README anew, from what make train left in COMPARISON
	$(VENV)/bin/negoenv report $(COMPARISON) $(PICTURES:%=--picture %) --out docs/figures

speed: $(READY)  ## how fast the environments are, beside others; writes docs/speed.md and its figures
	$(VENV)/bin/negoenv speed --figures docs/figures --page docs/speed.md

bench: $(READY)  ## how long the small things take
	$(RUN) -m pytest benchmarks --benchmark-only

test: $(READY)  ## run the tests
	$(RUN) -m pytest

board: $(READY)  ## look at the board in a real browser; installs chromium with apt if it is missing (root)
	NEGOENV_INSTALL_BROWSER=1 $(RUN) -m pytest tests/test_board.py

check: $(READY)  ## lint, format, types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

format: $(READY)  ## let ruff mend what it can
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

clean:  ## remove the virtual environment and the caches; runs/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet -c constraints.txt -e ".[train,render,dev]"
	touch $@
