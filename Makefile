# Each target sets up .venv first, from Python 3.11 and pip alone. The README shows the raw lines.
PYTHON ?= python3.11
VENV := .venv
RUN := $(VENV)/bin/python
NEGOENV := $(VENV)/bin/negoenv
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help train pictures speed bench test test-fast neighbours board check check-docs check-package check-oldest format clean

help:  ## list the targets
	@sed -n 's/^\([a-z%-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{ printf "make %-13s %s\n", $$1, $$2 }'

train: $(READY)  ## train a pressure policy and compare it with the scripted ones
	$(NEGOENV) demo

# A worker a core; files stay whole, for the sake of their fixtures, and begin in the order of tests/conftest.py.
SPREAD := -n auto --dist loadfile --no-loadscope-reorder

test: $(READY)  ## run the tests
	$(RUN) -m tests.warm_up
	OMP_NUM_THREADS=1 $(RUN) -m pytest $(SPREAD)

test-fast: $(READY)  ## run the quick tests, in a minute: all that are not marked slow
	$(RUN) -m tests.warm_up
	OMP_NUM_THREADS=1 $(RUN) -m pytest $(SPREAD) -m "not slow" --timeout 20  # who has become slow fails, to be marked

NEIGHBOURS := .venv-neighbours
neighbours: $(NEIGHBOURS)/.ready  ## run the tests that need other libraries, in a virtual environment with all of them
	OMP_NUM_THREADS=1 $(NEIGHBOURS)/bin/python -m pytest tests/test_gymnasium.py tests/test_own_supplier.py tests/test_negmas.py tests/test_text.py tests/test_mo_gymnasium.py tests/test_recording.py tests/test_trackers.py tests/test_pettingzoo.py tests/test_torchrl.py tests/test_masked_observation.py tests/test_tianshou.py tests/test_rl_zoo3.py tests/test_sb3_neighbours.py tests/test_neighbours_page.py

neighbours-%: .venv-%/.ready  ## the same for one that needs an environment of its own: rllib, openenv, d3rlpy
	OMP_NUM_THREADS=1 RAY_USAGE_STATS_ENABLED=0 RAY_worker_niceness=0 .venv-$*/bin/python -m pytest tests/test_$*.py tests/test_neighbours_page.py

check: $(READY)  ## lint, format, types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

SLOW ?=
check-docs: $(READY)  ## run the command blocks of README and docs in a fresh copy; SLOW=1 for those that take minutes, too
	$(RUN) -m tests.check_docs $(if $(SLOW),--slow)

check-package: $(READY)  ## install wheel and sdist in empty environments of every Python that is found, and use them
	$(RUN) -m tests.check_package --train

OLDEST := .venv-oldest
EXTRAS := train,sweep,render,video,play,onnx,test
check-oldest: $(OLDEST)/.ready  ## run the quick tests with the oldest versions that pyproject.toml admits
	OMP_NUM_THREADS=1 $(OLDEST)/bin/python -m pytest $(SPREAD) -m "not slow"

board: $(READY)  ## look at the board in a real browser; installs chromium with apt if it is missing (root)
	NEGOENV_INSTALL_BROWSER=1 $(RUN) -m pytest tests/test_board.py

COMPARISON ?= runs/procurement_fast_ppo_compared-001
PICTURES := returns best_offers_and_asks best_moves_by_round
pictures: $(READY)  ## draw the pictures of the README anew, from what make train left in COMPARISON
	$(NEGOENV) report $(COMPARISON) $(PICTURES:%=--picture %) --out docs/figures

speed: $(READY)  ## time the environments beside others; writes docs/speed.md and its figures
	$(NEGOENV) speed --figures docs/figures --page docs/speed.md

bench: $(READY)  ## time the small things that a step is made of
	$(RUN) -m pytest benchmarks --benchmark-only

format: $(READY)  ## let ruff fix what it can
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

clean:  ## remove the virtual environment and the caches; runs/ stays
	rm -rf $(VENV) .venv-* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(NEIGHBOURS)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(NEIGHBOURS)
	$(NEIGHBOURS)/bin/python -m pip install --quiet -c constraints.txt -e ".[train,render,test,negmas,mo,minari,trackers,pettingzoo,torchrl,tianshou,skrl,zoo]"
	touch $@

.venv-d3rlpy/.ready: pyproject.toml constraints.txt  # first itself, with the Gymnasium that it pins, then what negoenv needs
	$(PYTHON) -m venv .venv-d3rlpy
	.venv-d3rlpy/bin/python -m pip install --quiet -c constraints.txt "d3rlpy>=2.8.1" torch
	.venv-d3rlpy/bin/python -m pip install --quiet -c constraints.txt -e ".[train,test,minari]"
	touch $@

.PRECIOUS: .venv-%/.ready
.PRECIOUS: .venv-%/.ready  # it takes minutes to make
.venv-%/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet -c constraints.txt -e ".[train,test,$*]"
	touch $@

$(OLDEST)/.ready: pyproject.toml constraints.txt tests/oldest_versions.py
	$(PYTHON) -m venv $(OLDEST)
	$(PYTHON) -m tests.oldest_versions $(EXTRAS) > $(OLDEST)/oldest.txt
	$(OLDEST)/bin/python -m pip install --quiet -c constraints.txt -c $(OLDEST)/oldest.txt -e ".[$(EXTRAS)]"
	touch $@

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet -c constraints.txt -e ".[train,render,dev]"
	touch $@
