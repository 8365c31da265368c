using System.Text;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>How much of a QR symbol may be lost: about 7, 15, 25 and 30 per cent.</summary>
internal enum QrLevel
{
    Low,
    Medium,
    Quartile,
    High,
}

/// <summary>
/// QR Code (ISO/IEC 18004:2015), versions 1 to 10, which hold every waybill and link of ours: text to modules. One segment, in the densest mode that holds the whole
/// text; beyond ASCII it is UTF-8 and says so (ECI 26). Pure.
/// </summary>
internal sealed class QrCode
{
    /// <summary>Blank modules that a reader needs around it.</summary>
    internal const int QuietModules = 4;

    private const int VersionMax = 10;
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    private static readonly int[] Codewords = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346];

    // By level (L, M, Q, H) and version: table 9 of the standard.
    private static readonly int[][] CorrectionPerBlock =
        [[7, 10, 15, 20, 26, 18, 20, 24, 30, 18], [10, 16, 26, 18, 24, 16, 18, 22, 22, 26], [13, 22, 18, 26, 18, 24, 18, 22, 20, 24], [17, 28, 22, 16, 22, 28, 26, 26, 24, 28]];

    private static readonly int[][] BlockCounts = [[1, 1, 1, 1, 1, 2, 2, 2, 2, 4], [1, 1, 1, 2, 2, 4, 4, 4, 5, 5], [1, 1, 2, 2, 4, 4, 6, 6, 8, 8], [1, 1, 2, 4, 4, 4, 5, 6, 8, 8]];

    private static readonly int[][] AlignmentCentres = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];

    private readonly bool[] _dark;
    private readonly bool[] _function;

    private QrCode(int version, QrLevel level)
    {
        (Version, Level, Size) = (version, level, 17 + (4 * version));
        (_dark, _function) = (new bool[Size * Size], new bool[Size * Size]);
    }

    /// <summary>1 to 10.</summary>
    internal int Version { get; }

    internal QrLevel Level { get; }

    /// <summary>Modules a side.</summary>
    internal int Size { get; }

    internal bool this[int x, int y] => _dark[(y * Size) + x];

    /// <summary>The smallest symbol that holds the text at that level. Throws <see cref="ArgumentException"/> for an empty text, or one that version 10 does not hold.</summary>
    internal static QrCode Of(string text, QrLevel level)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        for (var version = 1; version <= VersionMax; version++)
        {
            if (Pack(text, version, DataCodewords(version, level)) is { } data) return Draw(new QrCode(version, level), data);
        }
        throw new ArgumentException($"A QR Code of version {VersionMax} does not hold a text of {text.Length} characters at level {level}.", nameof(text));
    }

    private static int DataCodewords(int version, QrLevel level) =>
        Codewords[version - 1] - (CorrectionPerBlock[(int)level][version - 1] * BlockCounts[(int)level][version - 1]);

    /// <summary>The data codewords, padded; null when they do not fit.</summary>
    private static byte[]? Pack(string text, int version, int capacity)
    {
        var bits = new List<bool>();
        if (text.All(char.IsAsciiDigit))
        {
            Add(bits, 0b0001, 4);
            Add(bits, text.Length, version < 10 ? 10 : 12);
            for (var i = 0; i < text.Length; i += 3)
            {
                var group = text.AsSpan(i, Math.Min(3, text.Length - i));
                Add(bits, int.Parse(group, System.Globalization.CultureInfo.InvariantCulture), (group.Length * 3) + 1);
            }
        }
        else if (text.All(static c => Alphanumeric.Contains(c, StringComparison.Ordinal)))
        {
            Add(bits, 0b0010, 4);
            Add(bits, text.Length, version < 10 ? 9 : 11);
            for (var i = 0; i + 1 < text.Length; i += 2) Add(bits, (Alphanumeric.IndexOf(text[i]) * 45) + Alphanumeric.IndexOf(text[i + 1]), 11);
            if (text.Length % 2 == 1) Add(bits, Alphanumeric.IndexOf(text[^1]), 6);
        }
        else
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length > capacity) return null;
            if (bytes.Length != text.Length) Add(bits, (0b0111 << 8) | 26, 12);
            Add(bits, 0b0100, 4);
            Add(bits, bytes.Length, version < 10 ? 8 : 16);
            foreach (var b in bytes) Add(bits, b, 8);
        }
        if (bits.Count > capacity * 8) return null;
        Add(bits, 0, Math.Min(4, (capacity * 8) - bits.Count));
        Add(bits, 0, (8 - (bits.Count % 8)) % 8);
        for (var pad = 0xEC; bits.Count < capacity * 8; pad ^= 0xEC ^ 0x11) Add(bits, pad, 8);
        var packed = new byte[capacity];
        for (var i = 0; i < bits.Count; i++) packed[i / 8] |= (byte)(bits[i] ? 0x80 >> (i % 8) : 0);
        return packed;
    }

    private static void Add(List<bool> bits, int value, int count)
    {
        for (var i = count - 1; i >= 0; i--) bits.Add(((value >> i) & 1) != 0);
    }

    private static QrCode Draw(QrCode code, byte[] data)
    {
        code.DrawFunctionPatterns();
        code.DrawCodewords(Interleave(data, code.Version, code.Level));
        var best = Enumerable.Range(0, 8).MinBy(mask =>
        {
            code.Mask(mask);
            code.DrawFormat(mask);
            var penalty = code.Penalty();
            code.Mask(mask);
            return penalty;
        });
        code.Mask(best);
        code.DrawFormat(best);
        return code;
    }

    /// <summary>Blocks with their correction, taken column by column.</summary>
    private static byte[] Interleave(byte[] data, int version, QrLevel level)
    {
        var (blocks, correction, total) = (BlockCounts[(int)level][version - 1], CorrectionPerBlock[(int)level][version - 1], Codewords[version - 1]);
        var shortLength = (total / blocks) - correction;
        var shortCount = blocks - (total % blocks);
        var parts = new List<byte[]>();
        for (int i = 0, at = 0; i < blocks; i++)
        {
            var length = shortLength + (i < shortCount ? 0 : 1);
            parts.Add(data[at..(at + length)]);
            at += length;
        }
        var corrections = parts.ConvertAll(part => ReedSolomon.Remainder(part, correction));
        var all = new List<byte>(total);
        for (var i = 0; i <= shortLength; i++) all.AddRange(parts.Where(p => i < p.Length).Select(p => p[i]));
        for (var i = 0; i < correction; i++) all.AddRange(corrections.Select(c => c[i]));
        return [.. all];
    }

    private void DrawFunctionPatterns()
    {
        for (var i = 0; i < Size; i++)
        {
            Function(6, i, i % 2 == 0);
            Function(i, 6, i % 2 == 0);
        }
        DrawFinder(3, 3);
        DrawFinder(Size - 4, 3);
        DrawFinder(3, Size - 4);
        var centres = AlignmentCentres[Version - 1];
        foreach (var x in centres)
        {
            foreach (var y in centres)
            {
                var isInFinder = (x == 6 && (y == 6 || y == Size - 7)) || (x == Size - 7 && y == 6);
                if (!isInFinder) DrawSquare(x, y, 2, static ring => ring != 1);
            }
        }
        DrawFormat(0);
        if (Version >= 7) DrawVersion();
    }

    private void DrawFinder(int x, int y) => DrawSquare(x, y, 4, static ring => ring is not (2 or 4));

    private void DrawSquare(int x, int y, int rings, Func<int, bool> isDark)
    {
        for (var dy = -rings; dy <= rings; dy++)
        {
            for (var dx = -rings; dx <= rings; dx++)
            {
                if (x + dx >= 0 && x + dx < Size && y + dy >= 0 && y + dy < Size) Function(x + dx, y + dy, isDark(Math.Max(Math.Abs(dx), Math.Abs(dy))));
            }
        }
    }

    /// <summary>Level and mask with their BCH (15, 5) check, twice.</summary>
    private void DrawFormat(int mask)
    {
        var value = ((int)Level switch { 0 => 1, 1 => 0, 2 => 3, _ => 2 } << 3) | mask;
        var rest = value;
        for (var i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
        var bits = ((value << 10) | rest) ^ 0x5412;
        for (var i = 0; i < 15; i++)
        {
            var isDark = ((bits >> i) & 1) != 0;
            if (i < 6) Function(8, i, isDark);
            else if (i < 8) Function(8, i + 1, isDark);
            else if (i == 8) Function(7, 8, isDark);
            else Function(14 - i, 8, isDark);
            if (i < 8) Function(Size - 1 - i, 8, isDark);
            else Function(8, Size - 15 + i, isDark);
        }
        Function(8, Size - 8, true);
    }

    /// <summary>The version with its BCH (18, 6) check, twice.</summary>
    private void DrawVersion()
    {
        var rest = Version;
        for (var i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1F25);
        var bits = (Version << 12) | rest;
        for (var i = 0; i < 18; i++)
        {
            var isDark = ((bits >> i) & 1) != 0;
            Function(Size - 11 + (i % 3), i / 3, isDark);
            Function(i / 3, Size - 11 + (i % 3), isDark);
        }
    }

    private void Function(int x, int y, bool isDark)
    {
        _dark[(y * Size) + x] = isDark;
        _function[(y * Size) + x] = true;
    }

    /// <summary>Bits in columns of two from the right, upward and downward in turn, round the function patterns.</summary>
    private void DrawCodewords(byte[] codewords)
    {
        var bit = 0;
        for (var right = Size - 1; right >= 1; right -= 2)
        {
            if (right == 6) right = 5;
            var isUpward = ((right + 1) & 2) == 0;
            for (var i = 0; i < Size * 2; i++)
            {
                var (x, y) = (right - (i % 2), isUpward ? Size - 1 - (i / 2) : i / 2);
                if (_function[(y * Size) + x]) continue;
                _dark[(y * Size) + x] = bit < codewords.Length * 8 && ((codewords[bit / 8] >> (7 - (bit % 8))) & 1) != 0;
                bit++;
            }
        }
    }

    /// <summary>Applied twice it is taken back.</summary>
    private void Mask(int mask)
    {
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                if (!_function[(y * Size) + x] && IsMasked(mask, x, y)) _dark[(y * Size) + x] ^= true;
            }
        }
    }

    private static bool IsMasked(int mask, int x, int y) => mask switch
    {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => ((x / 3) + (y / 2)) % 2 == 0,
        5 => (x * y % 2) + (x * y % 3) == 0,
        6 => ((x * y % 2) + (x * y % 3)) % 2 == 0,
        _ => (((x + y) % 2) + (x * y % 3)) % 2 == 0,
    };

    /// <summary>What makes a symbol hard to read: runs, blocks, patterns like a finder's, an uneven share of dark (7.8.3 of the standard).</summary>
    private int Penalty()
    {
        var penalty = 0;
        for (var i = 0; i < Size; i++)
        {
            var line = i;
            penalty += PenaltyOf(at => this[at, line]) + PenaltyOf(at => this[line, at]);
        }
        for (var y = 0; y < Size - 1; y++)
        {
            for (var x = 0; x < Size - 1; x++)
            {
                if (this[x, y] == this[x + 1, y] && this[x, y] == this[x, y + 1] && this[x, y] == this[x + 1, y + 1]) penalty += 3;
            }
        }
        var percent = _dark.Count(static d => d) * 100 / _dark.Length;
        return penalty + (Math.Abs(percent - 50) / 5 * 10);
    }

    private int PenaltyOf(Func<int, bool> line)
    {
        var (penalty, run, window) = (0, 0, 0);
        for (var at = 0; at < Size; at++)
        {
            run = at > 0 && line(at) == line(at - 1) ? run + 1 : 1;
            if (run == 5) penalty += 3;
            else if (run > 5) penalty++;
            window = ((window << 1) | (line(at) ? 1 : 0)) & 0x7FF;
            if (at >= 10 && window is 0b10111010000 or 0b00001011101) penalty += 40;
        }
        return penalty;
    }
}

/// <summary>Reed-Solomon over GF(256) with the polynomial 0x11D, as QR uses it.</summary>
internal static class ReedSolomon
{
    private static readonly byte[] Powers = MakePowers();
    private static readonly byte[] Logs = MakeLogs();

    /// <summary>The correction codewords of <paramref name="data"/>.</summary>
    internal static byte[] Remainder(ReadOnlySpan<byte> data, int count)
    {
        var generator = Generator(count);
        var rest = new byte[count];
        foreach (var b in data)
        {
            var factor = (byte)(b ^ rest[0]);
            rest.AsSpan(1).CopyTo(rest);
            rest[^1] = 0;
            for (var i = 0; i < count; i++) rest[i] ^= Product(generator[i], factor);
        }
        return rest;
    }

    /// <summary>Coefficients below the leading one, highest first.</summary>
    private static byte[] Generator(int degree)
    {
        var polynomial = new byte[degree];
        polynomial[^1] = 1;
        for (var root = 0; root < degree; root++)
        {
            for (var i = 0; i < degree; i++)
            {
                polynomial[i] = Product(polynomial[i], Powers[root]);
                if (i + 1 < degree) polynomial[i] ^= polynomial[i + 1];
            }
        }
        return polynomial;
    }

    private static byte Product(byte a, byte b) => a == 0 || b == 0 ? (byte)0 : Powers[(Logs[a] + Logs[b]) % 255];

    private static byte[] MakePowers()
    {
        var powers = new byte[255];
        for (int i = 0, value = 1; i < 255; i++)
        {
            powers[i] = (byte)value;
            value = (value << 1) ^ (value >= 128 ? 0x11D : 0);
        }
        return powers;
    }

    private static byte[] MakeLogs()
    {
        var logs = new byte[256];
        for (var i = 0; i < 255; i++) logs[Powers[i]] = (byte)i;
        return logs;
    }
}
