#!/usr/bin/env bash
# The whole suite. Closes with "N passed, N failed, N skipped". Arguments: names of test projects to run (default all).
. "$(dirname "${BASH_SOURCE[0]}")/../deploy/lib.sh"
cd "$KAL_ROOT"
need_dotnet
need_packages postgresql chromium fonts-noto-cjk python3-grpcio socat libzbar0 zbar-tools libturbojpeg0 libdmtx0b libwebp7 libfreetype6 poppler-utils || say "Tests that need what is missing will be skipped, each with its reason."
command -v systemd-analyze >/dev/null 2>&1 || need_packages systemd || true

started=$SECONDS
bash -c '. deploy/lib.sh; exec bash deploy/build.sh'

step "Building the tests"
dotnet build KeyAccountLogistics.sln -c Release --nologo -v quiet

# Databases and folders of tests in memory where there is room: making a database of a thousand small files costs a disk five times as much. Tests start the program that was published.
scratch=$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)
if [ "${scratch:-0}" -gt 6000000 ]; then
  TMPDIR=$(mktemp -d /dev/shm/kal-tests-XXXXXX)
  chmod 755 "$TMPDIR"
  export TMPDIR
fi
export KAL_PROGRAM=$KAL_ROOT/artifacts/kal/kal DOTNET_TieredPGO=0
tidy() {
  [ -z "${besides:-}" ] || pkill -P "$besides" || true
  case "${TMPDIR:-}" in /dev/shm/kal-tests-*) rm -rf "$TMPDIR" ;; esac
}
trap tidy EXIT

projects=(Unit Component Simulation Acceptance Web Edge)
[ $# -gt 0 ] && projects=("$@")
results=$KAL_ROOT/artifacts/test-results
rm -rf "$results" && mkdir -p "$results"
passed=0 failed=0 skipped=0

# The trx is the result; the console interleaves. A run that did not end well counts at least one failure.
count() {
  local project=$1 rc=$2 trx=$results/$1.trx p f s
  if [ ! -f "$trx" ]; then say "$project: no results were written (exit code $rc)"; failed=$((failed + 1)); return; fi
  p=$(grep -c '<UnitTestResult .*outcome="Passed"' "$trx" || true)
  f=$(grep -c '<UnitTestResult .*outcome="Failed"' "$trx" || true)
  s=$(grep -c '<UnitTestResult .*outcome="NotExecuted"' "$trx" || true)
  if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then say "$project: the run ended with code $rc"; f=1; fi
  if [ $((p + f + s)) -eq 0 ]; then say "$project: no test ran"; f=1; fi
  say "$project: $p passed, $f failed, $s skipped"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  sed -n 's/.*testName="\([^"]*\)".*outcome="NotExecuted".*/\1/p' "$trx" >> "$results/skipped.txt"
}

# CI has twenty minutes: what is marked long (Trait Time) runs wherever CI is not set, and is named here; tests of kills kill four times, not twelve, and a thousand routing problems are drawn, not five thousand.
all=()
if [ -n "${CI:-}" ]; then
  all=(--TestCaseFilter:"Time!=long")
  export KAL_KILLS=${KAL_KILLS:-4} KAL_PROBLEMS=${KAL_PROBLEMS:-1000}
  say "CI: $KAL_KILLS kills a test instead of 12, $KAL_PROBLEMS routing problems instead of 5000; left out for their length, whole or in part, run without CI for them: $(grep -rl 'Trait("Time", "long")' tests --include=*.cs | xargs -n1 basename | sed 's/\.cs$//' | sort | tr '\n' ' ')"
fi

run() {
  local project=$1
  timeout --kill-after=10 1080 dotnet vstest "tests/$project/bin/Release/net10.0/KeyAccountLogistics.$project.dll" --logger:"trx;LogFileName=$project.trx" \
    --logger:"console;verbosity=minimal" --ResultsDirectory:"$results" "${all[@]}" > "$results/$project.log" 2>&1
}

report() {
  local project=$1 rc=$2
  # A failure as the runner tells it, cut where its stack leaves the product.
  awk '/^ +(Failed|Skipped) / { left = 25 } /^ +at (System|Xunit|Microsoft)\./ { left = 0 } left-- > 0' "$results/$project.log" | head -n 120
  [ "$rc" -eq 124 ] && say "$project did not end within 18 minutes and was stopped."
  count "$project" "$rc"
}

# Web waits for a browser and Edge for devices most of their time, each on ports and in folders of its own: they run one after the other beside the others, and are told of at the end.
beside=() ahead=()
for project in "${projects[@]}"; do
  if [[ $project =~ ^(Web|Edge)$ ]]; then beside+=("$project"); else ahead+=("$project"); fi
done
lane() {
  local project rc
  for project in "${beside[@]}"; do
    rc=0
    run "$project" || rc=$?
    echo $rc > "$results/$project.rc"
  done
}
if [ ${#beside[@]} -gt 0 ]; then
  lane &
  besides=$!
fi
for project in "${ahead[@]}"; do
  step "$project${beside:+ (${beside[*]} beside it)}"
  rc=0
  run "$project" || rc=$?
  report "$project" $rc
done
if [ ${#beside[@]} -gt 0 ]; then
  wait "$besides" || true
  besides=
  for project in "${beside[@]}"; do
    step "$project (it ran beside)"
    report "$project" "$(cat "$results/$project.rc" 2>/dev/null || echo 1)"
  done
fi

if [ $# -eq 0 ] && grep -q '"test"' src/Web/package.json; then
  step "Pages"
  need_node
  rc=0
  (cd src/Web && npm run --silent test -- --reporter=json --outputFile="$results/pages.json") > "$results/pages.log" 2>&1 || rc=$?
  p=$(sed -n 's/.*"numPassedTests":\([0-9]*\).*/\1/p' "$results/pages.json" 2>/dev/null | head -n1); p=${p:-0}
  f=$(sed -n 's/.*"numFailedTests":\([0-9]*\).*/\1/p' "$results/pages.json" 2>/dev/null | head -n1); f=${f:-0}
  if [ $rc -ne 0 ] && [ "$f" -eq 0 ]; then f=1; tail -n 20 "$results/pages.log"; fi
  say "Pages: $p passed, $f failed"
  passed=$((passed + p)) failed=$((failed + f))
fi

if [ -s "$results/skipped.txt" ]; then
  step "Skipped"
  sort -u "$results/skipped.txt" | sed 's/^/   /'
  if [ "${CI:-}" = true ]; then
    unexpected=$(sort -u "$results/skipped.txt" | grep -vxFf <(grep -v '^#' tests/expected-skips.txt) || true)
    if [ -n "$unexpected" ]; then say "Not listed in tests/expected-skips.txt:"; printf '%s\n' "$unexpected"; failed=$((failed + 1)); fi
  fi
fi

say "took $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s; results in artifacts/test-results"
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
