using System.Globalization;
using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.Kernel.Carriers;

/// <summary>One part of a number, by the name its format gives it (<c>SerialNumber</c>, <c>CheckDigit</c>, an AI).</summary>
public sealed record NumberPart(string Name, string Value);

/// <summary>One thing a number may be.</summary>
/// <param name="Carrier">A carrier's code, <c>own</c>, or <c>gs1</c>.</param>
/// <param name="Format">The format's name.</param>
/// <param name="Valid">False when the shape fits and a check does not: a misread or mistyped number of this format, or one of another.</param>
/// <param name="HasCheck">False where the format has no check digit known here: only a manifest tells a misread number then.</param>
/// <param name="Parts">In the order of the number; empty where nothing could be taken apart.</param>
public sealed record NumberCandidate(string Carrier, string Format, bool Valid, bool HasCheck, IReadOnlyList<NumberPart> Parts);

/// <summary>
/// Says whose number a text may be, over all carriers known here, as opposed to <see cref="WhatWasScanned"/>, which says what it means at a station of this carrier. Pure.
/// </summary>
public static class TrackingNumbers
{
    /// <summary>The carrier code of this installation's own waybills.</summary>
    public const string Own = "own";

    /// <summary>The carrier code of SSCCs, element strings and Digital Links.</summary>
    public const string Gs1 = "gs1";

    /// <summary>
    /// Every format whose shape the whole text has (blanks, case and full-width characters put right), valid ones first; within these own waybills, GS1, then the carriers, most
    /// telling shape first. Empty when no shape fits, and for texts longer than any number. Time is linear in the text.
    /// </summary>
    public static IReadOnlyList<NumberCandidate> Identify(string text, WaybillScheme own)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(own);
        var scanned = ScannedCode.From(text);
        List<NumberCandidate> found = [.. OwnWaybill(scanned, own), .. FromGs1(scanned), .. FromCarriers(scanned.Text)];
        return [.. found.Where(candidate => candidate.Valid), .. found.Where(candidate => !candidate.Valid)];
    }

    private static IEnumerable<NumberCandidate> OwnWaybill(ScannedCode scanned, WaybillScheme own)
    {
        foreach (var meaning in WhatWasScanned.Read(scanned, new ScanWords(own)))
        {
            if (meaning is ScanMeaning.OwnParcel parcel) yield return new NumberCandidate(Own, "waybill", Valid: true, HasCheck: true, PartsOf(parcel));
            if (meaning is ScanMeaning.MisreadOwn) yield return new NumberCandidate(Own, "waybill", Valid: false, HasCheck: true, []);
        }
    }

    private static List<NumberPart> PartsOf(ScanMeaning.OwnParcel parcel)
    {
        var number = parcel.Waybill.Text;
        List<NumberPart> parts =
        [
            new("Prefix", parcel.Waybill.Prefix), new("IssuedOn", parcel.Waybill.IssuedOn.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)),
            new("SerialNumber", number[9..15]), new("CheckDigit", number[15..]),
        ];
        if (parcel.Piece is { } piece) parts.Add(new NumberPart("Piece", piece.ToString("000", CultureInfo.InvariantCulture)));
        return parts;
    }

    private static IEnumerable<NumberCandidate> FromGs1(ScannedCode scanned)
    {
        var text = scanned.Text;
        if (Gs1Scan.CarriesElements(scanned.AimId)) return Elements("GS1 element string", Gs1Message.TryParse(text, out var message, out var flaw), message, flaw);
        if (DigitalLink.IsUri(text)) return Elements("GS1 Digital Link", DigitalLink.TryParse(text, out var link, out var no), link, no);
        if (text.StartsWith('(')) return Elements("GS1 element string", Gs1Message.TryParseBracketed(text, out var bracketed, out var why), bracketed, why);
        return BareSscc(text);
    }

    /// <summary>What does not have the shape is nothing; what has it and fails a check, a date or a pairing is listed as invalid.</summary>
    private static IEnumerable<NumberCandidate> Elements(string format, bool read, Gs1Message? message, Gs1Flaw? flaw)
    {
        if (read) return [new NumberCandidate(Gs1, format, message!.Contradiction is null, HasCheck: true, [.. message.Elements.Select(element => new NumberPart(element.Ai, element.Value))])];
        return flaw!.Code is Gs1FlawCode.Content ? [new NumberCandidate(Gs1, format, Valid: false, HasCheck: true, [])] : [];
    }

    /// <summary>18 digits, or 20 with the AI in front.</summary>
    private static IEnumerable<NumberCandidate> BareSscc(string text)
    {
        var digits = IdentifierText.Canonical(text) ?? "";
        if (digits.Length == 20 && digits.StartsWith("00", StringComparison.Ordinal)) digits = digits[2..];
        if (digits.Length != 18 || !IdentifierText.IsDigits(digits)) yield break;
        NumberPart[] parts = [new("ExtensionDigit", digits[..1]), new("SerialNumber", digits[1..17]), new("CheckDigit", digits[17..])];
        yield return new NumberCandidate(Gs1, "SSCC", Gs1CheckDigit.IsRight(digits), HasCheck: true, parts);
    }

    private static IEnumerable<NumberCandidate> FromCarriers(string text)
    {
        if (IdentifierText.Canonical(text) is not { Length: > 0 } canonical) return [];
        return CarrierFormatTable.All.Select(format => format.Judge(canonical)).OfType<NumberCandidate>();
    }
}
