using KeyAccountLogistics.Contracts.Bulk;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Contracts.WhatIf;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>Draft beside current for a part of the shipments.</summary>
/// <param name="Name">total, an account, or a lane like <c>3100 > 4401</c>.</param>
/// <param name="Current">Revenue as it was rated.</param>
/// <param name="Draft">Revenue under the draft.</param>
/// <param name="Change">Draft less current over the shipments that both price.</param>
/// <param name="CurrentRefused">Shipments without a price now.</param>
/// <param name="DraftRefused">Shipments without a price under the draft.</param>
/// <param name="Cost">What the carrier pays; null without a cost table.</param>
public sealed record WhatIfFigures(string Name, Money Current, Money Draft, Money Change, long CurrentRefused, long DraftRefused, Money? Cost)
{
    /// <summary>Current revenue less cost; null without a cost table.</summary>
    public Money? MarginCurrent => Cost is { } cost ? Current - cost : null;

    /// <summary>Draft revenue less cost; null without a cost table.</summary>
    public Money? MarginDraft => Cost is { } cost ? Draft - cost : null;
}

/// <summary>What a past period would have been under a draft.</summary>
/// <param name="Draft">The draft's contract and version.</param>
/// <param name="Against">The current one's.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Shipments">Shipments read.</param>
/// <param name="BadLines">Lines that are no shipment.</param>
/// <param name="Total">All of them.</param>
/// <param name="SettlementsCurrent">What rebates and commitments add; negative when they give back.</param>
/// <param name="SettlementsDraft">The same under the draft.</param>
/// <param name="WithoutCost">Shipments that the cost table has no price for.</param>
/// <param name="NewRefusals">Reasons why the draft refuses what the current version prices, with their number.</param>
/// <param name="Accounts">By account, the largest change first.</param>
/// <param name="Lanes">By lane, the largest change first.</param>
public sealed record WhatIfSummary(
    string Draft, string Against, string Currency, long Shipments, long BadLines, WhatIfFigures Total, Money SettlementsCurrent, Money SettlementsDraft, long WithoutCost,
    IReadOnlyDictionary<string, long> NewRefusals, IReadOnlyList<WhatIfFigures> Accounts, IReadOnlyList<WhatIfFigures> Lanes)
{
    /// <summary>One JSON object on one line.</summary>
    public string ToJson() => WhatIfText.Json(this);

    /// <summary>A table for people, with so many lanes.</summary>
    public string ToText(int lanes = 20) => WhatIfText.Text(this, lanes);
}

/// <summary>A file of a past period's shipments under a draft contract, beside the one that rated them.</summary>
public static class WhatIfFile
{
    private const int ProgressEvery = 50_000;

    /// <summary>
    /// Rates every line twice, and a third time by <paramref name="costs"/>, a contract document that says what the carrier pays. A fault: the file cannot be used, or the documents are in different
    /// currencies.
    /// </summary>
    public static Outcome<WhatIfSummary> Run(ContractOnFile draft, ContractOnFile current, ContractOnFile? costs, Stream shipments, Action<long>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(current);
        foreach (var other in new[] { current, costs }.OfType<ContractOnFile>())
        {
            if (!string.Equals(other.Currency, draft.Currency, StringComparison.Ordinal))
                return new Fault.Invalid("contract", "contract.currency", $"{other.Path} is in {other.Currency}, the draft in {draft.Currency}: amounts cannot be compared.");
        }
        var program = draft.AnyMoment();
        var opened = ShipmentRows.Open(shipments, program.Decimals);
        if (!opened.IsOk) return opened.Fault;
        using var rows = opened.Value;
        var run = new WhatIfRun(program, current.Programs(), costs?.AnyMoment(), DateTimeZoneProviders.Tzdb["Asia/Shanghai"]);
        long read = 0, bad = 0;
        while (rows.Next(out var row))
        {
            if (++read % ProgressEvery == 0)
            {
                ct.ThrowIfCancellationRequested();
                progress?.Invoke(read);
            }
            if (row.Shipment is { } shipment) run.Add(row.Account.Length > 0 ? row.Account : current.Account, shipment);
            else bad++;
        }
        progress?.Invoke(read);
        return Summary(run, draft, current, costs is not null, read, bad);
    }

    private static WhatIfSummary Summary(WhatIfRun run, ContractOnFile draft, ContractOnFile current, bool withCost, long read, long bad)
    {
        var currency = draft.Currency;
        Money Of(long minor) => new(minor, currency);
        WhatIfFigures Figures(string name, WhatIfPart p) =>
            new(name, Of(p.Current.RevenueMinor), Of(p.Draft.RevenueMinor), Of(p.ChangeMinor), p.Current.Refused, p.Draft.Refused, withCost ? Of(p.CostMinor) : null);
        IReadOnlyList<WhatIfFigures> Largest(IEnumerable<(string Name, WhatIfPart Part)> parts) =>
            [.. parts.OrderByDescending(p => Math.Abs(p.Part.ChangeMinor)).ThenBy(p => p.Name, StringComparer.Ordinal).Select(p => Figures(p.Name, p.Part))];
        var (before, after) = run.Settlements();
        return new WhatIfSummary(
            draft.Versions[^1].ToString(), current.Versions[^1].ToString(), currency, read - bad, bad, Figures("total", run.Total), Of(before), Of(after), run.WithoutCost, run.NewRefusals,
            Largest(run.Accounts.Select(a => (a.Key, a.Value))), Largest(run.Lanes.Select(l => ($"{l.Key.From} > {l.Key.To}", l.Value))));
    }
}
