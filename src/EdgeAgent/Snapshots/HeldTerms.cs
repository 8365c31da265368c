using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using Wire = KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.EdgeAgent.Snapshots;

/// <summary>
/// The terms snapshot the agent judges by, kept over a stop. Terms that this version of the program cannot read are left out and reported: their
/// account's parcels are then Pending, never judged by something else. Thread-safe.
/// </summary>
internal sealed class HeldTerms
{
    private readonly SnapshotFile<Wire.TermsSnapshot> _file;
    private readonly ILogger _log;
    private volatile TermsSnapshot _now = TermsSnapshot.Empty;

    public HeldTerms(IDurableFiles files, string directory, ILogger log)
    {
        _log = log;
        _file = new SnapshotFile<Wire.TermsSnapshot>(files, Path.Combine(directory, "terms.snapshot"), Wire.TermsSnapshot.Parser);
        var kept = _file.Read(out var damaged);
        if (damaged) SnapshotLog.Damaged(log, "terms");
        if (kept is not null) _now = Read(kept);
    }

    public TermsSnapshot Now => _now;

    public void Replace(Wire.TermsSnapshot snapshot)
    {
        var read = Read(snapshot);
        _file.Write(snapshot);
        _now = read;
    }

    private TermsSnapshot Read(Wire.TermsSnapshot snapshot)
    {
        var terms = new List<AccountTerms>(snapshot.AccountTermsJson.Count);
        foreach (var json in snapshot.AccountTermsJson)
        {
            var reading = AccountTermsJson.Read(json.Memory);
            if (reading.Terms is { } read) terms.Add(read);
            else SnapshotLog.TermsUnreadable(_log, snapshot.Version, string.Join("; ", reading.Mistakes.Take(3)));
        }
        return new TermsSnapshot(snapshot.Version, terms);
    }
}

internal static partial class SnapshotLog
{
    [LoggerMessage(6301, LogLevel.Warning, "The kept {What} snapshot is damaged and not believed; it is fetched again.")]
    public static partial void Damaged(ILogger log, string what);

    [LoggerMessage(6302, LogLevel.Warning, "Terms of snapshot {Version} cannot be read by this program and are left out; the account's parcels are Pending: {Mistakes}")]
    public static partial void TermsUnreadable(ILogger log, ulong version, string mistakes);

    [LoggerMessage(6303, LogLevel.Error, "A manifest update to version {Version} is larger than any depot's and was refused.")]
    public static partial void ManifestTooLarge(ILogger log, ulong version);
}
