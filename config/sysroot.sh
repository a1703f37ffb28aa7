#!/bin/sh
# sysroot.sh ARCHITECTURE FOLDER: unpacks Debian's libraries of another architecture (armhf, arm64) for the terminal into
# FOLDER, from the mirror that this machine uses. It needs no root and changes nothing outside of FOLDER: apt gets its own
# state folder, and still verifies the signatures. Downloads about 13 MB. Does nothing when the folder exists already.
set -eu
arch=$1
folder=$2
wanted="libc6-dev libmodbus-dev libmosquitto-dev libconfig-dev libjansson-dev libssl-dev"

[ ! -e "$folder/usr/include/modbus/modbus.h" ] || exit 0
. /etc/os-release
line=$(apt-get indextargets --format '$(CREATED_BY) $(CODENAME) $(COMPONENT) $(REPO_URI) $(SIGNED_BY)' |
    grep "^Packages $VERSION_CODENAME main " | head -n 1)
[ -n "$line" ] || { echo "sysroot.sh: apt knows no $VERSION_CODENAME main" >&2; exit 1; }
mirror=$(echo "$line" | cut -d' ' -f4)
key=$(echo "$line" | cut -d' ' -f5)
[ -e "$key" ] || key=/usr/share/keyrings/debian-archive-keyring.gpg

state=$folder.apt
rm -rf "$folder" "$state"
mkdir -p "$folder" "$state/lists/partial" "$state/cache/archives/partial"
state=$(cd "$state" && pwd)
: >"$state/status"
echo "deb [arch=$arch signed-by=$key] $mirror $VERSION_CODENAME main" >"$state/sources.list"

# The options are given as a file, so that apt never looks at the system's folders and hooks.
cat >"$state/apt.conf" <<EOF
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Dir::Etc::SourceList "$state/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$state/lists";
Dir::State::Status "$state/status";
Dir::Cache "$state/cache";
EOF
export APT_CONFIG="$state/apt.conf"

apt-get -qq update
# shellcheck disable=SC2086 # a list of words
packages=$(apt-get -qq -s install $wanted | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
# shellcheck disable=SC2086
(cd "$state" && apt-get -qq download $packages)
for package in "$state"/*.deb; do
    dpkg -x "$package" "$state/root"
done
rmdir "$folder"
mv "$state/root" "$folder"
rm -rf "$state"
