#!/usr/bin/env bash
# Lock the dependencies of pyproject.toml by hash into requirements/, the same versions in every file.
# Arguments go to `uv pip compile`, for example --upgrade or --upgrade-package rich.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=.cache/lock
if ! [ -x "$environment/bin/uv" ]; then
    "${PYTHON:-python3}" -m venv "$environment"
    "$environment/bin/pip" install -q --require-hashes -r requirements/lock.txt
fi

compile() {
    local name=$1
    shift
    "$environment/bin/uv" pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-annotate --custom-compile-command "make lock" \
        --output-file "requirements/$name.txt" "$@"
    echo "requirements/$name.txt"
}

compile dev pyproject.toml --extra demo --group dev "$@"
for set in "base" "ledger --extra ledger" "demo --extra demo --group build"; do
    # shellcheck disable=SC2086 # a set is a name and its options
    compile $set pyproject.toml --constraints requirements/dev.txt
done
compile mutate pyproject.toml --extra demo --group mutate --constraints requirements/dev.txt
compile lock --group pyproject.toml:lock "$@"
