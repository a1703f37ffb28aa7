#!/bin/bash
# boot.sh FOLDER: becomes a machine of its own, on this one's files with FOLDER/files laid over them, and boots a systemd
# that runs FOLDER/files/root/walk.sh. Called by run.mjs inside new namespaces (mounts, pids, cgroups, network): nothing of
# it is seen outside, and all of it ends with the first process.
set -eu
folder=$1
root=$folder/root
mkdir -p "$folder/changes" "$folder/work" "$root"
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/changes,workdir=$folder/work" "$root"
mount -t proc proc "$root/proc"
for place in run tmp dev sys; do mount -t tmpfs none "$root/$place"; done
for device in null zero full random urandom; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
# The one hierarchy that systemd keeps its books in; no controllers, so nothing is limited and no device refused.
mkdir -p "$root/sys/fs/cgroup"
mount -t tmpfs none "$root/sys/fs/cgroup"
mkdir "$root/sys/fs/cgroup/systemd"
mount -t cgroup -o none,name=systemd none "$root/sys/fs/cgroup/systemd"
ip link set lo up
# A bare systemd: none of what a Debian would start.
rm -rf "$root"/lib/systemd/system/*.wants "$root"/etc/systemd/system/* "$root"/lib/systemd/system-generators
cp -a "$folder/files/." "$root/"
cat >"$root/etc/systemd/system/walk.service" <<'UNIT'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/bash /root/walk.sh
StandardOutput=file:/root/told
StandardError=file:/root/told
TimeoutStartSec=infinity
UNIT
touch "$folder/told" "$root/root/told"
mount --bind "$folder/told" "$root/root/told"
exec chroot "$root" /usr/bin/env -i container=lxc PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=walk.service --log-target=console --show-status=no
