using System.Globalization;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cli.Parcel;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.Cases;

/// <summary>A case in lines for a person.</summary>
internal static class CaseText
{
    public static string Line(CaseSummary one)
    {
        var due = one.DueAtUs == 0 ? "" : $"  {one.DueClock} due {At(one.DueAtUs)}{(one.EscalatedPercent > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({one.EscalatedPercent} % gone)") : "")}";
        return $"{one.CaseId}  {one.State}/{one.Stage}  account {one.Account}  owner {one.Owner}  on hold {Of(one.OnHold)}{due}{(one.Outcome.Length > 0 ? "  outcome " + one.Outcome : "")}";
    }

    public static void Tell(CaseView view, TextWriter output)
    {
        output.WriteLine(Line(view.Summary));
        if (view.Weights is { } w) Tell(w, output);
        if (view.Opened.About.Length > 0) output.WriteLine($"  about {view.Opened.About}, by {view.Opened.Channel}, {(view.Opened.Region.Length > 0 ? view.Opened.Region : "region not known")}{(view.Summary.Serious ? ", serious" : "")}{(view.Cause.Length > 0 ? ", root cause " + view.Cause : "")}");
        if (view.Claim is { } c) output.WriteLine($"  {c.LossKind}: worth {Of(c.WorthMinor, c.Currency)}, loss {Of(c.LossMinor, c.Currency)}, insured {(c.Insured ? Of(c.InsuredMinor, c.Currency) : "not")}; by rule {c.Rule} {Of(c.Payable)}; {c.Proof}");
        foreach (var sign in view.Signs) output.WriteLine($"  sign {sign.Code}{(sign.Reference.Length > 0 ? " of " + sign.Reference : "")}{string.Concat(sign.Figures.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $", {f.Key} {f.Value}"))}");
        if (view.Opened.About.Length == 0 && view.Cause.Length > 0) output.WriteLine($"  cause {view.Cause}{(view.Summary.Uncontrollable ? ", uncontrollable: it counts against nobody" : "")}");
        foreach (var promise in view.Promises) output.WriteLine($"  {promise.Clock} {promise.What}: {ParcelJson.Word(promise.State, "PromiseState")}, due {At(promise.DueUs)}");
        foreach (var doubt in view.Doubts) output.WriteLine($"  ! scale {doubt.Device} of {doubt.Depot} is in doubt from {At(doubt.SinceUs)} ({doubt.Weights.Count} weights)");
        foreach (var clock in view.Clocks.Where(c => c.Clock.State is ClockState.Running or ClockState.Paused))
            output.WriteLine($"  clock {clock.Clock.Clock} ({clock.Owner}): {(clock.Clock.State == ClockState.Paused ? "paused, " + clock.Clock.Reason : "due " + At(clock.Clock.DueUs))}");
        if (view.Outcome is { } outcome) output.WriteLine($"  decided: {outcome.Outcome}{(outcome.BillsMg > 0 ? $", bills {Kilograms(outcome.BillsMg)} kg" : "")}, gives away {Of(outcome.Gives)}");
        if (view.Proposal is { } proposal) output.WriteLine($"  proposed: {proposal.Outcome}, gives away {Of(proposal.Gives)}; another person confirms it");
        foreach (var line in view.History) output.WriteLine($"  {At(line.Entry.AtUs)}  {ParcelJson.Word(line.Entry.Kind, "EntryKind"),-10} {line.Entry.Step,-16} {line.Entry.Reason,-18} {line.Entry.Actor}  {line.Note.ReplaceLineEndings(" ")}");
        if (view.Steps.Count > 0) output.WriteLine($"  steps: {string.Join(", ", view.Steps)}");
        if (view.Outcomes.Count > 0) output.WriteLine($"  outcomes: {string.Join(", ", view.Outcomes)}");
        if (view.Answers.Count > 0) output.WriteLine($"  answers: {string.Join(", ", view.Answers)}");
        if (view.MayAnswer) output.WriteLine($"  answer: accept, or dispute with --reason {string.Join(" | ", view.DisputeReasons)}");
    }

    private static void Tell(WeightFigures w, TextWriter output)
    {
        output.WriteLine($"  first {Kilograms(w.FirstMg)} kg ({w.FirstFrom}): {Of(w.FirstCharge)}; new {Kilograms(w.NewMg)} kg: {Of(w.NewCharge)}; clause {w.Verdict?.Clause} of {w.Verdict?.Contract} v{w.Verdict?.ContractVersion}");
        foreach (var link in w.Chain)
        {
            var verified = link.Scale is { VerifiedUntilDay: > 0 } scale ? " verified until " + LocalDatePattern.Iso.Format(new LocalDate(1970, 1, 1).PlusDays(scale.VerifiedUntilDay)) : "";
            output.WriteLine($"    {ParcelJson.Word(link.Purpose, "WeightPurpose"),-9} {Kilograms(link.MassMg),9} kg  {At(link.AtUs)}  {(link.Typed ? "typed" : $"{link.Node} {link.Scale?.Device} ± {Grams(link.ErrorMg)} g{verified}")}  {link.Actor}  {link.EventId}");
        }
    }

    private static string Of(Amount? amount) => amount switch
    {
        null => "-",
        { Known: true } when Money.IsCurrency(amount.Currency) => new Money(amount.Minor, amount.Currency).ToString(),
        { Known: true } => "nothing",
        _ => $"unknown ({amount.Unknown})",
    };

    private static string Of(Charge? charge) => charge switch { null => "-", { Rated: true } => new Money(charge.Minor, charge.Currency).ToString(), _ => $"not rated ({charge.NotRated})" };

    private static string Of(long minor, string currency) => Money.IsCurrency(currency) ? new Money(minor, currency).ToString() : "-";

    private static string Kilograms(long mg) => (mg / 1_000_000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Grams(long mg) => (mg / 1_000m).ToString("0.###", CultureInfo.InvariantCulture);

    private static string At(long us) => us == 0 ? "-" : InstantPattern.General.Format(Clock.FromUnixMicros(us));
}
