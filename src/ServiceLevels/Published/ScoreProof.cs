using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Proving;

namespace KeyAccountLogistics.ServiceLevels.Published;

/// <summary>The extract of a period as a file, and its check without a backend. Safe on any thread.</summary>
public static class ScoreProof
{
    /// <summary>Writes what the backend sends as a zip file; throws <see cref="InvalidDataException"/> when it ends too early.</summary>
    public static Task WriteAsync(IAsyncEnumerable<ProofPart> parts, Stream target, CancellationToken ct) => ProofFile.WriteAsync(parts, target, ct);

    /// <summary>Computes the score again from the events of the file and says what does not fit; a <see cref="Fault.Invalid"/> for what is no extract.</summary>
    /// <param name="file">The zip file; can seek.</param>
    /// <param name="ct">Stops it.</param>
    public static Task<Outcome<ProofAnswer>> CheckAsync(Stream file, CancellationToken ct) => CheckProof.RunAsync(file, ct);
}

/// <summary>What a check found.</summary>
/// <param name="Account">Whose extract.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Agrees">Everything fits: nothing was found.</param>
/// <param name="Findings">One sentence each.</param>
/// <param name="Score">As computed from the events; empty for none.</param>
/// <param name="Grade">Likewise.</param>
/// <param name="Reason">Why there is no score.</param>
/// <param name="Subjects">Parcels and orders.</param>
/// <param name="Events">Events, each with its hash computed.</param>
/// <param name="Chains">Chains that events stand in.</param>
/// <param name="Links">Neighbours in a chain whose link was proved.</param>
/// <param name="Gaps">Places where events of others stand between, of which only the last hash is known.</param>
/// <param name="Documents">Signed contract versions read.</param>
public sealed record ProofAnswer(
    string Account, string From, string To, bool Agrees, IReadOnlyList<string> Findings, string Score, string Grade, string Reason, long Subjects, long Events, int Chains, long Links, long Gaps, int Documents);
