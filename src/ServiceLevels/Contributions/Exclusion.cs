using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>
/// Whether a parcel is left out of punctuality: one person asks, another agrees, both as facts of its journal. What only one person wants counts on. Pure.
/// </summary>
/// <param name="Asked">The request that stands, the latest.</param>
/// <param name="Confirmed">The other person's word; null while nobody gave it.</param>
internal sealed record Exclusion(ParcelEvent Asked, ParcelEvent? Confirmed)
{
    /// <summary>The cause lies with others, or with nobody (domain.md 2.3).</summary>
    internal static readonly string[] Reasons = ["force_majeure", "client", "consignee", "requested_date"];

    internal IEnumerable<ByteString> Events => Confirmed is null ? [Asked.Id] : [Asked.Id, Confirmed.Id];

    internal static Exclusion? Of(IEnumerable<LivedFact> facts)
    {
        ParcelEvent? asked = null;
        Exclusion? confirmed = null;
        foreach (var e in facts.Select(static f => f.Event))
        {
            if (e.Kind is EventKind.ParcelExcluded && Reasons.Contains(e.Reason, StringComparer.Ordinal)) asked = e;
            else if (e.Kind is EventKind.ExclusionConfirmed && asked is not null && Agrees(asked, e)) confirmed ??= new Exclusion(asked, e);
        }
        return confirmed ?? (asked is null ? null : new Exclusion(asked, null));
    }

    internal static string Name(ByteString id) => Convert.ToHexStringLower(id.Span);

    private static bool Agrees(ParcelEvent asked, ParcelEvent word) =>
        string.Equals(word.Reference, Name(asked.Id), StringComparison.Ordinal) && word.Actor.Length > 0 && !string.Equals(word.Actor, asked.Actor, StringComparison.Ordinal);
}
