namespace KeyAccountLogistics.Kernel.Gs1;

/// <summary>The symbologies that carry GS1 data or may carry a Digital Link.</summary>
public enum Gs1Symbology
{
    /// <summary>GS1-128, <c>]C1</c>.</summary>
    Gs1Code128,

    /// <summary>EAN-13, UPC-A and UPC-E, <c>]E0</c> with 13 digits.</summary>
    Ean13,

    /// <summary>EAN-8, <c>]E4</c>.</summary>
    Ean8,

    /// <summary>GS1 DataBar and composite components, <c>]e0</c>.</summary>
    DataBar,

    /// <summary>Data Matrix, <c>]d1</c> plain, <c>]d2</c> GS1.</summary>
    DataMatrix,

    /// <summary>QR Code, <c>]Q1</c> plain, <c>]Q3</c> GS1.</summary>
    QrCode,

    /// <summary>DotCode, <c>]J0</c> plain, <c>]J1</c> GS1.</summary>
    DotCode,
}

/// <summary>
/// What a scanner sent with its AIM symbology identifier (ISO/IEC 15424), judged strictly as GS1 data: as opposed to <see cref="WhatWasScanned"/>, which ranks what a text
/// may mean at a station. Immutable.
/// </summary>
/// <param name="Symbology">By the identifier.</param>
/// <param name="Primary">The digits of an EAN symbol; else null.</param>
/// <param name="Text">The text of a plain symbol, a Digital Link among them; else null.</param>
/// <param name="Message">The element strings of a GS1 symbol, of the composite component of an EAN symbol, or of a Digital Link; else null.</param>
public sealed record Gs1Scan(Gs1Symbology Symbology, string? Primary, string? Text, Gs1Message? Message)
{
    private const int IdentifierLength = 3;
    private const string CompositeMark = "|]e0";

    /// <summary>True for the identifiers whose data is element strings.</summary>
    public static bool CarriesElements(string? aimId) => aimId is "]C1" or "]e0" or "]d2" or "]Q3" or "]J1";

    /// <summary>Reads identifier and data as sent, FNC1 as 0x1D. False with the flaw otherwise.</summary>
    public static bool TryRead(string scan, out Gs1Scan? read, out Gs1Flaw? flaw)
    {
        ArgumentNullException.ThrowIfNull(scan);
        read = null;
        if (scan is not [']', _, _, ..])
            return Gs1Message.Refuse(out flaw, Gs1FlawCode.NoSymbologyIdentifier, "The scanner sent no symbology identifier: switch AIM identifiers on.");
        var aimId = scan[..IdentifierLength];
        if (SymbologyOf(aimId) is not { } symbology) return Gs1Message.Refuse(out flaw, Gs1FlawCode.UnknownSymbology, $"{aimId} carries no GS1 data.");
        var payload = scan[IdentifierLength..];
        if (payload.Length > Gs1Message.LengthMax) return Gs1Message.Refuse(out flaw, Gs1FlawCode.Length, $"A scan has at most {Gs1Message.LengthMax} characters.");
        if (symbology is Gs1Symbology.Ean13 or Gs1Symbology.Ean8) return TryReadEan(symbology, payload, out read, out flaw);
        if (!CarriesElements(aimId)) return TryReadPlain(symbology, payload, out read, out flaw);
        // The identifier stands for the first FNC1: a station tolerates it sent once more, a strict reading does not.
        if (payload.StartsWith(Gs1Message.Separator)) return Gs1Message.Refuse(out flaw, Gs1FlawCode.UnknownAi, $"The data behind {aimId} begins with a separator.");
        if (!Gs1Message.TryParse(payload, out var message, out flaw) || (flaw = message!.Contradiction) is not null) return false;
        read = new Gs1Scan(symbology, null, null, message);
        return true;
    }

    /// <summary>The notation of the GS1 syntax engine: <c>^</c> for FNC1, plain text that would look like it escaped by a backslash.</summary>
    public string ToCaretForm()
    {
        if (Primary is not null) return Message is null ? Primary : $"{Primary}|{Message.ToCaretForm()}";
        if (Text is null) return Message!.ToCaretForm();
        return Text.TrimStart('\\') is ['^', ..] ? "\\" + Text : Text;
    }

    private static Gs1Symbology? SymbologyOf(string aimId) => aimId switch
    {
        "]C1" => Gs1Symbology.Gs1Code128,
        "]E0" => Gs1Symbology.Ean13,
        "]E4" => Gs1Symbology.Ean8,
        "]e0" => Gs1Symbology.DataBar,
        "]d1" or "]d2" => Gs1Symbology.DataMatrix,
        "]Q1" or "]Q3" => Gs1Symbology.QrCode,
        "]J0" or "]J1" => Gs1Symbology.DotCode,
        _ => null,
    };

    private static bool TryReadEan(Gs1Symbology symbology, string payload, out Gs1Scan? read, out Gs1Flaw? flaw)
    {
        read = null;
        var length = symbology is Gs1Symbology.Ean13 ? 13 : 8;
        var mark = payload.IndexOf(CompositeMark, StringComparison.Ordinal);
        var primary = mark < 0 ? payload : payload[..mark];
        if (primary.Length != length) return Gs1Message.Refuse(out flaw, Gs1FlawCode.Length, FormattableString.Invariant($"An {symbology} symbol has {length} digits."));
        if (!IdentifierText.IsDigits(primary)) return Gs1Message.Refuse(out flaw, Gs1FlawCode.Characters, $"An {symbology} symbol has only digits.");
        if (!Gs1CheckDigit.IsRight(primary)) return Gs1Message.Refuse(out flaw, Gs1FlawCode.Content, $"The check digit of {primary} does not fit.");
        Gs1Message? composite = null;
        flaw = null;
        if (mark >= 0 && (!Gs1Message.TryParse(payload[(mark + CompositeMark.Length)..], out composite, out flaw) || (flaw = composite!.Contradiction) is not null)) return false;
        read = new Gs1Scan(symbology, primary, null, composite);
        return true;
    }

    private static bool TryReadPlain(Gs1Symbology symbology, string payload, out Gs1Scan? read, out Gs1Flaw? flaw)
    {
        read = null;
        Gs1Message? link = null;
        flaw = null;
        if (DigitalLink.IsUri(payload) && (!DigitalLink.TryParse(payload, out link, out flaw) || (flaw = link!.Contradiction) is not null)) return false;
        read = new Gs1Scan(symbology, null, payload, link);
        return true;
    }
}
