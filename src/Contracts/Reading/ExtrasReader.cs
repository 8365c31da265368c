using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;
using static KeyAccountLogistics.Contracts.Reading.WordLists;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>Reads what comes on top of freight: surcharges, discounts, insured value, cash on delivery, freight paid by the consignee.</summary>
internal static class ExtrasReader
{
    internal const int RowsMax = 500;
    internal const int PlacesMax = 5_000;
    private const decimal SurchargePercentMax = 1_000;

    private static readonly string[] Prices = ["per_shipment", "per_piece", "per_kg", "percent", "fuel"];
    private static readonly string[] Whens = ["remote", "oversize", "marked"];

    internal static ImmutableArray<SurchargeClause> Surcharges(Section root, Clauses shared)
    {
        var read = new List<SurchargeClause>();
        foreach (var section in root.Children("surcharges", required: false, AccountTermsReader.ClausesMax, "a surcharge with id, when it applies and what it costs"))
        {
            var id = shared.Id(section);
            var when = When(section);
            var price = Price(section, shared);
            var services = Clauses.Services(section);
            var (from, until, zone) = Clauses.Dates(section);
            var rounding = shared.Rounding(section);
            section.Close();
            if (price is SurchargePrice.PercentByDate { Rows: var rows } && until < rows[0].From)
                section.Mistake("until", $"lies before the first row of the table ({Clauses.Write(rows[0].From)}), so no row is ever reached.");
            if (when is not null && price is not null) read.Add(new SurchargeClause(id, when, price, services, from, until, zone, rounding));
        }
        return [.. read];
    }

    private static SurchargeWhen? When(Section section)
    {
        var said = Whens.Where(section.Has).ToList();
        if (said.Count > 1) section.Mistake(said[1], $"stands beside {said[0]}; a surcharge has one occasion, so make it two.");
        switch (said.FirstOrDefault())
        {
            case "remote":
                if (section.Child("remote", required: true, "places and, if not the destination, ends") is not { } remote) return null;
                var places = remote.Texts("places", PlacesMax, TermsText.Place, AccountTermsReader.PlaceShape) ?? [];
                if (places.Count == 0) remote.Mistake("places", "names no place; write place codes, or prefixes with a star.");
                if (places.GroupBy(p => p, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) remote.Mistake("places", $"names {twice.Key} twice.");
                var ends = remote.Word("ends", EndWords, required: false, LaneEnds.Destination);
                remote.Close();
                return ends == default || places.Count == 0 ? null : new SurchargeWhen.Remote([.. places.Order(StringComparer.Ordinal)], ends);
            case "oversize":
                if (section.Child("oversize", required: true, "longest, girth or weight") is not { } oversize) return null;
                var longest = oversize.Optional<int?>("longest", Length, LengthShape);
                var girth = oversize.Optional<int?>("girth", Length, LengthShape);
                var weight = oversize.Optional<Mass?>("weight", TermsText.PositiveMass, TermsText.MassShape);
                if (!oversize.Has("longest") && !oversize.Has("girth") && !oversize.Has("weight")) oversize.Mistake("says no limit; write longest, girth or weight.");
                oversize.Close();
                return new SurchargeWhen.Oversize(longest, girth, weight);
            case "marked":
                return Clauses.Mark(section, "marked", required: true) is { } mark ? new SurchargeWhen.Marked(mark) : null;
            default:
                return new SurchargeWhen.Always();
        }
    }

    private static SurchargePrice? Price(Section section, Clauses shared)
    {
        var said = Prices.Where(section.Has).ToList();
        if (said.Count == 0) section.Mistake($"is without a price; write one of {string.Join(", ", Prices)}.");
        if (said.Count > 1) section.Mistake(said[1], $"stands beside {said[0]}; a surcharge has one price.");
        switch (said.FirstOrDefault())
        {
            case "per_shipment":
                return shared.Price(section, "per_shipment", required: true) is { } shipment ? new SurchargePrice.PerShipment(shipment) : null;
            case "per_piece":
                return shared.Price(section, "per_piece", required: true) is { } piece ? new SurchargePrice.PerPiece(piece) : null;
            case "per_kg":
                return shared.Price(section, "per_kg", required: true) is { } kg ? new SurchargePrice.PerKg(kg) : null;
            case "percent":
                return Clauses.Percent(section, "percent", required: true, SurchargePercentMax) is { } percent ? new SurchargePrice.Percent(percent) : null;
            case "fuel":
                return Fuel(section);
            default:
                return null;
        }
    }

    private static SurchargePrice.PercentByDate? Fuel(Section parent)
    {
        if (parent.Child("fuel", required: true, "its rows or a table, and at: acceptance") is not { } section) return null;
        section.Word("at", FuelWords, required: false);
        var rows = new List<DatedPercent>();
        foreach (var row in section.Children("rows", required: true, RowsMax, "a row with from and percent"))
        {
            var from = Clauses.Date(row, "from", required: true);
            var percent = Clauses.Percent(row, "percent", required: true, SurchargePercentMax);
            row.Close();
            if (from is not { } date || percent is null) continue;
            if (rows.Count > 0 && date <= rows[^1].From) row.Mistake("from", $"does not come after {Clauses.Write(rows[^1].From)}; rows ascend by date, each date once.");
            rows.Add(new DatedPercent(date, percent.Value));
        }
        section.Close();
        return rows.Count == 0 ? null : new SurchargePrice.PercentByDate([.. rows]);
    }

    internal static ImmutableArray<DiscountClause> Discounts(Section root, Clauses shared)
    {
        var read = new List<DiscountClause>();
        foreach (var section in root.Children("discounts", required: false, AccountTermsReader.ClausesMax, "a discount with id and percent"))
        {
            var id = shared.Id(section);
            var percent = Clauses.Percent(section, "percent", required: true, aboveZero: true);
            var services = Clauses.Services(section);
            var mark = Clauses.Mark(section, "mark", required: false);
            var (from, until, zone) = Clauses.Dates(section);
            section.Close();
            if (percent is not null) read.Add(new DiscountClause(id, percent.Value, services, mark, from, until, zone));
        }
        return [.. read];
    }

    internal static ImmutableArray<InsuranceClause> Insurance(Section root, Clauses shared)
    {
        var services = new HashSet<string>(StringComparer.Ordinal);
        var read = new List<InsuranceClause>();
        foreach (var section in root.Children("insurance", required: false, AccountTermsReader.ClausesMax, "a table of insured values with id and ordinary"))
        {
            var id = shared.Id(section);
            var named = Clauses.Services(section);
            Clauses.OnePerService(section, named, services, "an insured-value table");
            var maximum = shared.Amount(section, "maximum", required: false, aboveZero: true);
            var ordinary = Rows(section, "ordinary", required: true, shared, maximum);
            var fragile = Rows(section, "fragile", required: false, shared, maximum);
            var rounding = shared.Rounding(section, Math.Max(1, shared.MinorUnit));
            section.Close();
            if (!ordinary.IsEmpty) read.Add(new InsuranceClause(id, named, ordinary, fragile, maximum, rounding));
        }
        return [.. read];
    }

    private static ImmutableArray<InsuranceRow> Rows(Section parent, string key, bool required, Clauses shared, decimal? maximum)
    {
        var rows = new List<InsuranceRow>();
        var end = 0m;
        var open = false;
        Section? last = null;
        foreach (var row in parent.Children(key, required, RowsMax, "a row with to, and price or per_mille"))
        {
            last = row;
            var from = shared.Amount(row, "from", required: false);
            var to = shared.Amount(row, "to", required: false, aboveZero: true);
            if (!row.Has("price") && !row.Has("per_mille")) row.Mistake("is without a price; write price or per_mille.");
            var price = shared.Price(row, "price", required: false, 0);
            var perMille = Clauses.Percent(row, "per_mille", required: false, 1_000, absent: 0, word: "per mille");
            var minimum = shared.Amount(row, "minimum", required: false, 0);
            row.Close();
            if (open) row.Mistake("to", "comes after an open one and is never reached; the open one stands last.");
            else if (from > end) row.Mistake("from", $"leaves a gap: nothing holds {TermsText.Write(end)} to {TermsText.Write(from.Value)}.");
            else if (from < end) row.Mistake("from", $"overlaps: what lies under {TermsText.Write(end)} is held before.");
            if (maximum is { } most && end >= most && !open) row.Mistake("to", $"is never reached: more than {TermsText.Write(most)} (maximum) is not insured.");
            if (!row.Has("to")) open = true;
            else if (to is { } upper && upper <= end) row.Mistake("to", $"holds nothing: it must lie above {TermsText.Write(end)}, where the one before ends.");
            else end = to ?? end;
            if (price is not null && perMille is not null && minimum is not null) rows.Add(new InsuranceRow(to, price.Value, perMille.Value, minimum.Value));
        }
        if (last is not null && !open && (maximum is not { } highest || end < highest))
            last.Mistake("to", maximum is null ? "ends the table, so a higher value has no price; leave to out in the last row, or write a maximum." : $"leaves a gap up to the maximum of {TermsText.Write(maximum.Value)}.");
        return [.. rows];
    }

    internal static CodClause? Cod(Section root, Clauses shared)
    {
        if (root.Child("cod", required: false, "id, percent, minimum, remit and cut_off") is not { } section) return null;
        var id = shared.Id(section);
        var percent = Clauses.Percent(section, "percent", required: true);
        var minimum = shared.Amount(section, "minimum", required: false, 0);
        var maximum = shared.Amount(section, "maximum", required: false);
        var highest = shared.Amount(section, "highest_amount", required: false, aboveZero: true);
        if (maximum < minimum) section.Mistake("maximum", "lies below the minimum.");
        var remit = Remit(section);
        var cutOff = section.Required<LocalTime?>("cut_off", TermsText.TimeOfDay, TermsText.TimeShape);
        var rounding = shared.Rounding(section);
        section.Close();
        return percent is null || minimum is null || remit is null || cutOff is null ? null : new CodClause(id, percent.Value, minimum.Value, maximum, highest, remit, cutOff.Value, rounding);
    }

    private static RemitCycle? Remit(Section parent)
    {
        if (parent.Child("remit", required: true, "working_days or weekly") is not { } section) return null;
        var days = Clauses.Whole(section, "working_days", required: false, 0, 60, "working days after collection");
        var weekly = section.Word("weekly", DayWords, required: false);
        if (section.Has("working_days") == section.Has("weekly")) section.Mistake("is either so many working_days after collection, or weekly on a day.");
        section.Close();
        return days is { } n ? new RemitCycle.WorkingDays(n) : weekly != default ? new RemitCycle.Weekly(weekly) : null;
    }

    internal static FreightCollectClause? FreightCollect(Section root, Clauses shared)
    {
        if (root.Child("freight_collect", required: false, "id, fee and refused") is not { } section) return null;
        var id = shared.Id(section);
        var fee = shared.Amount(section, "fee", required: false, 0);
        var refused = section.Word("refused", RefusedWords, required: false, RefusedFreight.BothWays);
        var rounding = shared.Rounding(section);
        section.Close();
        return fee is null || refused == default ? null : new FreightCollectClause(id, fee.Value, refused, rounding);
    }
}
