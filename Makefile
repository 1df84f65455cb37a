# Commands of this repository. They need make, bash, git and Python 3.11 or newer, and nothing else: each makes the
# environments it needs in .work/ (ignored by git, removed by `make clean`).
#
#   make test ANSIBLE_CORE=2.17             on another ansible-core
#   make units PYTHON=python3.12            on another Python
#   make units PYTEST_ARGS='-k drift -x'    options for pytest
#   make units MATRIX=all                   all cells of the fault tests, and not one of each class
#   make integration TARGETS=pam360_account only some targets

export PYTHON ANSIBLE_CORE PYTEST_ARGS TARGETS VERBOSE MATRIX MUTANTS BENCH_ARGS DOCS FUZZ_ARGS

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint format schemas sanity units integration docs matrix mutants fuzz rotation doctor hosts rulebook build awx bench bench-inventory picture terminal clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

demo: ## tell the story of demo/ against stand-in servers (VERBOSE=1: with all that Ansible says)
	@bash hacking/demo.sh

test: ## lint, units, sanity, integration, rotation in short and build, on one ansible-core (about 25 minutes)
	@bash hacking/test.sh

lint: ## style, types, documentation, change log, shell scripts
	@bash hacking/lint.sh

format: ## let ruff fix and format the Python files in place
	@bash hacking/format.sh

schemas: ## the JSON Schemas of the roles' variables, in schemas/
	@bash hacking/schemas.sh

sanity: ## all sanity tests of ansible-test, without ignores
	@bash hacking/sanity.sh

units: ## unit tests with coverage, and the tests of the stand-in servers
	@bash hacking/units.sh

integration: ## all integration targets, against the stand-in servers
	@bash hacking/integration.sh

docs: ## the documentation site, in .work/docs/build/html
	@bash hacking/docs.sh

matrix: ## every supported ansible-core, the oldest module Python, the lowest requests, all cells of the fault tests (about an hour)
	@bash hacking/matrix.sh

mutants: ## whether the unit tests notice small faults planted into the code (a tenth of them: about half an hour)
	@bash hacking/mutants.sh

rotation: ## the proof that rotate_password and onboard_host lose no password: SIGKILL and SIGSTOP at every step (about half an hour)
	@ROUNDS=$${ROUNDS:-2} bash hacking/rotation.sh

doctor: ## the proof that pam360_doctor finds each way in which a server may behave, and that the modules follow (about ten minutes)
	@bash hacking/doctor.sh

fuzz: ## 120,000 mutated answers, and what the tasks make of them (about 20 minutes; FUZZ_ARGS: other numbers)
	@bash hacking/fuzz.sh

build: ## the Galaxy artifact and the stand-ins' wheel in .work/dist: built, checked, installed, called
	@bash hacking/build.sh

hosts: ## the proof that hosts log in with their own passwords from the vault, read once (some minutes)
	@bash hacking/hosts.sh

rulebook: ## the event source and the sample rulebooks in the real ansible-rulebook (needs Java)
	@bash hacking/rulebook.sh

awx: ## the AWX pack: credential types, jobs in slices, secret lookup, image, job templates
	@bash hacking/awx.sh

picture: ## the page of the drift report in a real browser, and its picture for the documentation
	@bash hacking/picture.sh

terminal: ## the picture of the README, drawn from a real run
	@bash hacking/terminal.sh

bench: ## what a task costs in requests, time and memory (about half an hour; BENCH_ARGS=--quick: some minutes)
	@bash hacking/bench.sh

bench-cyberark: ## the same tasks by cyberark.pas and by this collection
	@bash hacking/bench-cyberark.sh

bench-inventory: ## what ansible-inventory takes for 5,000 resources
	@bash hacking/bench-inventory.sh

clean: ## remove all that these commands made
	rm -rf .work
