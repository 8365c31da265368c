using System.Runtime.InteropServices;
using System.Text;

namespace KeyAccountLogistics.Simulators.Pty;

/// <summary>The calls of Linux a pseudo-terminal needs.</summary>
internal static unsafe partial class PtyCalls
{
    private const int ReadWrite = 2;
    private const int NoControllingTty = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x8_0000;
    private const int TermiosBytes = 60;

    internal const int Eagain = 11;
    internal const int Eintr = 4;
    internal const short PollIn = 1;
    internal const nuint UnreadBytes = 0x541B; // FIONREAD

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ptsname_r(int fd, byte* name, nint length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int fd, byte* termios);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void cfmakeraw(byte* termios);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int fd, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, int* argument);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);

    internal static int NewEventFd() => Checked(EventFd(0, NonBlocking | CloseOnExec), "eventfd");

    /// <summary>A pair in raw mode; the name is the slave's path.</summary>
    internal static (int Master, int Slave, string Name) OpenPair()
    {
        var master = Checked(posix_openpt(ReadWrite | NoControllingTty | NonBlocking | CloseOnExec), "posix_openpt");
        try
        {
            Checked(grantpt(master), "grantpt");
            Checked(unlockpt(master), "unlockpt");
            var name = stackalloc byte[128];
            Checked(-Math.Abs(ptsname_r(master, name, 128)), "ptsname_r");
            var path = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
            var slave = Checked(open(path, ReadWrite | NoControllingTty | CloseOnExec), "open " + path);
            var termios = stackalloc byte[TermiosBytes];
            Checked(tcgetattr(slave, termios), "tcgetattr");
            cfmakeraw(termios);
            Checked(tcsetattr(slave, 0, termios), "tcsetattr");
            return (master, slave, path);
        }
        catch (IOException)
        {
            _ = Close(master);
            throw;
        }
    }

    private static int Checked(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
