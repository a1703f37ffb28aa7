# The way of docs/operating.md from an empty machine to a terminal on the wall, its updates and its end, by systemd's own
# commands. Runs inside boot.sh's machine, which is the school's and the classroom's at once. Tells lines "fact NAME VALUE"
# for run.mjs to judge.
set -u
fact() { echo "fact $*"; }
unit() { systemctl show "$1" -p "$2" --value; }
until_true() { # until_true SECONDS COMMAND…
    local tries=$(($1 * 5))
    shift
    while ! "$@" && [ $tries -gt 0 ]; do
        sleep 0.2
        tries=$((tries - 1))
    done
}
# What a unit says goes to a file of its own: there is no journal here.
for name in narvaro-broker narvarod narvaro-web narvaro-terminal; do
    mkdir -p /etc/systemd/system/$name.service.d
    printf '[Service]\nStandardError=append:/root/%s.log\n' $name >/etc/systemd/system/$name.service.d/log.conf
done
# Patience is shortened, nothing else.
printf '[Service]\nWatchdogSec=6\nTimeoutStartSec=4\n' >/etc/systemd/system/narvaro-terminal.service.d/short.conf

echo "== install"
rm -f /usr/sbin/policy-rc.d # a container's word that no service may start
mkdir -p /var/log/nginx
# The pages as a browser of the school sees them, by the school's own authority.
page() {
    until_true 10 curl -sf --compressed -o /root/page --cacert /etc/narvaro/ca/ca.crt --resolve "$1:443:127.0.0.1" "https://$1/"
    fact page "$(grep -c Närvaro /root/page)"
    rm -f /root/page
}
dpkg -i /root/narvaro.deb /root/narvaro-terminal.deb
for name in narvaro-broker narvarod narvaro-web; do fact packaged $name "$(unit $name ActiveState)" "$(unit $name User)"; done
systemctl start nginx
page "$(uname -n)"
narvaro setup --school ekskolan --host localhost
fact again "$(narvaro setup | wc -l)"
page localhost
cp /root/update.pub /etc/narvaro/update.pub && chmod 644 /etc/narvaro/update.pub
systemctl daemon-reload
systemctl start narvaro-broker narvarod narvaro-web
for name in narvaro-broker narvarod narvaro-web; do fact active $name "$(unit $name ActiveState)" "$(unit $name User)"; done
narvaro import /root/school --commit | tail -2

echo "== the audit log"
heads=/var/log/narvaro-audit-heads
night() {
    systemctl start narvaro-audit-head
    fact night "$(unit narvaro-audit-head Result)" "$(stat -c '%U %a' $heads)" "$(wc -l <$heads)"
}
until_true 10 test -S /run/narvaro-web/admin.sock
echo korp-ekorre-vante-17 | narvaro user add kim --name Kim --role eht --password-stdin
night
night
sqlite3 /var/lib/narvaro-web/casebook.db "UPDATE audit SET object = 'lind'"
night
systemctl reset-failed narvaro-audit-head

echo "== a terminal"
narvaro-terminal --enrol --terminal t-new >/root/t-new.csr
narvaro terminal add t-new --room "$ROOM" --csr /root/t-new.csr --out /root/t-new.bundle
narvaro-terminal --install /root/t-new.bundle
mkfifo /run/pupils
bus-emulator -d /run t-new=1 </run/pupils >/root/lamps &
exec 3>/run/pupils
until_true 5 test -e /run/bus-t-new
settings=/etc/narvaro/narvaro-terminal.cfg
sed -i 's|"/dev/serial/by-id/usb-rs485";|"/run/bus-t-new"; parity = "N";|' $settings
echo 'trial_s = 3;' >>$settings
tap() { # tap CARD: until its lamp
    local before
    before=$(grep -c ' lamp ' /root/lamps)
    echo "tap t-new 1 $1" >&3
    until_true 10 sh -c "[ \$(grep -c ' lamp ' /root/lamps) -gt $before ]"
    fact lamp "$1" "$(grep ' lamp ' /root/lamps | tail -1 | cut -d' ' -f5)"
}
started() { until_true "$1" sh -c '[ "$(systemctl show narvaro-terminal -p SubState --value)" = running ]'; }
program() { fact program "$1" "$(readlink /var/lib/narvaro-program/current)" "$(unit narvaro-terminal SubState)"; }
stored() { narvaro status; }
systemctl start narvaro-terminal
program first
fact user "$(ps -o user= -p "$(unit narvaro-terminal MainPID)")"
fact slots "$(stat -c '%U %a' /var/lib/narvaro-program)"
tap 04000001
tap 04000002

echo "== it hangs"
hung=$(unit narvaro-terminal MainPID)
kill -STOP "$hung"
until_true 15 sh -c "[ \$(systemctl show narvaro-terminal -p NRestarts --value) = 1 ]"
started 5
fact restarted "$(unit narvaro-terminal NRestarts)" "$([ "$hung" = "$(unit narvaro-terminal MainPID)" ] && echo same || echo another)"
tap 04000003

echo "== a good update"
narvaro-terminal-update --install /root/good
systemctl restart narvaro-terminal
program trial
tap 04000004
until_true 15 grep -q 'trial passed' /root/narvaro-terminal.log
systemctl restart narvaro-terminal
program stays
fact names "$(ls /var/lib/narvaro-program | tr '\n' ' ')"

for bad in ends never-ready; do
    echo "== an update that $bad"
    narvaro-terminal-update --install /root/$bad
    systemctl --no-block restart narvaro-terminal
    sleep 2
    until_true 40 sh -c '[ "$(readlink /var/lib/narvaro-program/current)" = a ]'
    started 10
    program $bad
done
tap 04000005
sleep 3
stored
sqlite3 -readonly /var/lib/narvaro/attendance.db "SELECT 'fact taps ' || count(*) FROM event WHERE kind = 'tap' AND terminal_id = 't-new'"
sqlite3 -readonly /var/lib/narvaro/attendance.db "SELECT 'fact firmware ' || firmware FROM terminal_state WHERE terminal_id = 't-new'"

echo "== revoked"
before=$(unit narvaro-broker MainPID)
narvaro terminal revoke t-new --reason "taken from the wall"
sleep 4
fact broker "$([ "$before" = "$(unit narvaro-broker MainPID)" ] && echo same || echo another)"
fact refused "$(tail -5 /root/narvaro-terminal.log | grep -c offline)"

echo "== the end"
systemctl stop narvaro-terminal narvaro-web narvarod narvaro-broker
for name in narvaro-broker narvarod narvaro-web narvaro-terminal; do fact ended $name "$(unit $name ActiveState)" "$(unit $name Result)"; done

echo "== removed, installed again, purged"
taps() { sqlite3 -readonly /var/lib/narvaro/attendance.db "SELECT count(*) FROM event WHERE kind = 'tap'"; }
dpkg --remove narvaro
fact removed "$([ -e /var/lib/narvaro/attendance.db ] && echo data kept)"
fact removed "$([ -e /etc/nginx/conf.d/narvaro.conf ] || echo site gone)"
dpkg -i /root/narvaro.deb
fact reinstalled narvarod "$(unit narvarod ActiveState)"
fact reinstalled "$(taps)"
dpkg --purge narvaro narvaro-terminal
fact purged "$(find /etc /var /usr /run -path '*narvaro*' ! -path '/var/lib/dpkg/*' ! -path '/var/lib/systemd/*' ! -path '/etc/systemd/system/*.service.d*' ! -path '/var/log/*' 2>/dev/null | tee -a /dev/stderr | wc -l)"
fact complete
systemctl exit 0
