#!/usr/bin/env bash
# One command: installs what is missing, builds, and starts the demonstration on http://127.0.0.1:8080. Arguments go to `kal demo`.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$KAL_ROOT"
bash deploy/build.sh
exec artifacts/kal/kal demo "$@"
