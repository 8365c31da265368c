using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Life;

namespace KeyAccountLogistics.Cases.Storage;

/// <summary>What lists keep of a state: the one place where a case's row is made of its history, live and when rebuilt.</summary>
internal static class CaseColumns
{
    internal static void Set(CaseRow row, CaseState state)
    {
        var nearest = state.Nearest;
        var hold = state.OnHold;
        (row.Kind, row.Subject, row.Account) = (state.Opened.Kind, state.Opened.Subject, NullIfEmpty(state.Opened.Account));
        row.Depot = NullIfEmpty(state.Weights?.Depot is { Length: > 0 } weighed ? weighed : state.Opened.Depot);
        (row.Owner, row.Stage, row.State) = (state.Owner, state.Stage, state.Word);
        (row.OpenedUs, row.ClosedUs) = (state.OpenedUs, state.Closed ? state.ClosedUs : null);
        (row.DueUs, row.DueClock, row.DueStartedUs, row.Escalated) = (nearest?.DueUs, nearest?.Clock, nearest?.StartedUs, nearest?.EscalatedPercent ?? 0);
        row.TickUs = CaseClocks.NextUs(state);
        (row.HoldMinor, row.Currency, row.HoldUnknown) = hold is { Known: true } ? (hold.Minor, hold.Currency, null) : ((long?)null, (string?)null, NullIfEmpty(hold?.Unknown));
        // What is decided and not done yet stands in the case; lists say how a case ended.
        (row.Outcome, row.Reopened, row.Entries) = (state.Closed ? state.Outcome?.Outcome : null, state.Reopened, state.Entries);
        (row.About, row.Serious) = (NullIfEmpty(state.Opened.About), state.Opened.About.Length > 0 && state.Serious);
        row.Uncontrollable = state.Uncontrollable;
    }

    internal static CaseSummary Summary(CaseRow row)
    {
        var summary = new CaseSummary
        {
            CaseId = row.Id, Kind = row.Kind, Subject = row.Subject, Account = row.Account ?? "", Depot = row.Depot ?? "", Owner = row.Owner, Stage = row.Stage, State = row.State,
            OpenedAtUs = row.OpenedUs, ClosedAtUs = row.ClosedUs ?? 0, DueAtUs = row.DueUs ?? 0, DueClock = row.DueClock ?? "", DueStartedUs = row.DueStartedUs ?? 0, EscalatedPercent = row.Escalated,
            Outcome = row.Outcome ?? "", Reopened = row.Reopened, Entries = row.Entries, About = row.About ?? "", Serious = row.Serious, Uncontrollable = row.Uncontrollable,
        };
        if (row.HoldMinor is { } minor) summary.OnHold = new Amount { Known = true, Minor = minor, Currency = row.Currency };
        else if (row.HoldUnknown is { } why) summary.OnHold = new Amount { Unknown = why };
        return summary;
    }

    /// <summary>The columns by name, for telling what a rebuild found otherwise.</summary>
    internal static IEnumerable<(string Column, string Value)> Of(CaseRow row) =>
        typeof(CaseRow).GetProperties().Select(p => (p.Name, Convert.ToString(p.GetValue(row), System.Globalization.CultureInfo.InvariantCulture) ?? ""));

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
