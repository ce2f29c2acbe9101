# Every command does its own set-up: packaging/setup.sh, once, and again when a lock changes.
SHELL := /bin/bash
venv := .venv
bin := $(venv)/bin
.DEFAULT_GOAL := help

# Bytecode is what makes the second start quick; some machines switch it off.
unexport PYTHONDONTWRITEBYTECODE

run: $(venv)/ready-run ## Open the window; without a screen, tour it on a virtual one
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname)),)
	@exec $(bin)/autosky-desktop
else
	@exec packaging/on-screen.sh $(bin)/python tests/journeys/tour.py
endif

lab: $(venv)/ready-dev ## Try it on real machines: five small ones of this computer, gone at the end
	@packaging/system.sh machines
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY),)
	@$(bin)/python tests/journeys/lab.py
else
	@packaging/on-screen.sh $(bin)/python tests/journeys/lab.py --pictures build/lab
endif

# All of them go three at a time, also on two processors, for most of a test is waiting; those of a
# file share what it started. Those on real machines have a process of their own beside them: libvirt
# and Qt each want the one event loop of a process.
machines := tests/server/providers/libvirt
test: $(venv)/ready-dev ## Run every test, without a screen (one: make test ARGS=tests/domain)
ifeq ($(shell uname),Linux)
	@packaging/system.sh rigs
endif
ifdef ARGS
	@$(bin)/python -m pytest $(ARGS)
else
	@mkdir -p build; $(bin)/python -m pytest $(machines) >build/machines.log 2>&1 & machines=$$!; \
	    $(bin)/python -m pytest --numprocesses 3 --dist loadfile --ignore $(machines); rest=$$?; \
	    wait $$machines; ended=$$?; cat build/machines.log; exit $$((rest | ended))
endif

check: $(venv)/ready-dev ## Format, lint, types, layers, shape, locks and the contract
	@$(bin)/ruff format --check --quiet . || { $(bin)/ruff format --diff --quiet .; exit 1; }
	@$(bin)/ruff check --quiet .
	@$(bin)/mypy --no-error-summary
	@layers=$$($(bin)/lint-imports --no-logo) || { echo "$$layers"; exit 1; }
	@$(bin)/python -m pytest --quiet --no-header tests/test_shape.py tests/test_locks.py
	@$(bin)/autosky openapi | diff -u resources/openapi.json -

benches := window idle latency stall scale rows switcher record history_rows activity reminders estimate \
    history preview lateness soak kills cloud_kills rules parallel hostile connections ssh_connections clicks keys \
    commands aws_calls
bench: $(venv)/ready-dev ## Measure everything there is a bar for, against it
	@packaging/system.sh rigs
	@missed=0; for bench in $(benches); do \
	    $(bin)/python tests/bench/$$bench.py || missed=1; done; exit $$missed

gallery: $(venv)/ready-dev ## Draw every screen in every look into build/gallery, and count its faults
	@$(bin)/python -m tests.ui.screens.gallery $(ARGS)

keep: $(venv)/ready-dev ## Keep anew where everything stands on each screen
	@QT_QPA_PLATFORM=offscreen:configfile=tests/support/screen.json TZ=UTC \
	    $(bin)/python -m tests.ui.screens.kept

languages: $(venv)/ready-dev ## Gather all texts for translators, and make catalogues of what they wrote
	@packaging/catalogues.sh $(bin)/pybabel

mutants: $(venv)/ready-dev ## Change one line at a time and see whether a test fails
	@$(bin)/python -m tests.mutants.run $(ARGS)

package: build/package-venv/ready-package ## Make a frozen folder, a Debian package, an archive, wheel and sdist in dist/
	@packaging/package.sh build/package-venv

# It works in a root folder of its own, and nothing that it mounts or starts outlives it.
prove: $(venv)/ready-dev ## Install what make package has made in a bare Debian, and do the main job there
	@packaging/system.sh prove
	@$(if $(filter-out 0,$(shell id -u)),sudo) unshare --mount --pid --fork --kill-child --mount-proc \
	    $(bin)/python tests/proof/prove.py $(ARGS)

format: $(venv)/ready-dev ## Format the code and mend what ruff can
	@$(bin)/ruff check --quiet --fix . ; $(bin)/ruff format --quiet .

lock: ## Pin the newest versions that pyproject.toml allows
	@packaging/lock.sh

clean: ## Remove everything that was made here
	rm -rf $(venv) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

help: ## List these commands
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

$(venv)/ready-dev: packaging/requirements/libvirt.txt
$(venv)/ready-%: packaging/requirements/%.txt packaging/setup.sh pyproject.toml
	@packaging/setup.sh $* $(venv)

build/package-venv/ready-package: packaging/requirements/package.txt packaging/setup.sh pyproject.toml
	@packaging/setup.sh package build/package-venv

.PHONY: run lab test check bench gallery keep languages mutants package prove format lock clean help
