using System.Globalization;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// What identifies one physical parcel, as opposed to the waybill, which may cover several: either the own waybill number, alone or with the piece (<c>KAL2610120000017-002</c>),
/// or an identifier that somebody else gave (a marketplace's order id, another carrier's waybill, an S10, an SSCC).
/// </summary>
/// <remarks>
/// The rule for foreign ones: full-width characters are made ASCII, blanks removed, letters made capitals; what is left must be 6 to 40 of A-Z, 0-9 and hyphen, with a
/// letter or digit at both ends. Case therefore never tells two parcels apart, and the canonical text is compared as it stands. A text that starts like an own waybill but is
/// none is refused, never taken for a foreign one: it is a misread. Immutable. A default value is no code and throws when asked.
/// </remarks>
public readonly record struct ParcelCode : IComparable<ParcelCode>
{
    /// <summary>Shortest foreign identifier.</summary>
    public const int LengthMin = 6;

    /// <summary>Longest identifier.</summary>
    public const int LengthMax = 40;

    /// <summary>The largest piece number of a shipment.</summary>
    public const int PieceMax = 999;

    private readonly string? _text;

    private ParcelCode(string text) => _text = text;

    /// <summary>The canonical text, 6 to 40 characters of A-Z, 0-9 and hyphen.</summary>
    public string Text => _text ?? throw new InvalidOperationException("A default ParcelCode is no code.");

    /// <summary>The only parcel of an own waybill.</summary>
    public static ParcelCode Of(WaybillNumber waybill) => new(waybill.Text);

    /// <summary>One of several parcels of an own waybill; <paramref name="piece"/> is 1 to <see cref="PieceMax"/>, else <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static ParcelCode Of(WaybillNumber waybill, int piece)
    {
        if (piece is < 1 or > PieceMax) throw new ArgumentOutOfRangeException(nameof(piece), piece, $"A piece is 1 to {PieceMax}.");
        return new ParcelCode(string.Create(CultureInfo.InvariantCulture, $"{waybill.Text}-{piece:000}"));
    }

    /// <summary>Reads what a person keyed, a scanner sent or a file holds. False with the flaw otherwise.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, WaybillScheme own, out ParcelCode code, out ParcelCodeFlaw flaw)
    {
        ArgumentNullException.ThrowIfNull(own);
        code = default;
        var canonical = IdentifierText.Canonical(text);
        if (canonical is null) { flaw = ParcelCodeFlaw.TooLong; return false; }
        if (TryReadOwn(canonical, own, out code)) { flaw = ParcelCodeFlaw.None; return true; }
        flaw = own.Claims(canonical.Replace("-", "", StringComparison.Ordinal)) ? ParcelCodeFlaw.MisreadOwn : Judge(canonical);
        if (flaw is ParcelCodeFlaw.None) code = new ParcelCode(canonical);
        return flaw is ParcelCodeFlaw.None;
    }

    /// <summary>A canonical text that this product stored or sent itself; anything else throws <see cref="FormatException"/>, since it means damage.</summary>
    public static ParcelCode FromCanonical(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Judge(text) is ParcelCodeFlaw.None ? new ParcelCode(text) : throw new FormatException($"'{text}' is not a canonical parcel code.");
    }

    /// <summary>True when the code is the installation's own; <paramref name="piece"/> is null for the only parcel of a waybill.</summary>
    public bool IsOwn(WaybillScheme own, out WaybillNumber waybill, out int? piece)
    {
        ArgumentNullException.ThrowIfNull(own);
        piece = null;
        if (own.TryParse(_text, out waybill, out _)) return true;
        if (Text.Length != WaybillNumber.Length + 4 || Text[WaybillNumber.Length] != '-') return false;
        if (!own.TryParse(Text[..WaybillNumber.Length], out waybill, out _)) return false;
        piece = int.Parse(Text.AsSpan(WaybillNumber.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return true;
    }

    // Own numbers may be keyed in groups; three digits set off by a hyphen behind a whole number, or run on, are the piece.
    private static bool TryReadOwn(string canonical, WaybillScheme own, out ParcelCode code)
    {
        code = default;
        var packed = canonical.Replace("-", "", StringComparison.Ordinal);
        if (own.TryParse(packed, out var waybill, out _))
        {
            code = Of(waybill);
            return true;
        }
        if (packed.Length != WaybillNumber.Length + 3 || !own.TryParse(packed[..WaybillNumber.Length], out waybill, out _)) return false;
        if (!int.TryParse(packed.AsSpan(WaybillNumber.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var piece) || piece == 0) return false;
        code = Of(waybill, piece);
        return true;
    }

    private static ParcelCodeFlaw Judge(string canonical)
    {
        if (canonical.Length == 0) return ParcelCodeFlaw.Empty;
        if (canonical.Length < LengthMin) return ParcelCodeFlaw.TooShort;
        if (canonical.Length > LengthMax) return ParcelCodeFlaw.TooLong;
        if (canonical[0] == '-' || canonical[^1] == '-') return ParcelCodeFlaw.Characters;
        foreach (var c in canonical)
        {
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c) && c != '-') return ParcelCodeFlaw.Characters;
        }
        return ParcelCodeFlaw.None;
    }

    /// <summary>Ordinal by canonical text.</summary>
    public int CompareTo(ParcelCode other) => string.CompareOrdinal(_text, other._text);

    /// <summary>Before, by <see cref="CompareTo"/>.</summary>
    public static bool operator <(ParcelCode a, ParcelCode b) => a.CompareTo(b) < 0;

    /// <summary>After, by <see cref="CompareTo"/>.</summary>
    public static bool operator >(ParcelCode a, ParcelCode b) => a.CompareTo(b) > 0;

    /// <summary>Before or the same.</summary>
    public static bool operator <=(ParcelCode a, ParcelCode b) => a.CompareTo(b) <= 0;

    /// <summary>After or the same.</summary>
    public static bool operator >=(ParcelCode a, ParcelCode b) => a.CompareTo(b) >= 0;

    /// <summary>The canonical text; empty for a default value.</summary>
    public override string ToString() => _text ?? "";
}

/// <summary>Why a text names no parcel.</summary>
public enum ParcelCodeFlaw
{
    /// <summary>It names one.</summary>
    None,

    /// <summary>There is no text.</summary>
    Empty,

    /// <summary>Fewer than <see cref="ParcelCode.LengthMin"/> characters.</summary>
    TooShort,

    /// <summary>More than <see cref="ParcelCode.LengthMax"/> characters.</summary>
    TooLong,

    /// <summary>Something else than letters, digits and inner hyphens.</summary>
    Characters,

    /// <summary>Starts like one of this carrier's waybills but is none: <see cref="WaybillScheme.TryRead"/> says what is wrong.</summary>
    MisreadOwn,
}
