#!/usr/bin/env bash
# Builds the pages and the program into artifacts/kal. What has not changed is not built again.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$KAL_ROOT"
need_dotnet

build_pages() {
  [ -f src/Web/package.json ] || stop_with "src/Web is missing from this clone."
  local sum; sum=$(sum_of src/Web src/Api/kal)
  if unchanged pages "$sum" && [ -f src/Web/dist/index.html ]; then say "Pages: unchanged."; return; fi
  need_node
  step "Pages: installing packages"
  # Not `npm ci`: it refuses a lock file without the other platforms' optional binaries, which not every registry serves.
  (cd src/Web && npm install --no-save --no-fund --no-audit --loglevel=error)
  step "Pages: building"
  (cd src/Web && npm run --silent build)
  remember pages "$sum"
}

build_program() {
  local sum; sum=$(sum_of src firmware-adapters Directory.Build.props Directory.Packages.props BannedSymbols.txt global.json .editorconfig)
  if unchanged program "$sum" && [ -x artifacts/kal/kal ]; then say "Program: unchanged."; return; fi
  step "Program: building (a minute or two the first time)"
  rm -rf artifacts/kal.new
  dotnet publish src/Cli/Cli.csproj -c Release -p:KalPublish=true -o artifacts/kal.new --nologo -v quiet
  rm -rf artifacts/kal && mv artifacts/kal.new artifacts/kal
  remember program "$sum"
}

build_pages
build_program
rm -rf artifacts/kal/wwwroot && cp -r src/Web/dist artifacts/kal/wwwroot
say "Ready: artifacts/kal/kal"
