using System.Collections.Immutable;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Regress;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using Wire = KeyAccountLogistics.Api.Cases.V1;

namespace KeyAccountLogistics.Cases.Published;

/// <summary>Why an account seems to be slipping, with what shows it.</summary>
/// <param name="Code">A code, snake_case.</param>
/// <param name="Reference">What it comes of, such as a warning's id; the same code and reference are one sign, however often they come and whatever their figures.</param>
/// <param name="Figures">Figures by name, as people read them.</param>
/// <param name="Events">Journalled events behind it; may be empty.</param>
public sealed record SlippingSign(string Code, string Reference, ImmutableSortedDictionary<string, string> Figures, ImmutableArray<Guid> Events);

/// <summary>The regress that stands for the account, and whether these signs have opened it.</summary>
public sealed record RegressStands(string CaseId, bool Opened);

/// <summary>
/// Brings signs that a key account is slipping before its people (SEED-03-PCR): opens a regress, or adds to the one that stands what it does not hold yet. The same again changes nothing;
/// signs that have had their case, closed by a person, open no other. Registered scoped; the caller's scope is that of the product.
/// </summary>
public sealed class OpenRegress
{
    /// <summary>Signs that are brought at once.</summary>
    public const int SignsMax = 20;

    private const int FiguresMax = 40;
    private const int EventsMax = 50;
    private readonly CasesDb _db;
    private readonly KeepRegress _keep;
    private readonly ITermsInForce _terms;
    private readonly IWriteGate _gate;

    internal OpenRegress(CasesDb db, KeepRegress keep, ITermsInForce terms, IWriteGate gate) => (_db, _keep, _terms, _gate) = (db, keep, terms, gate);

    /// <summary>In a transaction of its own.</summary>
    public Task<Outcome<RegressStands>> RunAsync(string account, IReadOnlyCollection<SlippingSign> signs, CancellationToken ct = default) =>
        _gate.RunAsync<RegressStands>((transaction, cancel) => RunAsync(transaction, account, signs, cancel), ct);

    /// <summary>In the caller's transaction. Faults: an account without a contract (NotFound); no signs, too many, or malformed ones (Invalid).</summary>
    public async Task<Outcome<RegressStands>> RunAsync(WriteTransaction transaction, string account, IReadOnlyCollection<SlippingSign> signs, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentException.ThrowIfNullOrEmpty(account);
        ArgumentNullException.ThrowIfNull(signs);
        if (signs.Count is 0 or > SignsMax) return new Fault.Invalid("signs", "signs.count", $"Bring 1 to {SignsMax} signs at once.");
        if (signs.FirstOrDefault(static s => !IsFit(s)) is { } unfit) return new Fault.Invalid("signs", "sign.malformed", $"The sign '{(unfit.Code.Length <= 40 ? unfit.Code : "…")}' has a code that is none, or more text, figures or events than is kept.");
        if (!_terms.Now.All.Any(t => string.Equals(t.Account, account, StringComparison.Ordinal))) return new Fault.NotFound("account.unknown", $"No account with a contract is known under '{account}'.");
        _db.ChangeTracker.Clear();
        await transaction.EnlistAsync(_db, ct);
        var observed = await _keep.ObserveAsync(transaction, account, [.. signs.DistinctBy(static s => (s.Code, s.Reference)).Select(ToWire)], ct);
        return observed.IsOk ? new RegressStands(observed.Value.CaseId, observed.Value.Opened) : observed.Fault;
    }

    private static bool IsFit(SlippingSign sign) =>
        sign.Code.Length is > 0 and <= 40 && sign.Code.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_') && IsShort(sign.Reference)
        && sign.Figures.Count <= FiguresMax && sign.Figures.All(static f => IsShort(f.Key) && IsShort(f.Value)) && sign.Events.Length <= EventsMax;

    private static bool IsShort(string text) => text.Length <= CaseLimits.TextLength && !text.Any(char.IsControl);

    private static Wire.RegressSign ToWire(SlippingSign sign) => new()
    {
        Code = sign.Code, Reference = sign.Reference, Figures = { sign.Figures }, EventIds = { sign.Events.Select(static e => e.ToString("D")) },
    };
}
