using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>The few calls of Linux this layer needs; constants of asm-generic, the same on x64 and arm64.</summary>
internal static unsafe partial class Libc
{
    internal const int OpenReadOnly = 0;
    internal const int OpenReadWrite = 2;
    internal const int OpenNoControllingTty = 0x100;
    internal const int OpenNonBlocking = 0x800;
    internal const int OpenCloseOnExec = 0x8_0000;
    internal const int LockExclusiveNow = 2 | 4;

    internal const short PollIn = 0x001;
    internal const short PollOut = 0x004;
    internal const short PollErr = 0x008;
    internal const short PollHup = 0x010;
    internal const short PollNval = 0x020;

    internal const uint EpollIn = 0x001;
    internal const uint EpollEdge = 0x8000_0000;
    internal const int EpollAdd = 1;
    internal const int EpollDelete = 2;

    internal const uint InotifyHints = 0x100 | 0x80 | 0x400 | 0x800 | 0x4; // create, moved to, delete self, move self, attributes (udev sets them last)

    internal const nuint TcGets2 = 0x802C_542A;
    internal const nuint TcSets2 = 0x402C_542B;
    internal const nuint TcFlush = 0x540B;
    internal const nuint TiocExclusive = 0x540C;
    internal const nuint TiocNotExclusive = 0x540D;
    internal const nuint TiocModemSet = 0x5416;
    internal const nuint TiocModemClear = 0x5417;
    internal const nuint TiocGetSerial = 0x541E;
    internal const nuint TiocSetSerial = 0x541F;
    internal const int SerialStructBytes = 72;
    internal const int SerialFlagsAt = 16;
    internal const int AsyncLowLatency = 0x2000;
    internal const int ModemDtr = 0x002;
    internal const int ModemRts = 0x004;

    internal const int Eintr = 4;
    internal const int Enoent = 2;
    internal const int Eio = 5;
    internal const int Enxio = 6;
    internal const int Eagain = 11;
    internal const int Eacces = 13;
    internal const int Ebusy = 16;
    internal const int Enodev = 19;
    internal const int Enotdir = 20;
    internal const int Eperm = 1;
    internal const int Einval = 22;
    internal const int Enotty = 25;
    internal const int Etimedout = 110;
    internal const int MapShared = 1;
    internal const int MapReadWrite = 3;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Returned;
    }

    /// <summary>struct epoll_event is packed on x64 alone: 32 bits of events, then the tag of 64, with a gap between them elsewhere.</summary>
    internal static int EpollEventBytes { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    internal static ulong EpollTag(byte* events, int index) => Unsafe.ReadUnaligned<ulong>(events + ((index + 1) * EpollEventBytes) - sizeof(ulong));

    internal static void SetEpollEvent(byte* at, uint events, ulong tag)
    {
        *(uint*)at = events;
        Unsafe.WriteUnaligned(at + EpollEventBytes - sizeof(ulong), tag);
    }

    /// <summary>struct termios2.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Termios2
    {
        internal uint Input;
        internal uint Output;
        internal uint Control;
        internal uint Local;
        internal byte Discipline;
        internal fixed byte Characters[19];
        internal uint InputSpeed;
        internal uint OutputSpeed;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(int epoll, int operation, int fd, byte* wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(int epoll, byte* events, int eventsMax, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, Termios2* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, int* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint Map(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int InotifyAddWatch(int fd, string path, uint mask);

    /// <summary>What an errno means on a device line, for people.</summary>
    internal static string Describe(int errno) => errno switch
    {
        Enoent or Enotdir => "no such device",
        Enxio or Enodev => "the device is gone",
        Eio => "input/output error: the device is gone",
        Eacces => "no permission (is the agent's user in group dialout?)",
        Ebusy => "in use by another program",
        _ => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno.ToString(System.Globalization.CultureInfo.InvariantCulture)})",
    };
}
