using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>One step of a trace. A closed set.</summary>
internal abstract record TraceStep
{
    private TraceStep()
    {
    }

    /// <summary>The row that gave the zone.</summary>
    internal sealed record Zone(string Clause, string By, string Row, string Name) : TraceStep;

    /// <summary>The chargeable weight of some pieces, from <paramref name="Piece"/> (0-based) on.</summary>
    internal sealed record Weigh(int Piece, int Count, long ActualMg, long VolumeMm3, int Divisor, long BillsMg, ChargeableWeightTerms Terms) : TraceStep;

    /// <summary>One amount.</summary>
    internal sealed record Amount(long Of, long Minor, AmountTerms Terms) : TraceStep;

    /// <summary>The sum of the pieces before it.</summary>
    internal sealed record Sum(ChargeKind Line, string Clause, long Minor, decimal? Least, AmountRounding Rounding) : TraceStep;
}

/// <summary>
/// A trace read back: everything a price was made of. It needs no contract, and it replays: <see cref="RateReplay"/> computes the same lines from the steps' terms and the shipment alone.
/// </summary>
internal sealed record RateTrace(string Contract, uint Version, string Currency, ShipmentToRate Shipment, ImmutableArray<TraceStep> Steps, long TotalMinor)
{
    private const int BytesMax = 4 * 1_048_576;

    /// <summary>Reads a trace; null when the text is none.</summary>
    internal static RateTrace? Read(string json)
    {
        if (json.Length > BytesMax) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.GetProperty("trace").GetInt32() != 1) return null;
            return new RateTrace(
                Text(root, "contract"), root.GetProperty("version").GetUInt32(), Text(root, "currency"), ShipmentOf(root.GetProperty("shipment")),
                [.. root.GetProperty("steps").EnumerateArray().Select(StepOf)], root.GetProperty("total").GetInt64());
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>The canonical text: that of the trace it was read from, byte by byte.</summary>
    internal string Write()
    {
        var json = new TraceBuffer();
        TraceJson.Begin(json, System.Text.Encoding.UTF8.GetBytes(TraceJson.Head(Contract, Version, Currency)), Shipment);
        foreach (var step in Steps)
        {
            switch (step)
            {
                case TraceStep.Zone zone:
                    json.Text(ZoneLookup.StepJson(zone.Clause, zone.By, zone.Row, zone.Name)).Text(",");
                    break;
                case TraceStep.Weigh weigh:
                    TraceJson.Weigh(json, new WeighRule(weigh.Terms), weigh.Piece, weigh.Count, weigh.ActualMg, weigh.VolumeMm3, weigh.Divisor, weigh.BillsMg);
                    break;
                case TraceStep.Amount amount:
                    json.Text("{\"step\":\"amount\",\"of\":").Number(amount.Of).Text(",\"amount\":").Number(amount.Minor).Text(",").Text(amount.Terms.Json()).Text("},");
                    break;
                case TraceStep.Sum sum:
                    json.Text("{\"step\":\"sum\",\"amount\":").Number(sum.Minor).Text(",\"line\":").Quoted(TraceWords.Of(sum.Line)).Text(",\"clause\":").Quoted(sum.Clause);
                    AmountTerms.Bounds(json, sum.Least, null, sum.Rounding);
                    json.Text("},");
                    break;
            }
        }
        TraceJson.End(json, TotalMinor);
        return json.ToString();
    }

    private static ShipmentToRate ShipmentOf(JsonElement json) => new()
    {
        Waybill = Text(json, "waybill"),
        Service = Text(json, "service"),
        Origin = Text(json, "origin"),
        Destination = Text(json, "destination"),
        Zone = TextIfAny(json, "zone"),
        Accepted = NumberIfAny(json, "accepted_ticks") is { } ticks ? Instant.FromUnixTimeTicks(ticks) : null,
        Pieces =
        [
            .. json.GetProperty("pieces").EnumerateArray().Select(p => new PieceToRate(
                Mass.FromMilligrams(p[0].GetInt64()),
                p.GetArrayLength() == 4 ? Dimensions.TryFromMillimetres(p[1].GetInt32(), p[2].GetInt32(), p[3].GetInt32()) ?? throw new FormatException("A side is out of range.") : null)),
        ],
        DeclaredValueMinor = NumberIfAny(json, "declared"),
        CodMinor = NumberIfAny(json, "cod"),
        FreightCollect = json.TryGetProperty("freight_collect", out _),
        Fragile = json.TryGetProperty("fragile", out _),
        Returned = json.TryGetProperty("returned", out _),
        Redirected = json.TryGetProperty("redirected", out _),
        Marks = json.TryGetProperty("marks", out var marks) ? [.. marks.EnumerateArray().Select(m => m.GetString()!)] : [],
    };

    private static TraceStep StepOf(JsonElement json) => Text(json, "step") switch
    {
        "zone" => new TraceStep.Zone(Text(json, "clause"), Text(json, "by"), Text(json, "row"), Text(json, "zone")),
        "weigh" => new TraceStep.Weigh(
            json.GetProperty("piece").GetInt32(), json.GetProperty("count").GetInt32(), json.GetProperty("actual").GetInt64(), json.GetProperty("volume").GetInt64(),
            json.GetProperty("divisor").GetInt32(), json.GetProperty("bills").GetInt64(), WeighTermsOf(json)),
        "amount" => new TraceStep.Amount(
            json.GetProperty("of").GetInt64(), json.GetProperty("amount").GetInt64(),
            new AmountTerms(
                Word<ChargeKind>(json, "line"), Text(json, "clause"), Text(json, "label"), Word<AmountBasis>(json, "basis"), [.. json.GetProperty("terms").EnumerateArray().Select(TermOf)],
                DecimalIfAny(json, "least"), DecimalIfAny(json, "most"), RoundingOf(json))),
        "sum" => new TraceStep.Sum(Word<ChargeKind>(json, "line"), Text(json, "clause"), json.GetProperty("amount").GetInt64(), DecimalIfAny(json, "least"), RoundingOf(json)),
        var other => throw new FormatException($"'{other}' is no step."),
    };

    private static ChargeableWeightTerms WeighTermsOf(JsonElement json) => new(
        ClauseId.Parse(Text(json, "clause")), [], Mass.FromMilligrams(json.GetProperty("first").GetInt64()), WeightRoundingOf(json, "round"), Word<RoundingReadOn>(json, "read_on"),
        json.TryGetProperty("side", out _)
            ? new VolumetricTerms(json.GetProperty("divisor").GetInt32(), Word<SideRounding>(json, "side"), json.TryGetProperty("volume_round", out _) ? WeightRoundingOf(json, "volume_round") : null, [])
            : null);

    private static WeightRounding WeightRoundingOf(JsonElement json, string name)
    {
        var by = json.GetProperty(name + "_by").GetInt64();
        return Text(json, name) switch
        {
            WeighTermsJson.CeilStep when by > 0 => new WeightRounding.CeilStep(Mass.FromMilligrams(by)),
            WeighTermsJson.TruncDecimals when by is >= 0 and <= WeightRounding.DecimalsMax => new WeightRounding.TruncDecimals((int)by),
            WeighTermsJson.HalfUpDecimals when by is >= 0 and <= WeightRounding.DecimalsMax => new WeightRounding.HalfUpDecimals((int)by),
            var other => throw new FormatException($"'{other}' is no rounding."),
        };
    }

    private static PriceTerm TermOf(JsonElement json) => new(
        Word<TermKind>(json, "what"), Decimal(Text(json, "price")), NumberIfAny(json, "from") ?? 0,
        json.GetProperty("per").GetInt64() is > 0 and var per ? per : throw new FormatException("A price is for more than nothing."), NumberIfAny(json, "fixed"), NumberIfAny(json, "to"));

    private static AmountRounding RoundingOf(JsonElement json) =>
        new(Decimal(Text(json, "unit")) is > 0 and var unit ? unit : throw new FormatException("A unit is above zero."), Word<AmountRoundingMode>(json, "mode"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is missing.");

    private static string? TextIfAny(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? NumberIfAny(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    private static decimal? DecimalIfAny(JsonElement json, string name) => TextIfAny(json, name) is { } text ? Decimal(text) : null;

    private static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static T Word<T>(JsonElement json, string name)
        where T : struct, Enum => TraceWords.Read<T>(Text(json, name)) ?? throw new FormatException($"'{name}' has an unknown word.");
}
