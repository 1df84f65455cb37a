# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The short door to the sessions of noxfile.py. It needs make, bash, git and Python 3.11 or newer, and nothing else: nox comes
# into .work/, like all the rest (ignored by git, removed by `make clean`).
#
#   make test ANSIBLE_CORE=2.17             on another ansible-core
#   make units PYTHON=python3.12            on another Python
#   make units PYTEST_ARGS='-k drift -x'    options for pytest
#   make units MATRIX=all                   all cells of the fault tests, and not one of each class
#   make integration TARGETS=pam360_account only some targets

export PYTHON ANSIBLE_CORE PYTEST_ARGS TARGETS MATRIX MUTANTS BENCH_ARGS DOCS FUZZ_ARGS VERBOSE VERSION

NOX := bash hacking/nox.sh -R

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help list clean test lint format release demo schemas sanity units integration docs matrix mutants fuzz rotation doctor \
	hosts rulebook build awx bench bench-inventory bench-cyberark picture terminal

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile
	@echo '  make list             all sessions of nox'

list:
	@bash hacking/nox.sh -l

test: ## every check on one ansible-core, in two lanes (about a quarter of an hour)
	@$(NOX) -s test

lint: ## style, types, documentation, licences, action groups, change log, shell scripts
	@CI=true $(NOX)

format: ## let ruff fix and format the Python files in place
	@CI=false $(NOX) -s formatters

rotation: ## the proof that rotate_password and onboard_host lose no password, whole (about half an hour)
	@ROUNDS=$${ROUNDS:-2} $(NOX) -s rotation

release: ## a release with its papers: make release VERSION=x.y.z
	@$(NOX) -s release

demo: ## tell the story of demo/ against stand-in servers (VERBOSE=1: with all that Ansible says)
sanity: ## all sanity tests of ansible-test, without ignores
units: ## unit tests with coverage, and the tests of the stand-in servers
integration: ## all integration targets, against the stand-in servers
build: ## the Galaxy artifact and the stand-ins' wheel in .work/dist: built, checked, installed, called
docs: ## the documentation site, in .work/docs/build/html
schemas: ## the JSON Schemas of the roles' variables, and the list of files for developers
matrix: ## every supported ansible-core, the oldest module Python, the lowest requests, all cells of the fault tests (hours)
mutants: ## whether the unit tests notice small faults planted into the code (a tenth of them: about half an hour)
doctor: ## the proof that pam360_doctor finds each way in which a server may behave (about ten minutes)
fuzz: ## 120,000 mutated answers, and what the tasks make of them (about 20 minutes)
hosts: ## the proof that hosts log in with their own passwords from the vault, read once (some minutes)
rulebook: ## the event source and the sample rulebooks in the real ansible-rulebook (needs Java)
awx: ## the AWX pack: credential types, jobs in slices, secret lookup, image, job templates
picture: ## the page of the drift report in a real browser, and its picture for the documentation
terminal: ## the picture of the README, drawn from a real run
bench: ## what a task costs in requests, time and memory (about half an hour; BENCH_ARGS=--quick: some minutes)
bench-cyberark: ## the same tasks by cyberark.pas and by this collection
bench-inventory: ## what ansible-inventory takes for 5,000 resources
demo sanity units integration build docs schemas matrix mutants doctor fuzz hosts rulebook awx picture terminal bench \
	bench-cyberark bench-inventory:
	@$(NOX) -s $@

clean: ## remove all that these commands made
	rm -rf .work
