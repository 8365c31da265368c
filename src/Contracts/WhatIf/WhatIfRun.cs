using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Contracts.Settling;
using NodaTime;

namespace KeyAccountLogistics.Contracts.WhatIf;

/// <summary>One side of the comparison: what some shipments bring, cost and were refused.</summary>
internal sealed class WhatIfSide
{
    internal long Shipments { get; private set; }

    internal long Refused { get; private set; }

    internal long RevenueMinor { get; private set; }

    internal void Add(in RateResult result)
    {
        if (result.IsCharged) (Shipments, RevenueMinor) = (Shipments + 1, RevenueMinor + result.TotalMinor);
        else Refused++;
    }
}

/// <summary>Draft beside current for some part of the shipments. Only shipments with a price on both sides make the change, so that a refusal never looks like a saving.</summary>
internal sealed class WhatIfPart
{
    internal WhatIfSide Current { get; } = new();

    internal WhatIfSide Draft { get; } = new();

    /// <summary>Draft less current over the shipments that both price.</summary>
    internal long ChangeMinor { get; private set; }

    /// <summary>What the carrier pays for the shipments that the cost table prices; 0 without one.</summary>
    internal long CostMinor { get; private set; }

    internal void Add(in RateResult current, in RateResult draft, in RateResult? cost)
    {
        Current.Add(current);
        Draft.Add(draft);
        if (current.IsCharged && draft.IsCharged) ChangeMinor += draft.TotalMinor - current.TotalMinor;
        if (cost is { IsCharged: true } paid) CostMinor += paid.TotalMinor;
    }
}

/// <summary>
/// A past period under a draft version, beside the version that rated it. Shipments come one by one and are not kept; what is kept grows with the accounts, lanes and months, not with the shipments.
/// The draft rates any moment; the current one is picked by acceptance.
/// </summary>
internal sealed class WhatIfRun
{
    /// <summary>Lanes kept apart; what comes after is put together as other lanes.</summary>
    internal const int LanesMax = 10_000;

    internal const string OtherLanes = "*";

    private readonly RateProgram _draft;
    private readonly ProgramsByMoment _current;
    private readonly RateProgram? _cost;
    private readonly RatedLine[] _lines;
    private readonly Dictionary<string, WhatIfPart> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), WhatIfPart> _lanes = [];
    private readonly Dictionary<(string Service, string Marks, LocalDate Month), (PeriodVolume Current, PeriodVolume Draft)> _months = [];
    private readonly SortedDictionary<string, long> _refusals = new(StringComparer.Ordinal);
    private readonly DateTimeZone _zone;

    internal WhatIfRun(RateProgram draft, ProgramsByMoment current, RateProgram? cost, DateTimeZone zone)
    {
        (_draft, _current, _cost, _zone) = (draft, current, cost, zone);
        _lines = new RatedLine[Math.Max(Math.Max(draft.LinesMax, current.LinesMax), cost?.LinesMax ?? 0)];
    }

    internal WhatIfPart Total { get; } = new();

    /// <summary>Shipments that the cost table has no price for: the margin leaves their cost out, and says so.</summary>
    internal long WithoutCost { get; private set; }

    internal IReadOnlyDictionary<string, WhatIfPart> Accounts => _accounts;

    internal IReadOnlyDictionary<(string From, string To), WhatIfPart> Lanes => _lanes;

    /// <summary>Reasons of refusals of the draft for shipments that the current version prices: what the draft would no longer carry.</summary>
    internal IReadOnlyDictionary<string, long> NewRefusals => _refusals;

    internal void Add(string account, ShipmentToRate shipment)
    {
        var current = _current.For(shipment, out var why) is { } program ? program.Rate(shipment, _lines) : new RateResult(why, null, 0, 0, default, null, 0);
        var currentFreight = NetFreight(current);
        var draft = _draft.Rate(shipment, _lines);
        var draftFreight = NetFreight(draft);
        var cost = _cost?.Rate(shipment, _lines);
        if (cost is { IsCharged: false }) WithoutCost++;
        if (current.IsCharged && !draft.IsCharged)
        {
            var code = RefusalTexts.Code(draft.Refusal);
            _refusals[code] = _refusals.GetValueOrDefault(code) + 1;
        }
        Total.Add(current, draft, cost);
        Part(_accounts, account).Add(current, draft, cost);
        var lane = (shipment.Origin, shipment.Destination);
        Part(_lanes, _lanes.Count < LanesMax || _lanes.ContainsKey(lane) ? lane : (OtherLanes, OtherLanes)).Add(current, draft, cost);
        if (shipment.Accepted is not { } accepted) return;
        var date = accepted.InZone(_zone).Date;
        var key = (shipment.Service, string.Join(' ', shipment.Marks), new LocalDate(date.Year, date.Month, 1));
        var before = _months.GetValueOrDefault(key);
        _months[key] = (
            before.Current + (current.IsCharged ? new PeriodVolume(shipment.Pieces.Length, currentFreight) : default),
            before.Draft + (draft.IsCharged ? new PeriodVolume(shipment.Pieces.Length, draftFreight) : default));
    }

    /// <summary>What rebates and commitments of the periods add (negative: give back), current and draft. Shipments without a moment of acceptance belong to no period.</summary>
    internal (long CurrentMinor, long DraftMinor) Settlements() => (
        Settled(_current.Latest.Version, m => m.Current),
        Settled(_draft.Version, m => m.Draft));

    private long Settled(ContractVersion version, Func<(PeriodVolume Current, PeriodVolume Draft), PeriodVolume> side)
    {
        // A month's shipments of one service and marks stand together as one: a settlement knows totals only.
        SettledShipment[] all =
        [
            .. _months.Select(m => new SettledShipment(
                m.Key.Service, [.. m.Key.Marks.Split(' ', StringSplitOptions.RemoveEmptyEntries)], m.Key.Month, checked((int)side(m.Value).Parcels), side(m.Value).FreightMinor)),
        ];
        var sum = 0L;
        foreach (var period in Enum.GetValues<TermPeriod>())
        {
            foreach (var day in all.Select(s => PeriodSettlement.Bounds(period, s.Accepted).From).Distinct()) sum += PeriodSettlement.Of(version, period, day, all).Sum(l => l.Amount.Minor);
        }
        return sum;
    }

    private long NetFreight(in RateResult result)
    {
        var sum = 0L;
        foreach (var line in _lines.AsSpan(0, result.Lines))
        {
            if (line.Kind is ChargeKind.Freight or ChargeKind.Discount) sum += line.Minor;
        }
        return sum;
    }

    private static WhatIfPart Part<TKey>(Dictionary<TKey, WhatIfPart> parts, TKey key)
        where TKey : notnull
    {
        if (!parts.TryGetValue(key, out var part)) parts[key] = part = new WhatIfPart();
        return part;
    }
}
