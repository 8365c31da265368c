#!/usr/bin/env bash
# The long runs: the suite's own tests with fresh seeds, for so many minutes, until one fails. Usage: tests/soak.sh [kill | fuzz | days] MINUTES (default: all, a third of the time each).
#   kill   kill -9 of agent, server (on both databases) and PostgreSQL; each run reports what was unacknowledged at every kill; KAL_KILLS=n per test (12)
#   fuzz   properties: decoders, journals, clocks, identifiers, rules; each round feeds the decoders KAL_FUZZ_BYTES=n random and mutated bytes (1,000,000,000)
#   days   a depot's day of 3,000 parcels, 15 couriers and 200 disturbances, and a small one on both databases, twice each
# Each round prints its seed; KAL_SEED=n repeats it: in the environment of this script for every round, or of `dotnet test` for one test.
. "$(dirname "${BASH_SOURCE[0]}")/../deploy/lib.sh"
cd "$KAL_ROOT"
usage() { stop_with "Usage: tests/soak.sh [kill | fuzz | days] MINUTES" "for example: tests/soak.sh kill 60"; }

name=all
if [ $# -eq 2 ]; then name=$1; shift; fi
[ $# -eq 1 ] && [[ $1 =~ ^[0-9]+$ ]] && [ "$1" -gt 0 ] || usage
minutes=$1
case $name in kill | fuzz | days | all) ;; *) usage ;; esac

need_dotnet
need_packages postgresql || say "Without PostgreSQL its kills are skipped."
step "Building the tests"
for project in Unit Component Edge Simulation; do dotnet build "tests/$project/$project.csproj" -c Release --nologo -v quiet; done
results=$KAL_ROOT/artifacts/soak-results
mkdir -p "$results"
fresh_seed() { od -An -N7 -tu8 /dev/urandom | tr -d ' '; }

# One project's tests with this round's seed. Prints what the tests report; stops everything at the first failure.
run() {
  local project=$1 filter=$2 log=$results/$1-$KAL_SEED.log
  if ! dotnet vstest "tests/$project/bin/Release/net10.0/KeyAccountLogistics.$project.dll" --TestCaseFilter:"$filter" \
    --logger:"console;verbosity=detailed" > "$log" 2>&1; then
    grep -vE '^\[xUnit' "$log" | tail -n 80
    stop_with "$project failed with seed $KAL_SEED; everything it said is in $log." \
      "Again: KAL_SEED=$KAL_SEED${KAL_KILLS:+ KAL_KILLS=$KAL_KILLS} dotnet test tests/$project/$project.csproj -c Release --filter '$filter'"
  fi
  grep -q '^Total tests: [1-9]' "$log" || stop_with "No test of $project matches $filter."
  sed -nE 's/^ +((seed|kill) [0-9]+.*|[0-9]+ (accepted|events sent).*)$/   \1/p; s/^ +Skipped /   skipped: /p; s/^Total tests: /   tests: /p' "$log"
  rm -f "$log"
}

kill_round() {
  run Component 'FullyQualifiedName~KilledServerTests'
  run Edge 'FullyQualifiedName~KilledAgentTests'
}

fuzz_round() { KAL_FUZZ_BYTES=${KAL_FUZZ_BYTES:-1000000000} run Unit 'FullyQualifiedName~Unit.Kernel|FullyQualifiedName~Unit.Verdicts|FullyQualifiedName~Propert|FullyQualifiedName~Terms|FullyQualifiedName~Stability|FullyQualifiedName~CaptureJournalTests'; }

days_round() { run Simulation 'FullyQualifiedName~DepotDayTests'; }

# Rounds until the time is over; a round that has begun is finished.
soak() {
  local what=$1 until=$((SECONDS + $2)) rounds=0
  local given=${KAL_SEED:-}
  while [ $rounds -eq 0 ] || [ $SECONDS -lt $until ]; do
    rounds=$((rounds + 1))
    KAL_SEED=${given:-$(fresh_seed)}
    export KAL_SEED
    step "$what, round $rounds: KAL_SEED=$KAL_SEED"
    "${what}_round"
  done
  export KAL_SEED=$given
  say "$what: $rounds rounds without a failure"
}

if [ "$name" = all ]; then
  soak kill $((minutes * 20))
  soak fuzz $((minutes * 20))
  soak days $((minutes * 20))
else
  soak "$name" $((minutes * 60))
fi
