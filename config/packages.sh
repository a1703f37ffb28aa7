#!/bin/sh
# packages.sh [test|deb]: installs the Debian packages that building and the demonstration need, with `test` also those of
# the tests and analysers, with `deb` those that make packages, and prints which. Only missing ones are installed; when none is missing it does nothing.
set -eu

wanted="gcc make pkg-config binutils help2man
libmodbus-dev libmosquitto-dev libsqlite3-dev libconfig-dev libmicrohttpd-dev libsodium-dev libjansson-dev libssl-dev libutf8proc-dev
mosquitto mosquitto-clients openssl sqlite3"
[ "${1:-}" != test ] || wanted="$wanted
clang clang-format clang-tidy clang-tools cppcheck libclang-rt-14-dev valgrind
gcc-arm-none-eabi qemu-system-arm gcc-arm-linux-gnueabihf gcc-aarch64-linux-gnu qemu-user-static
tzdata systemd nginx-light wrk iproute2 nftables chromium-headless-shell fonts-noto-core poppler-utils"
[ "${1:-}" != deb ] || wanted="$wanted debhelper dpkg-dev"
command -v node >/dev/null || wanted="$wanted nodejs"
command -v npm >/dev/null || [ "${1:-}" != test ] || wanted="$wanted npm"

missing=
for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing from Debian:$missing"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get -qq -o DPkg::Lock::Timeout=600 update
# shellcheck disable=SC2086 # a list of words
$as_root apt-get -qq -y -o DPkg::Lock::Timeout=600 install --no-install-recommends $missing >/dev/null
