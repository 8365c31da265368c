using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>
/// A weight whose wire sends whole digits and says elsewhere, or not at all, where the point stands: counts in binary, digits beside a point position.
/// Lives on the stack like <see cref="ShownWeight"/>.
/// </summary>
internal readonly ref struct CountedWeight
{
    /// <summary>The frame as it came.</summary>
    internal ReadOnlySpan<byte> Frame { get; init; }

    /// <summary>The digits as a whole number, without sign.</summary>
    internal long Count { get; init; }

    /// <summary>A minus, wherever the wire puts it. A negative zero becomes zero.</summary>
    internal bool Negative { get; init; }

    /// <summary>Places of the point from the right.</summary>
    internal int Decimals { get; init; }

    /// <summary>The scale's step in last digits, where the wire states one; else 1.</summary>
    internal int Step { get; init; }

    /// <summary>A unit of mass, in canonical spelling.</summary>
    internal string Unit { get; init; }

    internal StabilityFlag Stability { get; init; }

    internal Basis Basis { get; init; }

    internal Mass? Tare { get; init; }

    internal string? Note { get; init; }

    /// <summary>Hands on a reading, or the reason why there is none.</summary>
    internal void Send(IReadingSink sink)
    {
        var number = AsciiNumber.Scaled(Count, Negative, Decimals);
        if (!Mass.TryFrom(number, Unit, out var mass))
        {
            FrameDecoder.Reject(Frame, RejectReason.Format, "no mass a scale could show", sink);
            return;
        }
        var reading = new WeightReading
        {
            Mass = mass,
            Number = number,
            Unit = Unit,
            Stability = Stability,
            Condition = number == 0 ? Condition.Zero : number < 0 ? Condition.Negative : Condition.Ok,
            Basis = Basis,
            Tare = Tare,
            Resolution = Mass.TryFrom(AsciiNumber.Scaled(Math.Max(1, Step), negative: false, Decimals), Unit, out var step) ? step : null,
            Note = Note,
            Raw = new RawFrame(Frame),
        };
        sink.OnWeight(in reading);
    }

    /// <summary>Hands on an answer that is no weight.</summary>
    internal void SendAs(Condition condition, string note, IReadingSink sink)
    {
        var reading = new WeightReading { Unit = Unit, Stability = Stability, Condition = condition, Basis = Basis, Note = note, Raw = new RawFrame(Frame) };
        sink.OnWeight(in reading);
    }

    /// <summary>Reads digits, leading ones perhaps blank, without sign or point.</summary>
    internal static bool TryCount(ReadOnlySpan<byte> field, out long count)
    {
        count = 0;
        field = field.TrimStart((byte)' ');
        if (field.IsEmpty || field.Length > AsciiNumber.DigitsMax) return false;
        foreach (var b in field)
        {
            if (!AsciiNumber.IsDigit(b)) return false;
            count = (count * 10) + (b - '0');
        }
        return true;
    }
}
