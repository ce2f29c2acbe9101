"""The script that is run on a Linux guest, by whatever `sh` it has. It is ASCII, and asks for no
more than busybox has.

What it prints begins with a line of its own and ends with `end`, so that half an answer is known
as one. A session's id begins with eight digits of the boot: numbers of sessions are given anew
after the next one, and nobody's session may be ended for another's.
"""

SCRIPT = r"""
export LC_ALL=C TZ=UTC PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin"
boot=$(cut -c1-8 /proc/sys/kernel/random/boot_id) || exit 1
hook=/usr/lib/autosky/admit
notice=/run/autosky/nologin

by_logind() { [ -d /run/systemd/system ]; }

# Sessions as logind has them, or else every process that leads a session on a terminal.
sessions() {
    if by_logind; then
        own=$(sed -n 's/.*session-\([^.]*\)\.scope.*/\1/p' /proc/self/cgroup | head -n 1)
        echo "logind $boot ${own:--} ${SUDO_USER:-$(id -un)}"
        listed=$(loginctl list-sessions --no-legend --no-pager) || exit 1
        echo "$listed" | while read -r id rest; do
            [ "$id" ] || continue
            echo "session $id"
            loginctl show-session "$id" -p Name -p Timestamp -p Class -p State -p TTY ||
                [ ! -e "/run/systemd/sessions/$id" ] || exit 1
        done || exit 1
    else
        echo "terminals $boot"
        sed -n 's/^btime /booted /p' /proc/stat
        leaders
    fi
}

# Prints `leader PID START-TICKS OWNER TERMINAL` of each. A terminal within a terminal (as sudo has)
# is the same person's: its leader has a parent that is on a terminal.
leaders() {
    for stat in /proc/[0-9]*/stat; do
        process=${stat#/proc/}
        process=${process%/stat}
        facts "$process" || continue
        [ "$leads" = "$process" ] && [ "$terminal" != 0 ] || continue
        found="$process $started $(stat -c %U "/proc/$process") $(named "$process" "$terminal")"
        if facts "$parent" && [ "$terminal" != 0 ]; then continue; fi
        echo "leader $found"
    done
}

# Sets `parent`, `leads`, `terminal` and `started` of a process; what is in ( ) may be anything.
facts() {
    line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    set -- ${line##*') '}
    parent=$2 leads=$4 terminal=$5 started=${20}
}

named() {
    major=$(($2 >> 8 & 0xfff))
    if [ $major -ge 136 ] && [ $major -le 143 ]; then
        echo "/dev/pts/$(($2 & 0xff | $2 >> 12 & 0xfff00))"
    else
        readlink "/proc/$1/fd/0" || echo -
    fi
}

# Prints the terminals of session NUMBER as it is now; fails if it is gone.
terminals_of() {
    if by_logind; then
        shown=$(loginctl show-session "$1" -p TTY --value 2>/dev/null) || return 1
        if [ "$shown" ]; then
            echo "/dev/$shown"
        else
            grep -ls "session-$1\.scope" /proc/[0-9]*/cgroup | while read -r of; do
                of=${of#/proc/}
                of=${of%/cgroup}
                facts "$of" && [ "$terminal" != 0 ] && named "$of" "$terminal"
            done | sort -u
        fi
    else
        facts "${1%-*}" && [ "$started" = "${1#*-}" ] || return 1
        named "${1%-*}" "$terminal"
    fi
}

# message TEXT-IN-BASE64 ID...: a terminal that takes nothing more (Ctrl+S) holds up nobody.
message() {
    text=$1
    shift
    for id; do
        [ "${id%%.*}" = "$boot" ] || continue
        terminals_of "${id#*.}" | while read -r terminal; do
            [ -c "$terminal" ] || continue
            echo "$text" | timeout 3 sh -c 'base64 -d >"$1"' - "$terminal" &&
                echo "shown $id"
        done
    done
    return 0
}

# end_sessions ID...: who does not go when asked to is made to.
end_sessions() {
    for id; do
        [ "${id%%.*}" = "$boot" ] || continue
        number=${id#*.}
        terminals_of "$number" >/dev/null || continue
        if by_logind; then
            loginctl terminate-session "$number" ||
                [ ! -e "/run/systemd/sessions/$number" ] || exit 1
        else
            for signal in HUP TERM KILL; do
                terminals_of "$number" >/dev/null || break
                kill -s "$signal" "${number%-*}" 2>/dev/null
                for moment in 1 2 3 4 5; do
                    terminals_of "$number" >/dev/null || break
                    sleep 0.2 2>/dev/null || sleep 1
                done
            done
        fi
        echo "ended $id"
    done
}

# admit yes|no NOTICE-IN-BASE64: by the machine's own program, or by what keeps all but root out.
admit() {
    if [ -x "$hook" ]; then
        "$hook" "$1" >/dev/null || exit 1
    elif grep -qs '^[^#]*pam_nologin' /etc/pam.d/*; then
        nologin "$1" "$2" /run/nologin
    elif [ -x /usr/sbin/sshd ]; then
        nologin "$1" "$2" /etc/nologin
    else
        echo unable
    fi
}

# What somebody else wrote there stays, either way.
nologin() {
    if [ "$1" = yes ]; then
        if [ "$(readlink "$3")" = "$notice" ]; then rm -f "$3"; fi
        rm -f "$notice"
    elif [ "${SUDO_UID:-$(id -u)}" != 0 ]; then
        echo locked-out
    else
        mkdir -p "${notice%/*}" && echo "$2" | base64 -d >"$notice" || exit 1
        [ -e "$3" ] || ln -sf "$notice" "$3" || exit 1
    fi
}

answer() {
    echo 'autosky 1'
    "$@" || exit 1
    echo end
}
"""
