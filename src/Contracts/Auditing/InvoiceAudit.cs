using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Auditing;

/// <summary>A line of an invoice: what was billed, by what weight and zone, and what they should have been.</summary>
/// <param name="Waybill">The waybill.</param>
/// <param name="Billed">The amount, major units, as the invoice has it.</param>
/// <param name="AsBilled">The shipment with the invoice's own weight and zone; null where the invoice says no weight.</param>
/// <param name="AsDue">The shipment as it was.</param>
internal sealed record InvoiceLine(string Waybill, decimal Billed, ShipmentToRate? AsBilled, ShipmentToRate AsDue);

/// <summary>What a line of an invoice turned out to be.</summary>
internal enum AuditVerdict
{
    /// <summary>Billed what is due.</summary>
    Right = 1,

    /// <summary>Billed more.</summary>
    Over = 2,

    /// <summary>Billed less.</summary>
    Under = 3,

    /// <summary>Nothing can be said: the contract has no price, or the line cannot be read.</summary>
    Refused = 4,
}

/// <summary>One cause of a difference. The causes of a line add up to it.</summary>
/// <param name="Cause"><c>weight</c>, <c>zone</c>, <c>return</c>, <c>return_slabs</c>, <c>line_left_out</c>, <c>duplicate</c>, <c>unexplained</c>.</param>
/// <param name="Amount">Its part of billed − due, major units.</param>
/// <param name="Text">In words.</param>
/// <param name="Billed">What the invoice took; null where there is nothing to name.</param>
/// <param name="Due">What was due.</param>
internal sealed record AuditCause(string Cause, decimal Amount, string Text, string? Billed = null, string? Due = null);

/// <summary>A judged line.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Due">What is due, major units; null when refused.</param>
/// <param name="Why">The causes of the difference, or none.</param>
/// <param name="Refusal">The reason where nothing is due; else null.</param>
internal sealed record AuditedLine(AuditVerdict Verdict, decimal? Due, ImmutableArray<AuditCause> Why, RateOutcome.Refused? Refusal);

/// <summary>
/// Judges invoice lines by a contract: over, under, right, and why. The difference is taken apart by going from what is due to what was billed one step at a time - the invoice's weight, then its zone -
/// and looking at what is left for the mistakes that carriers' systems are known to make. Pure.
/// </summary>
internal sealed class InvoiceAudit
{
    private readonly RateProgram _program;
    private readonly RateProgram _byZone;
    private readonly RateProgram? _slabsAtFirst;
    private readonly RatedLine[] _lines;

    internal InvoiceAudit(ContractVersion version)
    {
        _program = RateProgram.Compile(version, anyMoment: true);
        // The same prices with the zone taken as given: so a zone that the invoice took can be put in the place of the contract's own.
        var byZone = version with { Tariffs = [.. version.Tariffs.Select(t => t.Zones is null ? t : t with { Zones = new ZoneRule.Given() })] };
        _byZone = RateProgram.Compile(byZone, anyMoment: true);
        _slabsAtFirst = SlabsAtFirst(byZone) is { } wrong ? RateProgram.Compile(wrong, anyMoment: true) : null;
        _lines = new RatedLine[_program.LinesMax];
    }

    /// <summary>Judges a line. <paramref name="earlier"/> is the line of the file on which the same waybill was billed before; a second bill for the same owes nothing.</summary>
    internal AuditedLine Judge(InvoiceLine line, long? earlier = null)
    {
        if (earlier is { } first)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"Billed already on line {first}.");
            return new AuditedLine(line.Billed > 0 ? AuditVerdict.Over : AuditVerdict.Right, 0, [new AuditCause("duplicate", line.Billed, text)], null);
        }
        var rated = _program.Rate(line.AsDue, _lines);
        if (!rated.IsCharged) return new AuditedLine(AuditVerdict.Refused, null, [], RefusalTexts.Of(rated.Refusal, rated.Clause, line.AsDue, rated.BillsMg, rated.Zone));
        var due = Major(rated.TotalMinor);
        if (line.Billed == due) return new AuditedLine(AuditVerdict.Right, due, [], null);
        return new AuditedLine(line.Billed > due ? AuditVerdict.Over : AuditVerdict.Under, due, Causes(line, rated, due), null);
    }

    private ImmutableArray<AuditCause> Causes(InvoiceLine line, in RateResult due, decimal dueAmount)
    {
        var why = ImmutableArray.CreateBuilder<AuditCause>();
        var (at, amount) = (line.AsDue with { Zone = due.Zone }, dueAmount);
        if (line.AsBilled is { } billed)
        {
            var (next, weight) = (at with { Pieces = billed.Pieces }, due.BillsMg);
            if (_byZone.Rate(next, _lines) is { IsCharged: true } byWeight && byWeight.BillsMg != weight)
            {
                var (b, d) = (Explain.Kilograms(byWeight.BillsMg), Explain.Kilograms(weight));
                Step("weight", byWeight, $"Billed for {b} kg, due for {d} kg.", b, d);
            }
            at = next;
            next = at with { Zone = billed.Zone };
            var (zoneBilled, zoneDue) = (billed.Zone ?? "", due.Zone ?? "");
            if (!string.Equals(zoneBilled, zoneDue, StringComparison.Ordinal) && zoneBilled.Length > 0 && Total(next) is { } byZone)
            {
                Step("zone", byZone, $"Billed by zone {zoneBilled}, due by zone {zoneDue}.", zoneBilled, zoneDue);
                at = next;
            }
        }
        if (line.Billed != amount) why.AddRange(Rest(at, line.Billed, amount));
        return why.ToImmutable();

        void Step(string cause, in RateResult then, string text, string b, string d)
        {
            var total = Major(then.TotalMinor);
            if (total != amount) why.Add(new AuditCause(cause, total - amount, text, b, d));
            amount = total;
        }
    }

    // What weight and zone do not explain: the mistakes that give exactly the amount billed, else nothing.
    private ImmutableArray<AuditCause> Rest(ShipmentToRate at, decimal billed, decimal amount)
    {
        var rest = billed - amount;
        if (_slabsAtFirst is not null && at.Returned && Lines(_slabsAtFirst, at) is { } slabs && slabs.Sum(l => l.Amount) == billed)
            return [new AuditCause("return_slabs", rest, "The further slabs of the way back (RTO) are billed at the price of its first.", "first", "further")];
        if (Total(at with { Returned = !at.Returned }) is { } other && Major(other.TotalMinor) == billed)
        {
            return at.Returned
                ? [new AuditCause("return", rest, "The way back is not billed.", "forward", "forward and return")]
                : [new AuditCause("return", rest, "A way back is billed that was not.", "forward and return", "forward")];
        }
        if (Lines(_byZone, at) is { Count: > 1 } lines && lines.FirstOrDefault(l => amount - l.Amount == billed) is { Clause: { } clause })
            return [new AuditCause("line_left_out", rest, $"Clause {clause} is not billed.", "", clause)];
        return [new AuditCause("unexplained", rest, "No term of the contract explains the difference.")];
    }

    private List<(string Clause, decimal Amount)>? Lines(RateProgram program, ShipmentToRate shipment)
    {
        var result = program.Rate(shipment, _lines);
        return result.IsCharged ? [.. _lines.Take(result.Lines).Select(l => (l.Clause, Major(l.Minor)))] : null;
    }

    private RateResult? Total(ShipmentToRate shipment) => _byZone.Rate(shipment, _lines) is { IsCharged: true } result ? result : null;

    private decimal Major(long minor) => minor / (ExtraTerms.PerHundred(_program.Decimals) / 100m);

    // The contract as a careless system bills it: every slab of the way back at the price of its first. Null where no way back has slabs.
    private static ContractVersion? SlabsAtFirst(ContractVersion version)
    {
        static PriceRule Wrong(PriceRule price) =>
            price is PriceRule.FirstFurther { Further: { } further } first ? first with { Further = further with { Tiers = [.. further.Tiers.Select(t => t with { Price = first.First })] } } : price;
        if (!version.Returns.Any(r => r.Rates.Any(z => z.Price is PriceRule.FirstFurther { Further: not null }))) return null;
        return version with { Returns = [.. version.Returns.Select(r => r with { Rates = [.. r.Rates.Select(z => z with { Price = Wrong(z.Price) })] })] };
    }
}
