#!/bin/sh
# Stops a test cluster that nobody has used for PATIENCE seconds, and ends.
# Started by supervisor.rs, as the cluster's user: supervisor.sh PROGRAMS HOME SOCKETS PATIENCE
#
# In use means: somebody holds the shared lock of use.lock, or a client is connected. It stops the
# cluster, and ends, only while it holds that lock alone. Its own lock it gives up before that one,
# so that whoever comes next finds a supervisor that stays, or none.
set -u
PATH="$1:$PATH" home=$2 sockets=$3 patience=$4
trap '' HUP INT QUIT

if ! command -v flock >/dev/null; then # macOS
    flock() {
        case $1 in -n) operation=6 ;; -u) operation=8 ;; esac
        perl -e 'open my $file, "<&=", $ARGV[0] or exit 1; exit !flock $file, $ARGV[1]' "$2" "$operation"
    }
fi

control() {
    pg_ctl --pgdata "$home/cluster/data" "$@" >/dev/null 2>&1
}

clients() {
    PGPASSWORD=$(cat "$home/cluster/admin-password") PGCONNECT_TIMEOUT=5 \
        psql -XAtq -h "$sockets" -p 5432 -U enplan_admin -d postgres -c \
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
}

exec 8<"$home/use.lock" 9<"$home/supervisor.lock"
flock -n 9 || exit 0

pause=$((patience > 12 ? patience / 12 : 1))
used=$(date +%s)
while sleep "$pause" 8<&- 9<&-; do
    now=$(date +%s)
    if ! flock -n 8; then
        [ -e "$home/use.lock" ] || exit 0
        used=$now
        continue
    fi
    if control status; then
        connected=$(clients) || connected=0
        [ "$connected" = 0 ] || used=$now
        if [ $((now - used)) -ge "$patience" ]; then
            control stop --mode fast --timeout 60 || control stop --mode immediate
        fi
    fi
    if ! control status; then
        exec 9<&-
        exit 0
    fi
    flock -u 8
done
