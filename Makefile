# Two commands matter: `make demo` shows what ragslm does, `make test` shows that it works.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
export RAGSLM_MODELS__FOLDER ?= $(CURDIR)/.cache/models

.PHONY: help install models demo up check lint types imports unit test test-vllm crash fuzz fuzz-guided bench eval docs clean

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[all,dev]'
	touch $(STAMP)

install: $(STAMP)  ## virtual environment with everything, versions pinned

models: install  ## pull the pinned models, SHA-256 checked
	$(BIN)/ragslm models pull

demo: models  ## answers with checked citations over the bundled samples
	$(BIN)/ragslm demo

up: models  ## server and web page over the demo workspace
	$(BIN)/ragslm up

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports

unit: install
	$(BIN)/pytest -q tests/unit tests/contract tests/fuzz -m "not models"

check: lint types imports unit  ## lint, types, import rules, unit and contract tests

test: lint types imports models  ## everything but vLLM: check, integration and browser tests
	$(BIN)/pytest tests/unit tests/contract tests/fuzz tests/integration tests/e2e

test-vllm: models  ## the same journey against a real vLLM in an environment of its own
	.ci/vllm-env
	$(BIN)/pytest tests/vllm

crash: models  ## 100 times `kill -9` during ingest
	RAGSLM_CRASH_ROUNDS=100 $(BIN)/pytest -q tests/integration/test_ingest_crash.py --timeout 3600

fuzz: install  ## 100,000 damaged files for each parser; hours
	RAGSLM_FUZZ=100000 $(BIN)/pytest -q tests/fuzz --timeout 0 --durations 0

fuzz-guided: install  ## as many for each that follow coverage (atheris)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[fuzz]'
	for parser in $$($(BIN)/python tests/fuzz/guided.py 2>&1 | sed 's/.*: //'); do \
	  $(BIN)/python tests/fuzz/guided.py $$parser -runs=100000 || exit 1; done

bench: models  ## where the time goes, and ratios against named peers
	$(BIN)/ragslm bench
	$(BIN)/ragslm bench search
	$(BIN)/ragslm bench search --passages 1000000
	tests/bench/peer-env
	$(BIN)/python tests/bench/bench_peer.py
	$(BIN)/python tests/bench/bench_ingest.py

eval: models  ## the numbers of the README; DATA names the folder of evaluation sets; hours
	$(BIN)/ragslm eval scrub --peer --data $(DATA)/presidio_synth_dev
	$(BIN)/ragslm eval identifiers --peer --formats $(DATA)/formats
	$(BIN)/ragslm eval literal --data $(DATA) --traps tests/data/traps/traps.jsonl
	$(BIN)/ragslm eval grounding --each 50 --data $(DATA)
	$(BIN)/ragslm eval calculation --data $(DATA)
	$(BIN)/ragslm eval refusal --sets tests/data --data $(DATA)
	$(BIN)/ragslm eval refusal --part customers --sets tests/data --data $(DATA)
	$(BIN)/ragslm eval facts --data tests/data/facts
	$(BIN)/ragslm eval facts --data tests/data/facts-check
	$(BIN)/ragslm eval citations --data tests/data/facts
	$(BIN)/ragslm eval retrieval --ablation --data tests/data/cfpb
	$(BIN)/ragslm eval retrieval --ablation --data tests/data/cfpb_check
	$(BIN)/ragslm eval retrieval --ablation --data tests/data/cfpb_customers
	$(BIN)/ragslm eval retrieval --ablation --data $(DATA)/financebench_dev
	$(BIN)/ragslm eval retrieval --ablation --data $(DATA)/scifact_dev
	$(BIN)/ragslm eval retrieval --ablation --domain medical --held-out --data $(DATA)/medquad_dev

clean:  ## remove what was made, models excepted
	rm -rf $(VENV) .venv-vllm .venv-bench .demo build dist
