#!/usr/bin/env bash
# Benchmarks: each prints its baseline's settings, absolute figures, lines "ratio <name> <value>" and whether each target is met; the exit code is 1 when one is missed.
# Argument: ingest | edge | contract | rate | dispatch | score | route, with options (default: all, some two hours, most of it route).
. "$(dirname "${BASH_SOURCE[0]}")/../deploy/lib.sh"
cd "$KAL_ROOT"
need_dotnet
need_packages postgresql || say "Without PostgreSQL its half is skipped."
dotnet build tests/Benchmarks/Benchmarks.csproj -c Release --nologo -v quiet
# As deploy/systemd/kal-backend.service sets it.
export DOTNET_GCgen0size=0x4000000
exec dotnet tests/Benchmarks/bin/Release/net10.0/KeyAccountLogistics.Benchmarks.dll "$@"
