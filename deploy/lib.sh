# Shared by deploy/*.sh and tests/*.sh: where things are, how to say what is missing, what has changed. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail
KAL_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STAMPS=$KAL_ROOT/artifacts/.stamps
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
stop_with() { printf '\n!! %s\n' "$1" >&2; shift; for line in "$@"; do printf '   %s\n' "$line" >&2; done; exit 1; }

# The sum of the contents of what a step reads: paths, minus what builds leave in them.
sum_of() {
  (cd "$KAL_ROOT" && find "$@" \( -name bin -o -name obj -o -name node_modules -o -name dist -o -name gen \) -prune -o -type f -print0 \
    | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}
unchanged() { [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]; }
remember() { mkdir -p "$STAMPS"; printf '%s' "$2" > "$STAMPS/$1"; }

need_dotnet() {
  command -v dotnet >/dev/null 2>&1 || stop_with "The .NET SDK is not installed." \
    "Install the .NET 10 SDK so that 'dotnet --version' answers 10.x, then run this again."
  (cd "$KAL_ROOT" && dotnet --version >/dev/null 2>&1) || stop_with "No .NET 10 SDK was found (global.json asks for 10.0)." \
    "Installed: $(cd / && dotnet --list-sdks 2>/dev/null | tr '\n' ' ')" "Install the .NET 10 SDK, then run this again."
}

# Debian packages, as root only; otherwise says what to type.
need_packages() {
  local missing=() p
  for p in "$@"; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null 2>&1 || { say "Not a Debian machine; needs the equivalents of: ${missing[*]}"; return 1; }
  if [ "$(id -u)" != 0 ]; then
    say "Missing Debian packages: ${missing[*]}"
    say "Install them with: sudo apt-get install -y ${missing[*]}"
    return 1
  fi
  step "Installing ${missing[*]}"
  apt-get update -qq || say "apt-get update failed; trying with the lists at hand."
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
    || { say "apt-get could not install: ${missing[*]}"; return 1; }
}

node_ok() { local v; v=$("$1" --version 2>/dev/null) || return 1; v=${v#v}; local major=${v%%.*} rest=${v#*.}; [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "${rest%%.*}" -ge 19 ]; }; }

# A Node.js of at least 20.19 first in PATH: the machine's own, or the npm registry's, kept under artifacts/.
need_node() {
  if command -v node >/dev/null 2>&1 && node_ok node && command -v npm >/dev/null 2>&1; then return 0; fi
  local home=$KAL_ROOT/artifacts/node
  if ! { [ -x "$home/node_modules/node/bin/node" ] && node_ok "$home/node_modules/node/bin/node"; }; then
    if ! command -v npm >/dev/null 2>&1; then
      need_packages nodejs npm || stop_with "The pages need Node.js 20.19 or newer, and npm." "Install them, then run this again."
    fi
    step "Fetching Node.js 20 (the pages' build needs at least 20.19)"
    mkdir -p "$home"
    npm install --prefix "$home" --no-fund --no-audit --silent node@20 || stop_with "npm could not fetch the package node@20." "Install Node.js 20.19 or newer yourself, then run this again."
  fi
  export PATH="$home/node_modules/node/bin:$PATH"
}
