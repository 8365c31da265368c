using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// Says what a scanned text may mean at a station, best first: pure, without a look-up. The first candidate is right unless a manifest says otherwise; a misread own
/// waybill, a broken GS1 message and an unknown command stand alone, because taking them for something else would be a guess.
/// </summary>
public static class WhatWasScanned
{
    /// <summary>
    /// Ranks: command, badge, seal (they start with the installation's own words), own parcel, then S10, SSCC and GS1 by their check digits, an article number, at last
    /// anybody's identifier. Never empty; the last resort is <see cref="ScanMeaning.Unreadable"/>.
    /// </summary>
    public static IReadOnlyList<ScanMeaning> Read(ScannedCode scanned, ScanWords words)
    {
        ArgumentNullException.ThrowIfNull(scanned);
        ArgumentNullException.ThrowIfNull(words);
        if (scanned.Text.Length == 0) return [new ScanMeaning.Unreadable("The scanner sent nothing.")];
        if (OwnWord(scanned.Text, words) is { } word) return [word];
        if (OwnParcel(scanned.Text, words.Waybills) is { } own) return [own];
        if (Gs1Scan.CarriesElements(scanned.AimId)) return FromElements(scanned.Text, words);
        if (scanned.AimId is "]E0" or "]E4") return FromEan(scanned);
        if (DigitalLink.IsUri(scanned.Text)) return FromUri(scanned.Text, words);
        if (scanned.Text.StartsWith('(') && Gs1Message.TryParseBracketed(scanned.Text, out var bracketed, out _)) return FromMessage(bracketed!, words);
        return FromBareText(scanned.Text, words);
    }

    private static ScanMeaning? OwnWord(string text, ScanWords words)
    {
        // A word longer than any identifier is none of ours; the text is then left to the readers of GS1 and links.
        if (IdentifierText.Canonical(text) is not { } canonical) return null;
        if (After(canonical, words.CommandPrefix) is { } command)
        {
            return Enum.TryParse<StationCommand>(command, ignoreCase: true, out var known) && Enum.IsDefined(known) && !IdentifierText.IsDigits(command)
                ? new ScanMeaning.Command(known)
                : new ScanMeaning.Unreadable($"'{command}' is no command of this station.");
        }
        if (After(canonical, words.BadgePrefix) is { } badge) return new ScanMeaning.Badge(badge);
        return After(canonical, words.SealPrefix) is { } seal ? new ScanMeaning.Seal(seal) : null;
    }

    private static string? After(string text, string prefix) =>
        text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;

    private static ScanMeaning? OwnParcel(string text, WaybillScheme scheme)
    {
        if (ParcelCode.TryRead(text, scheme, out var code, out var flaw) && code.IsOwn(scheme, out var waybill, out var piece))
            return new ScanMeaning.OwnParcel(code, waybill, piece);
        if (flaw is not ParcelCodeFlaw.MisreadOwn) return null;
        scheme.TryRead(text, out _, out var why);
        return new ScanMeaning.MisreadOwn(text, why);
    }

    private static IReadOnlyList<ScanMeaning> FromElements(string text, ScanWords words) =>
        Gs1Message.TryParse(text, out var message, out var flaw) ? FromMessage(message!, words) : [new ScanMeaning.Unreadable(flaw!.Message)];

    private static List<ScanMeaning> FromMessage(Gs1Message message, ScanWords words)
    {
        var meanings = new List<ScanMeaning>();
        foreach (var element in message.Elements)
        {
            // The own number may travel in a shipper's GS1 symbol: as consignment (401), order (400) or in the fields left to companies (90 to 99).
            if ((element.Ai is "400" or "401" || element.Ai[0] == '9') && OwnParcel(element.Value, words.Waybills) is ScanMeaning.OwnParcel own) meanings.Add(own);
        }
        if (message.LogisticUnit is { } sscc) meanings.Add(new ScanMeaning.LogisticUnit(sscc, message));
        else meanings.Add(new ScanMeaning.Gs1Content(message));
        return meanings;
    }

    private static IReadOnlyList<ScanMeaning> FromEan(ScannedCode scanned) =>
        Gs1Scan.TryRead(scanned.AimId + scanned.Text, out var read, out var flaw)
            ? [new ScanMeaning.Article(read!.Primary!)]
            : [new ScanMeaning.Unreadable(flaw!.Message)];

    private static IReadOnlyList<ScanMeaning> FromUri(string uri, ScanWords words)
    {
        // The own waybill's QR code may be a link to its tracking page: the number is one of the path's or query's parts.
        foreach (var part in uri.Split('/', '?', '&', '=', '#'))
        {
            if (OwnParcel(part, words.Waybills) is ScanMeaning.OwnParcel own) return [own];
        }
        return DigitalLink.TryParse(uri, out var link, out var flaw) ? FromMessage(link!, words) : [new ScanMeaning.Unreadable(flaw!.Message)];
    }

    private static List<ScanMeaning> FromBareText(string text, ScanWords words)
    {
        var meanings = new List<ScanMeaning>();
        if (S10Code.TryRead(text, out var s10, out _)) meanings.Add(new ScanMeaning.PostalItem(s10));
        if (BareSscc(text) is { } sscc) meanings.Add(new ScanMeaning.LogisticUnit(sscc, null));
        if (ParcelCode.TryRead(text, words.Waybills, out var foreign, out var flaw)) meanings.Add(new ScanMeaning.ForeignParcel(foreign));
        if (meanings.Count == 0) meanings.Add(new ScanMeaning.Unreadable(Explain(flaw)));
        return meanings;
    }

    // A scanner without symbology identifiers sends 18 digits, or 20 with the AI in front.
    private static Sscc? BareSscc(string text)
    {
        var digits = IdentifierText.Canonical(text) ?? "";
        if (digits.Length == 20 && digits.StartsWith("00", StringComparison.Ordinal)) digits = digits[2..];
        return Sscc.TryRead(digits, out var sscc) ? sscc : null;
    }

    private static string Explain(ParcelCodeFlaw flaw) => flaw switch
    {
        ParcelCodeFlaw.Empty => "The scanner sent only blanks.",
        ParcelCodeFlaw.TooShort => $"Shorter than any parcel's identifier ({ParcelCode.LengthMin} characters): scan the waybill itself.",
        ParcelCodeFlaw.TooLong => $"Longer than any parcel's identifier ({ParcelCode.LengthMax} characters): scan the waybill itself.",
        _ => "A parcel's identifier has only letters, digits and hyphens: scan the waybill itself.",
    };
}
