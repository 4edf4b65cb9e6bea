# SPDX-License-Identifier: Apache-2.0
# Read by the tests that kill (tests/cli/kill.sh, tests/web/kill.sh; all of them: scripts/kills). KILLS in the
# environment: how many times; SEED: of the moments. Both are told when SEED is set.
kills=${KILLS:-10} killed=0 whole=0
RANDOM=${SEED:-7}
[[ -z ${SEED:-} ]] || echo "seed $SEED, $kills kills"

# Nobody of a session is left; whose parent was killed waits for the first process of the system to bury it.
is_over() {
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } |
        awk -v "session=$1" '{ sub(/\(.*\) /, "") } $5 == session && $2 !~ /[ZX]/ { any = 1 } END { exit any }'
}

# struck MS COMMAND...: runs it and ends it (SIGKILL) at some moment of so many milliseconds. False when it was over
# before, with status 0.
struck() {
    local within=$1 pid code=0
    shift
    setsid "$@" >struck.out 2>struck.err &
    pid=$!
    sleep "$(awk -v "ms=$((RANDOM * 32768 + RANDOM))" -v "within=$within" 'BEGIN { print ms % within / 1000 }')"
    kill -9 "$pid" 2>/dev/null || true
    { wait "$pid"; } 2>/dev/null || code=$? # without the shell's own words
    if [[ $code -eq 137 ]]; then
        killed=$((killed + 1))
        for _ in {1..100}; do is_over "$pid" && return; sleep 0.05; done
        fail "the workers outlive their program: $*"
    fi
    [[ $code -eq 0 ]] || fail "exit code $code after a kill: $*: $(head -n 5 struck.err)"
    whole=$((whole + 1))
    return 1
}

# ms_of COMMAND...: how long it takes.
ms_of() {
    local begin
    begin=$(date +%s%3N)
    "$@" >struck.out 2>struck.err || fail "exit code $?: $*: $(head -n 5 struck.err)"
    echo $(($(date +%s%3N) - begin + 1))
}
