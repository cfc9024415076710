# What measurements of the redirect share. The caller has set $here, $root, $seconds and $connections.
work=$(mktemp -d)
pids=()
stop() { kill "$@" 2>/dev/null || true; wait "$@" 2>/dev/null || true; }
trap 'stop "${pids[@]}"; rm -rf "$work"' EXIT

for tool in wrk sqlite3; do command -v $tool >/dev/null || { echo "benchmarks/redirect: $tool is missing" >&2; exit 1; }; done
[ -n "${SPOO_WEB:-}" ] || dotnet build "$root/src/Spoo.Web" -c Release -v quiet -nologo -clp:NoSummary
spoo=${SPOO_WEB:-$root/src/Spoo.Web/bin/Release/net10.0/Spoo.Web.dll}
port=$((20000 + RANDOM % 20000))

# start NAME PORT COMMAND...: runs a server until it answers; its process is in $pid.
start() {
  local name=$1 at=$2
  shift 2
  "$@" >"$work/$name.log" 2>&1 &
  pid=$!
  pids+=($pid)
  for _ in $(seq 400); do
    curl -s -o /dev/null "http://127.0.0.1:$at/bench" && return
    kill -0 $pid 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/$name.log" >&2
  exit 1
}

start_spoo() {
  local folder=$1 at=$2
  shift 2
  start "spoo-$at" "$at" dotnet "$spoo" --data "$folder" --urls "http://127.0.0.1:$at" "$@"
}

# new_folder FOLDER [SQL]: a database with the link /bench, and what the SQL puts there.
new_folder() {
  start_spoo "$1" $((port + 9))
  stop $pid
  sqlite3 "$1/spoo.db" "INSERT INTO Links (PublicId, ShortCode, LongUrl, CreatedAt, Status, TotalClicks, BlockedHits)
    VALUES ('0123456789abcdef01234567', 'bench', 'https://example.com/page', 0, 'Active', 0, 0); ${2:-}"
}

# CPU time of a process and its children, in ticks of 10 ms.
ticks() {
  local sum=0 process
  for process in $1 $(pgrep -P "$1" || true); do
    sum=$((sum + $(awk '{ print $14 + $15 }' "/proc/$process/stat")))
  done
  echo $sum
}

# Compiled code gets better for some seconds, of a busy machine's for some more.
warm() { wrk -t1 -c$connections -d8s -s "$here/clicks.lua" "http://127.0.0.1:$1" >/dev/null; }

# load NAME PORT PID: one round; adds "rate requests p50 p99 max errors cpu-µs" to the results of NAME.
load() {
  local before line
  before=$(ticks "$3")
  line=$(wrk -t1 -c$connections -d"${seconds}s" --latency -s "$here/clicks.lua" "http://127.0.0.1:$2" | sed -n 's/^RESULT //p')
  echo "$line $((($(ticks "$3") - before) * 10000)) " | awk '{ printf "%s %s %s %s %s %s %.1f\n", $1, $2, $3, $4, $5, $6, $7 / $2 }' >>"$work/$1.results"
}

median() { sort -n "$1" -k"$2,$2" | awk -v c="$2" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'; }

# Each round beside its own neighbour: the machine's moods are the same for both. ratio NAME OTHER: the median of the first to the second.
ratio() { paste -d' ' "$work/$1.results" "$work/$2.results" | awk '{ print $1 / $8 }' >"$work/ratios"; median "$work/ratios" 1; }

machine() { echo "$(uname -m), $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo); load $(cut -d' ' -f1-3 /proc/loadavg); $rounds rounds of $seconds s, $connections connections; wrk on the same machine"; }
