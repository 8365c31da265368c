using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>Line settings to termios2 and back. Raw mode; any baud rate through BOTHER; damaged bytes marked where there is parity.</summary>
internal static unsafe class Termios
{
    private const uint Inpck = 0x10;
    private const uint Parmrk = 0x8;
    private const uint CharacterSize = 0x30;
    private const uint Bits7 = 0x20;
    private const uint Bits8 = 0x30;
    private const uint TwoStopBits = 0x40;
    private const uint Receive = 0x80;
    private const uint ParityOn = 0x100;
    private const uint ParityOdd = 0x200;
    private const uint IgnoreModemLines = 0x800;
    private const uint AnyBaud = 0x1000;
    private const int MinimumAt = 6;

    /// <summary>
    /// Sets the open descriptor. Null when the settings were taken, with <paramref name="notSupported"/> saying what the line did not keep; otherwise
    /// the reason it cannot be set at all.
    /// </summary>
    internal static string? Apply(int fd, LineSettings settings, out string? notSupported)
    {
        notSupported = null;
        Libc.Termios2 termios = default;
        termios.Control = Receive | IgnoreModemLines | AnyBaud | (settings.DataBits == 7 ? Bits7 : Bits8);
        if (settings.StopBits == 2) termios.Control |= TwoStopBits;
        if (settings.Parity != Parity.None)
        {
            termios.Control |= ParityOn | (settings.Parity == Parity.Odd ? ParityOdd : 0);
            termios.Input = Inpck | Parmrk;
        }
        termios.Characters[MinimumAt] = 1;
        termios.InputSpeed = termios.OutputSpeed = (uint)settings.Baud;
        if (Libc.Ioctl(fd, Libc.TcSets2, &termios) != 0) return $"cannot be set to {settings}: {Libc.Describe(Marshal.GetLastPInvokeError())}";
        Libc.Termios2 kept;
        if (Libc.Ioctl(fd, Libc.TcGets2, &kept) != 0) return $"cannot be read back: {Libc.Describe(Marshal.GetLastPInvokeError())}";
        notSupported = Difference(settings, kept);
        return null;
    }

    private static string? Difference(LineSettings wanted, in Libc.Termios2 kept)
    {
        var bits = (kept.Control & CharacterSize) == Bits7 ? 7 : 8;
        var parity = (kept.Control & ParityOn) == 0 ? Parity.None : (kept.Control & ParityOdd) != 0 ? Parity.Odd : Parity.Even;
        var stop = (kept.Control & TwoStopBits) != 0 ? 2 : 1;
        var offBy = Math.Abs((long)kept.OutputSpeed - wanted.Baud);
        var runs = new LineSettings((int)kept.OutputSpeed, bits, parity, stop);
        var same = bits == wanted.DataBits && parity == wanted.Parity && stop == wanted.StopBits && offBy * 50 <= wanted.Baud;
        return same ? null : $"{wanted} is not supported here, the line runs {runs}";
    }
}
