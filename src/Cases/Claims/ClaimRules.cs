using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Cases.Claims;

/// <summary>
/// What a claim comes to (Interim Regulation, art. 28; domain.md 4.5). Insured: the loss in the proportion of the insured to the actual value, never more than was lost. The insured
/// value is declared for the shipment and not for each of its pieces, so what claims for other pieces were granted is taken from it. Not insured: civil law, which computes nothing -
/// a person states the amount, and no multiple of the freight is implied (Postal Law, art. 45 and 47). Pure.
/// </summary>
internal static class ClaimRules
{
    internal const string Full = "full";
    internal const string Proportion = "proportion";
    internal const string Remainder = "remainder";
    internal const string CivilLaw = "civil_law";
    internal const string Total = "total";

    // A thousand million yuan: no parcel is worth more, and no product overflows below it.
    private const long MostMinor = 100_000_000_000;

    /// <summary>What is wrong with what is claimed; null when nothing.</summary>
    internal static CaseRefusal? FlawOf(string lossKind, ClaimFigures asked, string currency)
    {
        if (asked.WorthMinor is <= 0 or > MostMinor) return Flaw("claim.worth_minor", "Say what the goods were worth: an amount above zero.");
        if (!string.Equals(asked.Currency, currency, StringComparison.Ordinal)) return Flaw("claim.currency", $"The shipment's amounts are in {currency}; so is its claim.");
        if (asked.Proof.Length == 0) return Flaw("claim.proof", "Name the document that shows the value: an invoice or order number.");
        if (string.Equals(lossKind, Total, StringComparison.Ordinal))
            return asked.LossMinor == 0 || asked.LossMinor == asked.WorthMinor ? null : Flaw("claim.loss_minor", "Of a total loss the loss is what the goods were worth.");
        return asked.LossMinor <= 0 || asked.LossMinor > asked.WorthMinor ? Flaw("claim.loss_minor", "Say how much was lost: above zero, at most what the goods were worth.") : null;
    }

    /// <summary>The figures with what the rule pays; the question has no flaw.</summary>
    /// <param name="lossKind">total, partial, shortage or damage.</param>
    /// <param name="asked">Worth, loss, currency and proof.</param>
    /// <param name="insuredMinor">The declared value of an insured shipment; null = not insured.</param>
    /// <param name="grantedMinor">What claims for other pieces of the shipment have been granted.</param>
    internal static ClaimFigures Of(string lossKind, ClaimFigures asked, long? insuredMinor, long grantedMinor = 0)
    {
        var loss = string.Equals(lossKind, Total, StringComparison.Ordinal) ? asked.WorthMinor : asked.LossMinor;
        var figures = new ClaimFigures
        {
            LossKind = lossKind, WorthMinor = asked.WorthMinor, LossMinor = loss, Proof = asked.Proof, Currency = asked.Currency, Insured = insuredMinor is > 0, InsuredMinor = insuredMinor ?? 0,
        };
        if (insuredMinor is not > 0)
        {
            (figures.Rule, figures.Payable) = (CivilLaw, new Amount { Unknown = CivilLaw });
            return figures;
        }
        var (pays, left) = (InsuredLoss.Pays(insuredMinor.Value, asked.WorthMinor, loss), Math.Max(0, insuredMinor.Value - grantedMinor));
        figures.GrantedMinor = grantedMinor;
        figures.Rule = pays > left ? Remainder : insuredMinor >= asked.WorthMinor ? Full : Proportion;
        figures.Payable = new Amount { Known = true, Minor = Math.Min(pays, left), Currency = asked.Currency };
        return figures;
    }

    private static CaseRefusal Flaw(string field, string message) => new() { Code = "claim.figures", Field = field, Message = message };
}
