#!/usr/bin/env bash
# Benchmarks: each prints its baseline's settings, absolute figures and lines "ratio <name> <value>". Argument: ingest | edge | ... (default all).
. "$(dirname "${BASH_SOURCE[0]}")/../deploy/lib.sh"
cd "$KAL_ROOT"
need_dotnet
need_packages postgresql || say "Without PostgreSQL its half is skipped."
dotnet build tests/Benchmarks/Benchmarks.csproj -c Release --nologo -v quiet
exec dotnet tests/Benchmarks/bin/Release/net10.0/KeyAccountLogistics.Benchmarks.dll "$@"
