using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Verdicts;
using Wire = KeyAccountLogistics.Api.Contracts.V1;

namespace KeyAccountLogistics.Contracts.Versions;

/// <summary>A version's events as the API shows them, and as its rows keep them: one form for both.</summary>
internal static class EventBytes
{
    internal static Wire.VersionEvent Wire(VersionEvent e)
    {
        var wire = new Wire.VersionEvent
        {
            AtUs = e.At.ToUnixMicros(), Who = e.Who, Kind = ReasonCode.Of(e.Act), Role = e.Role ?? "", Awaiting = e.Awaiting ?? "", Note = e.Note,
            Hash = ByteString.CopyFrom(e.Hash.AsSpan()), EffectiveUs = e.Effective?.ToUnixMicros() ?? 0, ClientContact = e.ClientContact ?? "",
        };
        if (e.Concessions is { } c)
            wire.Concessions = new Wire.Concessions { DiscountPercent = Text(c.DiscountPercent), CompensationMinor = c.CompensationMinor, WaiverDays = c.WaiverDays, OverGuard = c.OverGuard };
        if (e.Pricing is { } p)
            wire.Pricing = new Wire.Pricing { ParcelsAMonth = p.Parcels, RevenueAMonthMinor = p.RevenueMinor, MarginPercent = p.MarginPercent is { } margin ? Text(margin) : "" };
        return wire;
    }

    internal static Wire.VersionEvent Wire(VersionEventRow row) => Api.Contracts.V1.VersionEvent.Parser.ParseFrom(row.Body);

    internal static VersionEvent Read(VersionEventRow row)
    {
        var wire = Wire(row);
        return new VersionEvent((VersionAct)row.Act, row.Who, Clock.FromUnixMicros(row.AtUs))
        {
            Role = Given(wire.Role), Awaiting = Given(wire.Awaiting), Note = wire.Note, Hash = [.. wire.Hash.Span], ClientContact = Given(wire.ClientContact),
            Effective = wire.EffectiveUs == 0 ? null : Clock.FromUnixMicros(wire.EffectiveUs),
            Concessions = wire.Concessions is { } c ? new Concessions(Number(c.DiscountPercent)!.Value, c.CompensationMinor, c.WaiverDays, c.OverGuard) : null,
            Pricing = wire.Pricing is { } p ? new Pricing(p.ParcelsAMonth, p.RevenueAMonthMinor, Number(p.MarginPercent)) : null,
        };
    }

    /// <summary>A decimal as written; null for none or for what is no number.</summary>
    internal static decimal? Number(string text) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
