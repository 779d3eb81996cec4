# What the commands of the docs run in: the names that a reader types, on what the test has started.
# NODE, REPOSITORY, OPS and SPARE_PORT are the test's.

guardrail() {
  local name=$1
  shift
  case "$name" in
    demo) set -- --no-traffic --messages 3000 --sandbox-port "$SPARE_PORT" "$@" ;;
    sandbox) set -- --port 0 --messages 3000 "$@" ;;
    reconcile) set -- "$@" --lag 0 ;;
    spend | savings | grant) set -- "$@" --ops "$OPS" ;;
  esac
  "$NODE" "$REPOSITORY/src/main.ts" "$name" "$@"
}

npm() {
  case "$1 ${2-}" in
    'run guardrail') shift 3 && guardrail "$@" ;;
    'run --silent') shift 4 && guardrail "$@" ;;
    'start '*) shift && guardrail demo "${@:2}" ;;
    *) echo "npm $*: the test does not know how to run this" >&2 && return 1 ;;
  esac
}

# Node's own SQLite in place of the program.
sqlite3() {
  "$NODE" -e 'const { DatabaseSync } = require("node:sqlite"); new DatabaseSync(process.argv[1]).exec(process.argv[2])' "$@"
}

first_id() { curl -s "$OPS/$1" | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4; }

head_of_chain() {
  curl -s "$OPS/api/v1/books" |
    "$NODE" -e 'process.stdin.on("data", (data) => { const { seal, hash } = JSON.parse(data).head; console.log(`${seal}:${hash}`); })'
}

# Runs what does not end by itself until it says what it says once it is up, and ends it.
until_up() {
  local said=$1 command=$2 output
  output=$(mktemp)
  set -m
  eval "$command" > "$output" 2>&1 &
  local group=$!
  set +m
  for _ in $(seq 600); do
    grep -qE "$said" "$output" || ! kill -0 "$group" 2> /dev/null && break
    sleep 0.1
  done
  grep -qE "$said" "$output"
  local outcome=$?
  kill -TERM -- "-$group" 2> /dev/null
  wait "$group" 2> /dev/null
  cat "$output"
  return "$outcome"
}
