using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal.Databases;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Obligations;

/// <summary>
/// What the journal is told of something due, since scores follow from the journal alone (S4): first that its day has passed, then that it was met. What a person wrote about it
/// stays out of it. Pure.
/// </summary>
internal static class ObligationFact
{
    private const uint Unmet = 1;
    private const uint Met = 2;
    private const int TitleMax = 120;

    /// <summary>The fact as of now; null for what the client owes, which is no service of the carrier, and while it is neither met nor overdue.</summary>
    internal static ParcelEvent? Of(DueObligation owed, ObligationMetRow? met, Instant now)
    {
        var due = EndOf(owed.Due);
        if (owed.Clause.By != ObligationParty.Carrier || (met is null && now <= due)) return null;
        var name = $"{owed.Version.Contract}/{owed.Clause.Clause.Value}/{Check.Day(owed.Due)}";
        var revision = met is null ? Unmet : Met;
        return new ParcelEvent
        {
            Id = IdOf(name, revision), Kind = EventKind.ObligationStood, Reference = name,
            Service = new ServiceFact
            {
                Account = owed.Version.Account, Revision = revision, Contract = owed.Version.Contract, ContractVersion = owed.Version.Version, DueUs = due.ToUnixMicros(),
                DoneUs = met is null ? 0 : DoneOf(met).ToUnixMicros(), Title = owed.Clause.En.Length <= TitleMax ? owed.Clause.En : owed.Clause.Clause.Value,
            },
        };
    }

    internal static Guid IdOf(ParcelEvent fact) => Uuid.From(fact.Id.Span);

    private static ByteString IdOf(string name, uint revision) =>
        ByteString.CopyFrom(Uuid.Bytes(NamedId.From("obligation stood", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}|{revision}"))));

    // A day is told, not a time: noon lies within it, so that what was met on its day was met in time; never after it was said.
    private static Instant DoneOf(ObligationMetRow met) => Instant.Min(met.MetOn.At(new LocalTime(12, 0)).InZoneLeniently(VersionLife.Zone).ToInstant(), Clock.FromUnixMicros(met.AtUs));

    private static Instant EndOf(LocalDate day) => VersionLife.Zone.AtStartOfDay(day.PlusDays(1)).ToInstant() - Duration.FromTicks(10);
}
