using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>What a fact of an account's service adds to the figures: a function of what stands of it and of the terms. Pure.</summary>
internal static class ContributeFact
{
    internal static Contribution Of(FactHistory history, TermsSnapshot snapshot)
    {
        _ = snapshot;
        return history.Standing is null ? new Contribution() : new Contribution { Account = history.Key.Account };
    }
}
