#!/usr/bin/env bash
# Installs what the integration tests need beside npm's packages, from Debian: Python WebSocket servers, a NATS server, and
# openssl for the certificates of the TLS tests.
# Does nothing where they are installed already. Where it cannot install them it says so, and the tests decide.
set -euo pipefail

packages=(nats-server openssl python3-fastapi uvicorn python3-websockets python3-wsproto)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  if ! /usr/bin/python3 -c 'import fastapi, uvicorn, websockets, wsproto' 2>/dev/null ||
    ! command -v openssl >/dev/null || ! command -v nats-server >/dev/null; then
    echo "setup-test: not a Debian system, so nothing was installed. The tests against Python servers need"
    echo "setup-test: /usr/bin/python3 with fastapi, uvicorn, websockets and wsproto; those of TLS need openssl 3, and that"
    echo "setup-test: of NATS nats-server."
  fi
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $status == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

if [[ $(id -u) -ne 0 ]]; then
  echo "setup-test: not root, so these were not installed: ${missing[*]}"
  echo "setup-test: the tests need them: sudo apt-get install --no-install-recommends ${missing[*]}"
  exit 0
fi

echo "setup-test: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# A server that is installed does not start by itself: 101 means "not allowed".
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
  trap 'rm -f $policy' EXIT
fi
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null; then
  echo "setup-test: apt-get could not install ${missing[*]}; the tests need them."
fi
