#!/usr/bin/env bash
# Try this checkout on a Debian that has python3, make and nothing else, as root and as an ordinary
# user, and time it. Arguments are make's targets, in order (default: setup demo); `demo` runs once
# through. Needs root and debootstrap; the system itself is not changed.
#
# SUITE=trixie tries another release. What your own pip needs for your network (PIP_* variables,
# /etc/pip.conf and the certificates that they name) is carried in; Debian's mirror is your apt's.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "fresh-machine: skipped, it needs root and debootstrap"
    exit 0
fi

suite=${SUITE:-bookworm}
targets=("${@:-setup demo}")
read -ra targets <<<"${targets[*]}"
base=.cache/fresh-machine/$suite
mirror=$(PYTHONPATH=src python3 - "$suite" <<'PYTHON'
import sys
from pathlib import Path
from buckstop.debian.apt import SYSTEM_APT, system_suite
from buckstop.debian.sources import read_sources, sources_of_suite

sources = sources_of_suite(read_sources(SYSTEM_APT), sys.argv[1], system_suite=system_suite())
print(next(source.uri for source in sources if source.suite == sys.argv[1]))
PYTHON
)

if ! [ -d "$base" ]; then
    echo "fresh-machine: debootstrap $suite …"
    mkdir -p "$(dirname "$base")"
    rm -rf "$base.new"
    debootstrap --variant=minbase --include=python3,make "$suite" "$base.new" "$mirror" >/dev/null
    mv "$base.new" "$base"
fi

machine=$(mktemp -d)
trap 'rm -rf --one-file-system "$machine"' EXIT
cp -a "$base/." "$machine"
rm -rf "$machine"/var/lib/apt/lists/*
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf "${PIP_CERT:-}"; do
    [ -f "$file" ] && install -D -m 644 "$file" "$machine$file"
done
chroot "$machine" useradd --create-home --shell /bin/bash ordinary
git archive --format=tar --prefix=buckstop/ HEAD >"$machine/buckstop.tar"

in_machine() { # USER COMMAND: with /proc and /dev of its own, and no process left behind
    unshare --mount --pid --fork --kill-child bash -c '
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        exec chroot "$1" su --whitelist-environment="$3" - "$2" -c "$4"
    ' in_machine "$machine" "$1" "$(env | sed -n 's/^\(PIP_[A-Z_]*\)=.*/\1/p' | paste -sd,)" "$2"
}

failed=0
for user in root ordinary; do
    in_machine "$user" "tar -xf /buckstop.tar"
    for target in "${targets[@]}"; do
        arguments=""
        [ "$target" = demo ] && arguments="--once"
        for run in first second; do
            [ "$run" = second ] && [ "$target" = test ] && continue
            begun=$SECONDS
            outcome=passed
            in_machine "$user" "make -C buckstop $target ARGS=$arguments </dev/null" || outcome=FAILED
            [ "$outcome" = passed ] || failed=1
            echo "fresh-machine: $suite, $user, make $target, $run run: $outcome after $((SECONDS - begun)) s"
        done
    done
done
exit "$failed"
