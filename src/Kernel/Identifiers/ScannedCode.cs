using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// One scan: the text behind the AIM symbology identifier, and the identifier (<c>]C1</c>) where the scanner sends one. What it means is for <see cref="WhatWasScanned"/>.
/// </summary>
/// <param name="Text">As sent, without identifier, line end or framing; FNC1 inside is 0x1D.</param>
/// <param name="AimId">Three characters starting with <c>]</c>; null where the scanner sends none.</param>
public sealed record ScannedCode(string Text, string? AimId)
{
    /// <summary>Splits a scanner's line: a symbology identifier in front, line end and blanks around.</summary>
    public static ScannedCode From(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = line.Trim([' ', '\t', '\r', '\n', '\0', '\u0002', '\u0003']);
        return text is [']', var symbology, var modifier, ..] && char.IsAsciiLetter(symbology) && char.IsAsciiLetterOrDigit(modifier)
            ? new ScannedCode(text[3..], text[..3])
            : new ScannedCode(text, null);
    }
}

/// <summary>The words by which an installation knows its own codes; the prefixes are compared after small letters were made capitals.</summary>
/// <param name="Waybills">Its waybill numbers.</param>
/// <param name="BadgePrefix">Starts a staff badge.</param>
/// <param name="SealPrefix">Starts a seal number.</param>
/// <param name="CommandPrefix">Starts a command barcode for stations that have only keyboard and scanner.</param>
public sealed record ScanWords(WaybillScheme Waybills, string BadgePrefix = "STAFF-", string SealPrefix = "SEAL-", string CommandPrefix = "KAL:CMD:");

/// <summary>What a command barcode asks of a station.</summary>
public enum StationCommand
{
    /// <summary>Confirm what the station asks.</summary>
    Confirm,

    /// <summary>Leave the present step; nothing recorded is undone.</summary>
    Cancel,

    /// <summary>Abandon the open handover, with a reason.</summary>
    Abandon,

    /// <summary>Begin a handover.</summary>
    Handover,

    /// <summary>Close the count of one's own side.</summary>
    Counted,

    /// <summary>Hold the present parcel, with a reason.</summary>
    Hold,

    /// <summary>Weigh the present parcel again.</summary>
    Reweigh,

    /// <summary>Mark the present parcel damaged.</summary>
    Damaged,

    /// <summary>Sign out.</summary>
    SignOut,

    /// <summary>Show help for the present step.</summary>
    Help,
}

/// <summary>One thing a scan may mean: a closed set.</summary>
public abstract record ScanMeaning
{
    private ScanMeaning()
    {
    }

    /// <summary>The parcel this meaning names; null where it names none.</summary>
    public virtual ParcelCode? Parcel => null;

    /// <summary>A parcel under an own waybill; <paramref name="Piece"/> is null for the only parcel.</summary>
    public sealed record OwnParcel(ParcelCode Code, WaybillNumber Waybill, int? Piece) : ScanMeaning
    {
        /// <inheritdoc/>
        public override ParcelCode? Parcel => Code;
    }

    /// <summary>A postal item from abroad.</summary>
    public sealed record PostalItem(S10Code Item) : ScanMeaning
    {
        /// <inheritdoc/>
        public override ParcelCode? Parcel => ParcelCode.FromCanonical(Item.Text);
    }

    /// <summary>A parcel, bag or cage by its SSCC; <paramref name="Message"/> holds what else the symbol said.</summary>
    public sealed record LogisticUnit(Sscc Unit, Gs1Message? Message) : ScanMeaning
    {
        /// <inheritdoc/>
        public override ParcelCode? Parcel => ParcelCode.FromCanonical(Unit.Text);
    }

    /// <summary>GS1 data that names no logistic unit: postcode, routing, an article with batch.</summary>
    public sealed record Gs1Content(Gs1Message Message) : ScanMeaning;

    /// <summary>The article number of goods (EAN-13, EAN-8): never a parcel.</summary>
    public sealed record Article(string Gtin) : ScanMeaning;

    /// <summary>A staff badge, without its prefix; it names a person and proves nothing by itself.</summary>
    public sealed record Badge(string StaffCode) : ScanMeaning;

    /// <summary>A seal number, without its prefix.</summary>
    public sealed record Seal(string Number) : ScanMeaning;

    /// <summary>A command barcode.</summary>
    public sealed record Command(StationCommand Asked) : ScanMeaning;

    /// <summary>Somebody else's identifier, opaque.</summary>
    public sealed record ForeignParcel(ParcelCode Code) : ScanMeaning
    {
        /// <inheritdoc/>
        public override ParcelCode? Parcel => Code;
    }

    /// <summary>Starts like an own waybill and is none: to be scanned again.</summary>
    public sealed record MisreadOwn(string Text, WaybillFlaw Why) : ScanMeaning;

    /// <summary>Nothing that can be used here; <paramref name="Why"/> is a sentence for the operator.</summary>
    public sealed record Unreadable(string Why) : ScanMeaning;
}
