"""The script that is run on a Windows guest. It asks the terminal services themselves: what the
programs `quser` and `query` print is cut, and translated.

A session's id has the moment of its sign-in beside its number, which another session gets later:
nobody's session may be ended for another's. What it prints is ASCII, whatever the code page.
"""

SCRIPT = r"""
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Add-Type -TypeDefinition @'
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;

public static class AutoskySessions {
    [StructLayout(LayoutKind.Sequential)]
    struct Listed {  // WTS_SESSION_INFO_1W
        public uint Environment;
        public int State;
        public uint Session;
        public IntPtr Name, Host, User, Domain, Farm;
    }

    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
    struct Details {  // WTSINFOW
        public int State;
        public uint Session;
        public uint BytesIn, BytesOut, FramesIn, FramesOut, CompressedIn, CompressedOut;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 32)] public string Station;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 17)] public string Domain;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 21)] public string User;
        public long Connected, Disconnected, LastInput, SignedIn, Now;
    }

    [DllImport("wtsapi32.dll", SetLastError = true)]
    static extern bool WTSEnumerateSessionsExW(
        IntPtr server, ref uint level, uint filter, out IntPtr found, out uint count);
    [DllImport("wtsapi32.dll")]
    static extern bool WTSFreeMemoryExW(int kind, IntPtr memory, uint count);
    [DllImport("wtsapi32.dll", SetLastError = true)]
    static extern bool WTSQuerySessionInformationW(
        IntPtr server, uint session, int about, out IntPtr found, out uint bytes);
    [DllImport("wtsapi32.dll")]
    static extern void WTSFreeMemory(IntPtr memory);
    [DllImport("wtsapi32.dll", SetLastError = true)]
    static extern bool WTSLogoffSession(IntPtr server, uint session, bool wait);
    [DllImport("wtsapi32.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    static extern bool WTSSendMessageW(
        IntPtr server, uint session, string title, uint titleBytes, string text, uint textBytes,
        uint style, uint seconds, out uint answer, bool wait);

    public class Person {
        public string id;
        public string account;
        public string since;
        public int state;
        internal uint number;
    }

    public static List<Person> All() {
        var people = new List<Person>();
        IntPtr found;
        uint level = 1, count;
        if (!WTSEnumerateSessionsExW(IntPtr.Zero, ref level, 0, out found, out count))
            throw new Win32Exception();
        try {
            int size = Marshal.SizeOf(typeof(Listed));
            for (int index = 0; index < count; index++) {
                var at = new IntPtr(found.ToInt64() + (long)index * size);
                var listed = (Listed)Marshal.PtrToStructure(at, typeof(Listed));
                string user = Marshal.PtrToStringUni(listed.User);
                if (String.IsNullOrEmpty(user)) continue;  // services, or waits for somebody
                long since = SignedIn(listed.Session);
                if (since == 0) continue;  // it ended meanwhile
                string domain = Marshal.PtrToStringUni(listed.Domain);
                people.Add(new Person {
                    id = listed.Session + "-" + since,
                    account = String.IsNullOrEmpty(domain) ? user : domain + "\\" + user,
                    since = DateTime.FromFileTimeUtc(since).ToString(
                        "yyyy-MM-dd'T'HH:mm:ss'Z'",
                        System.Globalization.CultureInfo.InvariantCulture),
                    state = listed.State,
                    number = listed.Session
                });
            }
        } finally {
            WTSFreeMemoryExW(2, found, count);
        }
        return people;
    }

    static long SignedIn(uint session) {
        IntPtr found;
        uint bytes;
        if (!WTSQuerySessionInformationW(IntPtr.Zero, session, 24, out found, out bytes)) {
            int error = Marshal.GetLastWin32Error();
            if (error == 2 || error == 7022) return 0;  // there is no such session any more
            throw new Win32Exception(error);
        }
        try {
            return ((Details)Marshal.PtrToStructure(found, typeof(Details))).SignedIn;
        } finally {
            WTSFreeMemory(found);
        }
    }

    public static void Say(Person person, string title, string text) {
        uint answer;
        WTSSendMessageW(
            IntPtr.Zero, person.number, title, (uint)title.Length * 2, text,
            (uint)text.Length * 2, 0x40, 0, out answer, false);
    }

    public static bool End(Person person) {
        return WTSLogoffSession(IntPtr.Zero, person.number, false);
    }
}
'@

function Text([string]$data) {
    [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($data))
}

function Sessions {
    $people = foreach ($it in [AutoskySessions]::All()) {
        @{ id = $it.id; account = $it.account; since = $it.since; state = $it.state }
    }
    @{ sessions = @($people) }
}

function Message([string]$title, [string]$text, [string[]]$ids) {
    foreach ($person in [AutoskySessions]::All()) {
        if ($ids -contains $person.id) {
            [AutoskySessions]::Say($person, (Text $title), (Text $text))
        }
    }
    @{ }
}

function EndSessions([string[]]$ids) {
    $ended = @()
    foreach ($person in [AutoskySessions]::All()) {
        if (($ids -contains $person.id) -and [AutoskySessions]::End($person)) {
            $ended += $person.id
        }
    }
    @{ ended = @($ended) }
}

function Admit([bool]$allowed) {
    $program = Join-Path $env:SystemRoot 'System32\chglogon.exe'
    if (-not (Test-Path $program)) { return @{ unable = $true } }
    if ($allowed) { & $program /enable | Out-Null } else { & $program /drain | Out-Null }
    $kept = Get-CimInstance -Namespace root/cimv2/TerminalServices `
        -ClassName Win32_TerminalServiceSetting
    @{ unable = [bool](($kept.SessionBrokerDrainMode -eq 0) -ne $allowed) }
}

function Answer([scriptblock]$asked) {
    try {
        $answer = & $asked
        $answer.autosky = 1
        $json = ConvertTo-Json -InputObject $answer -Compress -Depth 4
        [regex]::Replace($json, '[^\x20-\x7e]', { '\u{0:x4}' -f [int][char]$args[0].Value })
    } catch {
        [Console]::Error.WriteLine($_.Exception.Message)
        exit 1
    }
}
"""
