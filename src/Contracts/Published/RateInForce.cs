using System.Collections.Frozen;
using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>
/// Rates shipments by the contract versions in force: the account and the moment of acceptance pick the version, and rating late uses the same one. Immutable, thread-safe; a new set of versions is a new
/// object. The answer is a price with its lines or a refusal with its reason, never a zero; nothing a shipment says makes it throw.
/// </summary>
public sealed class RateInForce
{
    private readonly FrozenDictionary<string, ImmutableArray<RateProgram>> _accounts;
    private readonly FrozenDictionary<(string Contract, uint Version), RateProgram> _versions;

    internal RateInForce(IEnumerable<RateProgram> programs)
    {
        RateProgram[] all = [.. programs];
        _accounts = all.GroupBy(p => p.Version.Account, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(p => p.Version.EffectiveFrom).ThenByDescending(p => p.Version.Version).ToImmutableArray(), StringComparer.Ordinal);
        _versions = all.ToFrozenDictionary(p => (p.Version.Contract, p.Version.Version));
    }

    /// <summary>
    /// Rates a shipment of an account. Of the versions that cover its acceptance the one in force last; without a moment of acceptance there is none to pick unless the account has a single version.
    /// With <paramref name="trace"/> the answer holds every input and step.
    /// </summary>
    public RateOutcome Rate(string account, ShipmentToRate shipment, bool trace = false)
    {
        ArgumentNullException.ThrowIfNull(shipment);
        if (!_accounts.TryGetValue(account, out var programs)) return RefusalTexts.Of(RateRefusal.NoContract, null, shipment, 0, null);
        if (shipment.Accepted is not { } accepted)
            return programs.Length == 1 ? RateOutcomes.Of(programs[0], shipment, trace) : RefusalTexts.Of(RateRefusal.NoAcceptance, null, shipment, 0, null);
        foreach (var program in programs)
        {
            if (program.Version.Covers(accepted)) return RateOutcomes.Of(program, shipment, trace);
        }
        return RefusalTexts.Of(RateRefusal.NotInForce, null, shipment, 0, null);
    }

    /// <summary>Rates by one version, for a parcel that was rated by it before. Refused when the version is not known.</summary>
    public RateOutcome RateWith(string contract, uint version, ShipmentToRate shipment, bool trace = false)
    {
        ArgumentNullException.ThrowIfNull(shipment);
        return _versions.TryGetValue((contract, version), out var program)
            ? RateOutcomes.Of(program, shipment, trace)
            : RefusalTexts.Of(RateRefusal.NoContract, null, shipment, 0, null);
    }

    /// <summary>
    /// Rates again a shipment whose weight or sides changed, by the version that rated it first: a correction that names the first charge and holds its lines of difference. The same weight gives no
    /// lines. Null where the second rating is refused: then the first stands and a person decides.
    /// </summary>
    /// <param name="first">The charge that stands.</param>
    /// <param name="firstId">Its name: the id of the charge that the correction names.</param>
    /// <param name="shipment">The shipment as it is now.</param>
    public RateCorrection? Rerate(RateOutcome.Charged first, string firstId, ShipmentToRate shipment)
    {
        ArgumentNullException.ThrowIfNull(first);
        return RateWith(first.Contract, first.Version, shipment, trace: true) is RateOutcome.Charged second ? RateCorrection.Between(first, firstId, second) : null;
    }
}

/// <summary>What changes when a shipment is rated again: lines that, added to the first charge's, make the second's. The first stays as it is.</summary>
/// <param name="Corrects">The id of the first charge.</param>
/// <param name="Second">The charge as it would be written now.</param>
/// <param name="Lines">Differences by clause and kind, none of them zero; empty when nothing changes.</param>
/// <param name="Difference">The sum of the lines: what is still owed, negative for a credit.</param>
public sealed record RateCorrection(string Corrects, RateOutcome.Charged Second, ImmutableArray<ChargeLine> Lines, Money Difference)
{
    /// <summary>The correction between two charges of one shipment under one version.</summary>
    public static RateCorrection Between(RateOutcome.Charged first, string firstId, RateOutcome.Charged second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var lines = ImmutableArray.CreateBuilder<ChargeLine>();
        foreach (var (key, before, now) in Paired(first.Lines, second.Lines))
        {
            var (was, @is) = (before?.Amount ?? Money.Zero(second.Total.Currency), now?.Amount ?? Money.Zero(second.Total.Currency));
            if (was == @is) continue;
            lines.Add(new ChargeLine(
                key.Clause, key.Kind, @is - was,
                $"更正 {firstId}：原 {was}（{before?.TextZh ?? "无"}），现 {@is}（{now?.TextZh ?? "无"}）",
                $"Corrects {firstId}: was {was} ({before?.TextEn ?? "nothing"}), is {@is} ({now?.TextEn ?? "nothing"})"));
        }
        return new RateCorrection(firstId, second, lines.ToImmutable(), second.Total - first.Total);
    }

    // A clause may give several lines of a kind; the nth of one charge belongs to the nth of the other.
    private static IEnumerable<((string Clause, string Kind, int Nth) Key, ChargeLine? Before, ChargeLine? Now)> Paired(ImmutableArray<ChargeLine> first, ImmutableArray<ChargeLine> second)
    {
        var (before, now) = (Numbered(first), Numbered(second));
        foreach (var key in now.Select(n => n.Key).Concat(before.Select(b => b.Key).Where(k => !now.Exists(n => n.Key == k))))
            yield return (key, before.Find(b => b.Key == key).Line, now.Find(n => n.Key == key).Line);
    }

    private static List<((string Clause, string Kind, int Nth) Key, ChargeLine? Line)> Numbered(ImmutableArray<ChargeLine> lines)
    {
        var numbered = new List<((string Clause, string Kind, int Nth) Key, ChargeLine? Line)>();
        foreach (var line in lines)
            numbered.Add(((line.Clause, line.Kind, numbered.Count(n => n.Key.Clause == line.Clause && n.Key.Kind == line.Kind)), line));
        return numbered;
    }
}
