using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>The kinds of lines of a charge, in the order of the bill (but surcharges, which keep the document's).</summary>
internal enum ChargeKind
{
    /// <summary>The way out.</summary>
    Freight = 1,

    /// <summary>The way back.</summary>
    Return = 2,

    /// <summary>On to another address.</summary>
    Redirect = 3,

    /// <summary>Less freight; a negative amount.</summary>
    Discount = 4,

    /// <summary>Fuel, remote, peak, oversize.</summary>
    Surcharge = 5,

    /// <summary>The price of declaring a value.</summary>
    Insurance = 6,

    /// <summary>The fee for collecting cash.</summary>
    Cod = 7,

    /// <summary>The fee for letting the consignee pay.</summary>
    FreightCollect = 8,

    /// <summary>One piece of a shipment whose pieces are charged each by itself; part of a line, never a line.</summary>
    Piece = 9,
}

/// <summary>What an amount is a function of.</summary>
internal enum AmountBasis
{
    /// <summary>Nothing: it is fixed.</summary>
    None = 1,

    /// <summary>Chargeable milligrams.</summary>
    Weight = 2,

    /// <summary>Pieces.</summary>
    Pieces = 3,

    /// <summary>The freight line, minor units.</summary>
    Freight = 4,

    /// <summary>Freight after discounts, minor units.</summary>
    NetFreight = 5,

    /// <summary>Declared value, minor units.</summary>
    Declared = 6,

    /// <summary>Cash to collect, minor units.</summary>
    Cod = 7,
}

/// <summary>What a term of an amount is called when it is explained.</summary>
internal enum TermKind
{
    /// <summary>First weight.</summary>
    First = 1,

    /// <summary>Steps beyond it.</summary>
    Further = 2,

    /// <summary>A bracket's price.</summary>
    Bracket = 3,

    /// <summary>Per kilogram.</summary>
    PerKg = 4,

    /// <summary>Per step beyond a bracket's lower end.</summary>
    PerStep = 5,

    /// <summary>Per piece.</summary>
    Piece = 6,

    /// <summary>Per shipment.</summary>
    Shipment = 7,

    /// <summary>Percent of an amount.</summary>
    Percent = 8,

    /// <summary>Per mille of an amount.</summary>
    PerMille = 9,
}

/// <summary>
/// One term of an amount in major units: <c>Price × (x − From) ÷ Per</c>, or <c>Price × Fixed ÷ Per</c> where the part is the same for every x.
/// </summary>
/// <param name="What">Its name.</param>
/// <param name="Price">As the contract says it.</param>
/// <param name="From">Where counting begins, in units of x.</param>
/// <param name="Per">What the price is for, above zero.</param>
/// <param name="Fixed">The part charged whatever x is; null when x decides.</param>
/// <param name="To">The upper end that the row names, for the explanation; null = none.</param>
internal readonly record struct PriceTerm(TermKind What, decimal Price, long From, long Per, long? Fixed, long? To)
{
    internal static PriceTerm Once(TermKind what, decimal price, long? to = null) => new(what, price, 0, 1, 1, to);
}

/// <summary>An amount as the contract says it: a sum of terms, kept between two bounds, rounded. Complete: a trace that holds it replays without the contract.</summary>
/// <param name="Line">The line it makes.</param>
/// <param name="Clause">The clause.</param>
/// <param name="Label">What the line is called: fuel, remote, a mark; a word, not a sentence.</param>
/// <param name="Basis">What x is.</param>
/// <param name="Terms">The terms.</param>
/// <param name="Least">Major units; null = none.</param>
/// <param name="Most">Major units; null = none.</param>
/// <param name="Rounding">How it becomes an amount.</param>
internal sealed record AmountTerms(
    ChargeKind Line, string Clause, string Label, AmountBasis Basis, ImmutableArray<PriceTerm> Terms, decimal? Least, decimal? Most, AmountRounding Rounding)
{
    /// <summary>The part of a trace's step that is the same for every shipment, without its braces. Keys in one fixed order, numbers of the contract as text.</summary>
    internal string Json()
    {
        var json = new TraceBuffer();
        json.Text("\"line\":").Quoted(TraceWords.Of(Line)).Text(",\"clause\":").Quoted(Clause).Text(",\"label\":").Quoted(Label).Text(",\"basis\":").Quoted(TraceWords.Of(Basis)).Text(",\"terms\":[");
        for (var i = 0; i < Terms.Length; i++)
        {
            var term = Terms[i];
            json.Text(i == 0 ? "{\"what\":" : ",{\"what\":").Quoted(TraceWords.Of(term.What)).Text(",\"price\":").Quoted(Number(term.Price));
            if (term.Fixed is { } part) json.Text(",\"fixed\":").Number(part);
            else json.Text(",\"from\":").Number(term.From);
            json.Text(",\"per\":").Number(term.Per);
            if (term.To is { } to) json.Text(",\"to\":").Number(to);
            json.Text("}");
        }
        json.Text("]");
        Bounds(json, Least, Most, Rounding);
        return json.ToString();
    }

    internal static void Bounds(TraceBuffer json, decimal? least, decimal? most, AmountRounding rounding)
    {
        if (least is { } lower) json.Text(",\"least\":").Quoted(Number(lower));
        if (most is { } upper) json.Text(",\"most\":").Quoted(Number(upper));
        json.Text(",\"unit\":").Quoted(Number(rounding.Unit)).Text(",\"mode\":").Quoted(TraceWords.Of(rounding.Mode));
    }

    internal static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
