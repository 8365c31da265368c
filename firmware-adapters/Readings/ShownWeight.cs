using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>
/// One indication on its way to being a reading: the decoder says what stands where, this says whether it is a mass. Lives on the stack; the frame is
/// copied when it is handed on.
/// </summary>
internal ref struct ShownWeight
{
    /// <summary>The frame as it came.</summary>
    internal ReadOnlySpan<byte> Frame { get; init; }

    /// <summary>The number field, right aligned, sign before it.</summary>
    internal ReadOnlySpan<byte> Number { get; init; }

    /// <summary>The unit as sent; blanks around it do not count.</summary>
    internal ReadOnlySpan<byte> Unit { get; init; }

    /// <summary>The unit where the wire sends none just now.</summary>
    internal string? ImpliedUnit { get; init; }

    /// <summary>The sign that stands apart from the number field, in a column of its own; 0 where there is no such column. Two signs are none.</summary>
    internal byte Sign { get; init; }

    /// <summary>True for a minus in the column of its own.</summary>
    internal readonly bool Negative => Sign == (byte)'-';

    /// <summary>The indicator may show a decimal comma.</summary>
    internal bool Comma { get; init; }

    /// <summary>Places of the point from the right where the field shows none (a setting, as the wire does not say); 0 for whole numbers.</summary>
    internal int PointAt { get; init; }

    /// <summary>What the wire says about rest.</summary>
    internal StabilityFlag Stability { get; init; }

    /// <summary>Gross, net, tare.</summary>
    internal Basis Basis { get; init; }

    /// <summary>The tare in force, where the frame carries it.</summary>
    internal Mass? Tare { get; init; }

    /// <summary>For people; null when there is nothing to add.</summary>
    internal string? Note { get; init; }

    /// <summary>Set where the number is a weight, but not that of the load (limits, targets, a held display): no mass is handed on.</summary>
    internal bool NotTheLoad { get; init; }

    /// <summary>The unit in canonical spelling; null when nobody knows it.</summary>
    internal readonly string? CanonicalUnit => ImpliedUnit ?? MassUnits.Canonical(Unit);

    /// <summary>Hands on a reading, or the reason why there is none.</summary>
    internal readonly void Send(FrameGuard guard, IReadingSink sink)
    {
        var unit = CanonicalUnit;
        if (guard.Length > 0 && Frame.TrimEnd("\r\n"u8).Length != guard.Length) FrameDecoder.Reject(Frame, RejectReason.Length, "another length than this scale was commissioned with", sink);
        else if (unit is null) FrameDecoder.Reject(Frame, RejectReason.Unit, "unit is not known", sink);
        else if (guard.Unit is not null && !string.Equals(unit, guard.Unit, StringComparison.Ordinal)) FrameDecoder.Reject(Frame, RejectReason.Unit, "another unit than this scale was commissioned with", sink);
        else if (HasTwoSigns) FrameDecoder.Reject(Frame, RejectReason.Format, "two signs", sink);
        else if (IsPoundsOunces(unit)) SendPoundsOunces(sink);
        else if (ShownNumber.TryRead(Number, out var number, Comma)) SendNumber(number.WithPointAt(PointAt), unit, sink);
        else FrameDecoder.Reject(Frame, RejectReason.Format, "weight is not a number", sink);
    }

    /// <summary>Hands on pounds and ounces read elsewhere, as ounces; <see cref="ImpliedUnit"/> must be <see cref="MassUnits.PoundsOunces"/>.</summary>
    internal readonly void SendOunces(in ShownNumber ounces, FrameGuard guard, IReadingSink sink)
    {
        if (guard.Unit is null) SendNumber(ounces, "oz", sink);
        else FrameDecoder.Reject(Frame, RejectReason.Unit, "another unit than this scale was commissioned with", sink);
    }

    private readonly void SendPoundsOunces(IReadingSink sink)
    {
        if (ShownNumber.TryReadPoundsOunces(Number, out var ounces)) SendNumber(ounces, "oz", sink);
        else FrameDecoder.Reject(Frame, RejectReason.Format, "weight is not pounds and ounces", sink);
    }

    private readonly void SendNumber(in ShownNumber shown, string unit, IReadingSink sink)
    {
        var value = Negative && shown.Value != 0 ? -shown.Value : shown.Value;
        var inPounds = IsPoundsOunces(CanonicalUnit);   // then counted in ounces
        var isMass = Mass.TryFrom(value, unit, out var mass) && !NotTheLoad;
        var reading = new WeightReading
        {
            Mass = isMass ? mass : null,
            Number = inPounds ? value / 16 : value,
            Unit = inPounds ? MassUnits.PoundsOunces : unit,
            Stability = Stability,
            Condition = !isMass ? Condition.Other : value == 0 ? Condition.Zero : value < 0 ? Condition.Negative : Condition.Ok,
            Basis = Basis,
            Tare = Tare,
            Resolution = isMass && Mass.TryFrom(AsciiNumber.LastDigit(shown.Decimals), unit, out var step) ? step : null,
            Note = Note ?? (isMass ? null : string.Equals(unit, "pcs", StringComparison.Ordinal) ? "pieces" : "not a mass"),
            Raw = new RawFrame(Frame),
        };
        sink.OnWeight(in reading);
    }

    private readonly bool HasTwoSigns => Sign is (byte)'-' or (byte)'+' && Number.ContainsAny((byte)'-', (byte)'+');

    private static bool IsPoundsOunces(string? unit) => string.Equals(unit, MassUnits.PoundsOunces, StringComparison.Ordinal);

    /// <summary>Hands on an answer that is no weight: over, under, a fault, an acknowledgement.</summary>
    internal readonly void SendAs(Condition condition, string note, IReadingSink sink)
    {
        var reading = new WeightReading { Unit = CanonicalUnit, Stability = Stability, Condition = condition, Basis = Basis, Note = note, Raw = new RawFrame(Frame) };
        sink.OnWeight(in reading);
    }
}
