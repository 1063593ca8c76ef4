# make run: the main job on the examples.  make test: every check.  Both install what they need into .venv first.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.14,\
	$(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
CODE := src tests training benchmarks corpus docs examples
# Folders of CODE that are there and hold Python.
PY := $(foreach folder,$(CODE),$(if $(shell find $(folder) -name '*.py' 2>/dev/null | head -n 1),$(folder)))

.PHONY: run test test-engines lint format docs train clean

run: $(VENV)/.run
	@mkdir -p out
	$(BIN)/khabar run examples/pages --archive out/khabar.db

test: $(VENV)/.test
	$(BIN)/ruff check $(PY)
	$(BIN)/ruff format --check $(PY)
	$(BIN)/mypy
	$(BIN)/pytest

# What needs other engines (Dask, Ray, Spark): in an environment of its own, which is large; .ci/run calls it after make test.
ENGINES := .venv-engines
test-engines: $(ENGINES)/.ready
	$(ENGINES)/bin/python -m pytest tests/engines

lint: $(VENV)/.test
	$(BIN)/ruff check $(PY)
	$(BIN)/ruff format --check $(PY)
	$(BIN)/mypy

format: $(VENV)/.test
	$(BIN)/ruff check --fix $(PY)
	$(BIN)/ruff format $(PY)

# Writes what the commands print into the marked blocks of README.md and docs/commands.md.
docs: $(VENV)/.test
	$(BIN)/python docs/update.py

# From gold to model (training/README.md): make train GOLD=folder TEXTS=texts.jsonl.gz. Every step goes on from its last
# checkpoint.
RUNS := runs
train: $(VENV)/.train
	@test -n "$(GOLD)" -a -n "$(TEXTS)" || { echo "make train GOLD=folder TEXTS=texts.jsonl.gz"; exit 2; }
	test -f $(RUNS)/start/tokenizer.json || $(BIN)/python -m training.encoder $(RUNS)/start
	$(BIN)/python -m training.mlm --texts $(TEXTS) $(GOLD)/articles.jsonl --start $(RUNS)/start --out $(RUNS)/adapted.pt
	$(BIN)/python -m training.train --gold $(GOLD) --encoder $(RUNS)/adapted.pt \
		--tokenizer $(RUNS)/start/tokenizer.json --out $(RUNS)/coder
	$(BIN)/python -m training.export $(RUNS)/coder/model.pt src/khabar/coding/model \
		--tokenizer $(RUNS)/start/tokenizer.json
	$(BIN)/python -m training.train --gold $(GOLD) --encoder $(RUNS)/adapted.pt --share 0.5 \
		--tokenizer $(RUNS)/start/tokenizer.json --out $(RUNS)/half
	$(BIN)/python -m training.export $(RUNS)/half/model.pt $(RUNS)/half/model --tokenizer $(RUNS)/start/tokenizer.json
	$(BIN)/python -m training.look src/khabar/coding/model --counts $(GOLD) --rows $(RUNS)/half/model $(GOLD) \
		--unlearned $(RUNS)/half/model.pt
	$(BIN)/python -m training.modes $(GOLD)
	$(BIN)/python -m training.dyads src/khabar/resolve/data/dyad.npz --counts $(GOLD) \
		--rows coder src/khabar/coding/model $(GOLD) --unlearned coder $(RUNS)/coder/model.pt --folds $(RUNS)/dyads
	$(BIN)/python -m training.scenes src/khabar/resolve/data/scene.npz --counts $(GOLD) \
		--rows coder src/khabar/coding/model $(GOLD) --unlearned coder $(RUNS)/coder/model.pt --folds $(RUNS)/dyads
	$(BIN)/python -m training.settings $(RUNS)/coder/model.pt src/khabar/coding/model --gold $(GOLD)
	$(BIN)/python -m training.calibrate $(RUNS)/coder/model.pt src/khabar/coding/model --gold $(GOLD)

clean:
	rm -rf out .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The marks say what is installed; a change of pyproject.toml installs again.
$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	@echo "installing khabar into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	@echo "installing khabar and what its checks need into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.run

$(ENGINES)/.ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "khabar needs Python 3.11 or newer; none was found (make PYTHON=/path/to/python3)"; exit 2; }
	@echo "installing khabar and the engines into $(ENGINES) (1.6 GB)"
	@test -x $(ENGINES)/bin/python || $(PYTHON) -m venv $(ENGINES) 2>/dev/null || { \
		$(PYTHON) -m venv --clear --without-pip $(ENGINES) && $(PYTHON) -m pip --python $(ENGINES)/bin/python install --quiet pip; }
	@$(ENGINES)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[engines]'
	@touch $@

$(VENV)/.train: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "khabar needs Python 3.11 or newer; none was found (make PYTHON=/path/to/python3)"; exit 2; }
	@# Debian's Python without its venv package has no pip to put into a new environment; the one at hand fills it.
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
