using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Complaints;

/// <summary>
/// What the journal is told of a complaint, since scores follow from the journal alone: how it stands after its latest entry. Told when that differs from what was told before, and
/// when a clock that is judged has run out, so that nobody has to wait for a missed time until somebody acts. Pure.
/// </summary>
internal static class ComplaintFact
{
    /// <summary>The fact that these entries, kept together, bring; null when they bring none, and for a complaint of nobody known.</summary>
    /// <param name="before">The case without the entries; null = they open it.</param>
    /// <param name="entries">What is kept now.</param>
    /// <param name="after">The case with them.</param>
    internal static ParcelEvent? Of(CaseState? before, IReadOnlyList<CaseEntry> entries, CaseState after)
    {
        if (!string.Equals(after.Opened.Kind, ComplaintKind.Kind.Name, StringComparison.Ordinal) || after.Opened.Account.Length == 0) return null;
        var stands = Stands(after);
        if (before is not null && stands.Equals(Stands(before)) && !entries.Any(HasRunOut)) return null;
        return new ParcelEvent
        {
            Id = IdOf(after.Id, after.Entries), Kind = EventKind.ComplaintStood, Reference = after.Id,
            Service = new ServiceFact
            {
                Account = after.Opened.Account, Revision = (uint)after.Entries, Parcel = after.Opened.ParcelId == 0 ? "" : after.Opened.Subject, BeganUs = after.OpenedUs, Complaint = stands,
            },
        };
    }

    internal static ByteString IdOf(string caseId, int revision) =>
        ByteString.CopyFrom(Uuid.Bytes(NamedId.From("complaint stood", string.Create(CultureInfo.InvariantCulture, $"{caseId}|{revision}"))));

    private static Complaint Stands(CaseState state)
    {
        var p = state.Punctuality;
        return new Complaint
        {
            About = state.Opened.About, OpenedUs = state.OpenedUs, AnswerDueUs = p.AnswerDueUs, AnsweredUs = p.AnsweredUs, StatuteDueUs = p.StatuteDueUs, ClosedUs = p.ClosedUs, ReopenedUs = p.ReopenedUs,
            Found = state.Found, Withdrawn = p.GivenUp,
        };
    }

    private static bool HasRunOut(CaseEntry entry) => entry is { Kind: EntryKind.Escalated, Escalation: { Percent: 100, Clock: Punctuality.FirstAnswer or Punctuality.Statute } };
}
