using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Rating;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Settling;

/// <summary>What a settlement needs to know of a shipment that was rated.</summary>
/// <param name="Service">Its service.</param>
/// <param name="Marks">What it was marked with.</param>
/// <param name="Accepted">The local date of acceptance, which picks the period.</param>
/// <param name="Parcels">Its pieces.</param>
/// <param name="FreightMinor">Freight after discounts, minor units.</param>
internal sealed record SettledShipment(string Service, ImmutableArray<string> Marks, LocalDate Accepted, int Parcels, long FreightMinor);

/// <summary>A period's totals: all that a rebate or commitment is computed on, so that no order of arrival matters.</summary>
/// <param name="Parcels">Parcels.</param>
/// <param name="FreightMinor">Freight after discounts, minor units.</param>
internal readonly record struct PeriodVolume(long Parcels, long FreightMinor)
{
    public static PeriodVolume operator +(PeriodVolume a, PeriodVolume b) => new(a.Parcels + b.Parcels, a.FreightMinor + b.FreightMinor);

    internal static PeriodVolume Of(IEnumerable<SettledShipment> shipments) =>
        shipments.Aggregate(default(PeriodVolume), (sum, s) => sum + new PeriodVolume(s.Parcels, s.FreightMinor));
}

/// <summary>One line of a settlement.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="From">First day of the period.</param>
/// <param name="Until">Last day of it.</param>
/// <param name="Volume">The totals it was computed on.</param>
/// <param name="Amount">What the client owes more; negative for what he gets back.</param>
/// <param name="TextZh">How it came about, in Chinese.</param>
/// <param name="TextEn">The same in English.</param>
internal sealed record SettlementLine(string Clause, LocalDate From, LocalDate Until, PeriodVolume Volume, Money Amount, string TextZh, string TextEn);

/// <summary>What a period gives back or costs on top of its charges: rebates, year-end bonus, commitments (SEED-03-REBATE, SEED-03-LONGTERM).</summary>
internal static class PeriodSettlement
{
    /// <summary>
    /// Settles the period that holds a day. Rebates come first, then commitments, each in the order of the document; a rebate of nothing and a commitment that was kept give no line.
    /// </summary>
    internal static ImmutableArray<SettlementLine> Of(ContractVersion version, TermPeriod period, LocalDate day, IReadOnlyCollection<SettledShipment> shipments)
    {
        var (from, until) = Bounds(period, day);
        var inside = shipments.Where(s => s.Accepted >= from && s.Accepted <= until).ToList();
        var lines = ImmutableArray.CreateBuilder<SettlementLine>();
        foreach (var rebate in version.Rebates.Where(r => r.Period == period))
        {
            var counted = inside.Where(s => (rebate.Services.IsDefaultOrEmpty || rebate.Services.Contains(s.Service, StringComparer.Ordinal))
                && (rebate.Mark is null || (!s.Marks.IsDefault && s.Marks.Contains(rebate.Mark, StringComparer.Ordinal))));
            var volume = PeriodVolume.Of(counted);
            var amount = Rebate(rebate, volume, version.Currency);
            if (amount.Minor == 0) continue;
            var (zh, en) = (Totals(volume, version.Currency, zh: true), Totals(volume, version.Currency, zh: false));
            lines.Add(new SettlementLine(rebate.Clause.Value, from, until, volume, -amount, $"返点：{zh}，{Reached(rebate, volume, version.Currency)} %，返 {amount}", $"Rebate: {en}, tier of {Reached(rebate, volume, version.Currency)} %, gives back {amount}"));
        }
        var all = PeriodVolume.Of(inside);
        foreach (var commitment in version.Commitments.Where(c => c.Period == period))
        {
            var amount = Shortfall(commitment, all, version.Currency);
            if (amount.Minor == 0) continue;
            var least = commitment.AtLeast.ToString(CultureInfo.InvariantCulture);
            lines.Add(new SettlementLine(
                commitment.Clause.Value, from, until, all, amount, $"最低承诺 {least}：{Totals(all, version.Currency, zh: true)}，补差 {amount}", $"Commitment of {least}: {Totals(all, version.Currency, zh: false)}, shortfall {amount}"));
        }
        return lines.ToImmutable();
    }

    /// <summary>What a rebate gives back on a period's totals, zero or more; rounded once.</summary>
    internal static Money Rebate(RebateClause clause, PeriodVolume volume, string currency)
    {
        var decimals = Money.Zero(currency).Decimals;
        if (volume.Parcels <= 0 || volume.FreightMinor <= 0) return Money.Zero(currency);
        var freight = Fraction.Of(volume.FreightMinor) / (ExtraTerms.PerHundred(decimals) / 100);
        var back = Fraction.Zero;
        if (clause.Mode == RebateMode.Retroactive)
        {
            back = freight * Fraction.Of(Percent(clause, volume, decimals)) / 100;
        }
        else
        {
            // Each part of the volume at the percent of its tier. Parcels at the period's mean price: freight ÷ parcels, not rounded.
            for (var i = 0; i < clause.Tiers.Length; i++)
            {
                var part = Part(clause, i, volume, freight);
                if (part.Numerator <= 0) break;
                var worth = clause.Basis == VolumeBasis.Parcels ? part * freight / volume.Parcels : part;
                back += worth * Fraction.Of(clause.Tiers[i].Percent) / 100;
            }
        }
        return Rounded(back, clause.Rounding, currency);
    }

    /// <summary>What a commitment that was not kept costs; zero when it was.</summary>
    internal static Money Shortfall(CommitmentClause clause, PeriodVolume volume, string currency)
    {
        var decimals = Money.Zero(currency).Decimals;
        var reached = clause.Basis == VolumeBasis.Parcels ? Fraction.Of(volume.Parcels) : Fraction.Of(volume.FreightMinor) / (ExtraTerms.PerHundred(decimals) / 100);
        var missing = Fraction.Of(clause.AtLeast) - reached;
        if (missing.Numerator <= 0) return Money.Zero(currency);
        var costs = missing * Fraction.Of(clause.PerMissing);
        return Rounded(clause.Basis == VolumeBasis.Parcels ? costs : costs / 100, clause.Rounding, currency);
    }

    /// <summary>The first and last day of the period that holds a day.</summary>
    internal static (LocalDate From, LocalDate Until) Bounds(TermPeriod period, LocalDate day)
    {
        var months = period switch
        {
            TermPeriod.Month => 1,
            TermPeriod.Quarter => 3,
            TermPeriod.Year => 12,
            _ => throw new InvariantBrokenException("A period is a month, a quarter or a year.", period.ToString()),
        };
        var from = new LocalDate(day.Year, ((day.Month - 1) / months * months) + 1, 1);
        return (from, from.PlusMonths(months).PlusDays(-1));
    }

    // Parcels are counted one by one: a tier from 10000 begins with the ten-thousandth, so 12000 parcels have 2001 in it. Money is a line without steps.
    private static Fraction Part(RebateClause clause, int tier, PeriodVolume volume, Fraction freight)
    {
        var next = tier + 1 < clause.Tiers.Length ? Before(clause, clause.Tiers[tier + 1].From) : (Fraction?)null;
        var all = clause.Basis == VolumeBasis.Parcels ? Fraction.Of(volume.Parcels) : freight;
        var upper = next is { } end && (end - all).Numerator < 0 ? end : all;
        return upper - Before(clause, clause.Tiers[tier].From);
    }

    private static Fraction Before(RebateClause clause, decimal from) => Fraction.Of(clause.Basis == VolumeBasis.Parcels && from > 0 ? from - 1 : from);

    private static decimal Percent(RebateClause clause, PeriodVolume volume, int decimals)
    {
        var reached = clause.Basis == VolumeBasis.Parcels ? volume.Parcels : volume.FreightMinor / (ExtraTerms.PerHundred(decimals) / 100m);
        return clause.Tiers.LastOrDefault(t => t.From <= reached)?.Percent ?? 0;
    }

    private static string Reached(RebateClause clause, PeriodVolume volume, string currency) => Percent(clause, volume, Money.Zero(currency).Decimals).ToString(CultureInfo.InvariantCulture);

    private static string Totals(PeriodVolume volume, string currency, bool zh) =>
        string.Create(CultureInfo.InvariantCulture, $"{volume.Parcels}{(zh ? "件，运费 " : " parcels, freight ")}{new Money(volume.FreightMinor, currency)}");

    private static Money Rounded(Fraction major, AmountRounding rounding, string currency)
    {
        var decimals = Money.Zero(currency).Decimals;
        var unit = AmountRule.UnitOf(rounding, decimals);
        var units = major * (ExtraTerms.PerHundred(decimals) / 100) / unit;
        return new Money(checked((long)AmountRule.Rounded(units.Numerator, units.Denominator, rounding.Mode) * unit), currency);
    }
}
