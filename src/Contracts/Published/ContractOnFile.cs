using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Contracts.Reading;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>A contract document in a file, read and compiled: its versions rate without a database. Immutable, thread-safe.</summary>
public sealed class ContractOnFile
{
    private ContractOnFile(string path, ImmutableArray<ContractVersion> versions) => (Path, Versions) = (path, versions);

    internal static ContractOnFile Of(ContractVersion version) => new(version.ToString(), [version]);

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    /// <summary>The contract's number.</summary>
    public string Contract => Versions[0].Contract;

    /// <summary>The account's code.</summary>
    public string Account => Versions[0].Account;

    /// <summary>ISO 4217.</summary>
    public string Currency => Versions[0].Currency;

    internal ImmutableArray<ContractVersion> Versions { get; }

    /// <summary>
    /// Reads a document with the tables beside it. Faults with every mistake of it, one a line; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where a file cannot be read (<see cref="DocumentFile.Read"/>).
    /// </summary>
    public static Outcome<ContractOnFile> Open(string path)
    {
        var reading = ContractText.Read(DocumentFile.Read(path), table => DocumentFile.Beside(path, table));
        if (reading.Versions.IsEmpty) return new Fault.Invalid("contract", "contract.mistakes", $"{path} has mistakes:{Environment.NewLine}{string.Join(Environment.NewLine, reading.Mistakes)}");
        return new ContractOnFile(path, reading.Versions);
    }

    /// <summary>The versions as they are in force: the moment of acceptance picks.</summary>
    public RateInForce InForce() => new(Versions.Select(v => RateProgram.Compile(v)));

    /// <summary>The last version, for any moment: what an invoice without dates is held to, or a draft beside a past period.</summary>
    internal RateProgram AnyMoment() => RateProgram.Compile(Versions[^1], anyMoment: true);

    /// <summary>The versions, ready to pick from by the moment of acceptance; a file's only version also without one.</summary>
    internal ProgramsByMoment Programs() => new([.. Versions.Select(v => RateProgram.Compile(v))]);
}

/// <summary>The programs of one contract, picked by the moment of acceptance.</summary>
internal sealed class ProgramsByMoment
{
    private readonly RateProgram[] _latestFirst;

    internal ProgramsByMoment(IEnumerable<RateProgram> programs)
    {
        _latestFirst = [.. programs.OrderByDescending(p => p.Version.EffectiveFrom).ThenByDescending(p => p.Version.Version)];
        LinesMax = _latestFirst.Max(p => p.LinesMax);
    }

    internal int LinesMax { get; }

    internal RateProgram Latest => _latestFirst[0];

    /// <summary>The program of a shipment, or the reason why there is none.</summary>
    internal RateProgram? For(ShipmentToRate shipment, out RateRefusal why)
    {
        why = RateRefusal.None;
        if (_latestFirst.Length == 1) return _latestFirst[0];
        if (shipment.Accepted is not { } accepted)
        {
            why = RateRefusal.NoAcceptance;
            return null;
        }
        foreach (var program in _latestFirst)
        {
            if (program.Version.Covers(accepted)) return program;
        }
        why = RateRefusal.NotInForce;
        return null;
    }
}
