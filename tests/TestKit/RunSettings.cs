using System.Globalization;
using System.Security.Cryptography;

namespace KeyAccountLogistics.TestKit;

/// <summary>
/// What a run draws its choices from, and how long it goes on. The suite repeats itself exactly; a soak run (tests/soak.sh) says otherwise:
/// KAL_SEED=n replays a seed, KAL_SEED=fresh draws one, KAL_KILLS=n kills so often, KAL_PROBLEMS=n draws so many routing problems, KAL_FUZZ_BYTES=n feeds the decoders so much.
/// </summary>
public static class RunSettings
{
    private static readonly ulong? Given = Environment.GetEnvironmentVariable("KAL_SEED") switch
    {
        null or "" => null,
        "fresh" => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
        var text => ulong.Parse(text, CultureInfo.InvariantCulture),
    };

    /// <summary>The published program (KAL_PROGRAM), which tests/run.sh has built; without it tests start the one beside them.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("KAL_PROGRAM") is { Length: > 0 } path ? path : null;

    /// <summary>How often each test of kills kills.</summary>
    public static int Kills { get; } = int.Parse(Environment.GetEnvironmentVariable("KAL_KILLS") is { Length: > 0 } text ? text : "12", CultureInfo.InvariantCulture);

    /// <summary>How many random routing problems are solved and their plans checked.</summary>
    public static int RoutingProblems { get; } = int.Parse(Environment.GetEnvironmentVariable("KAL_PROBLEMS") is { Length: > 0 } text ? text : "5000", CultureInfo.InvariantCulture);

    /// <summary>How many random and mutated bytes go through the decoders.</summary>
    public static long FuzzBytes { get; } = long.Parse(Environment.GetEnvironmentVariable("KAL_FUZZ_BYTES") is { Length: > 0 } text ? text : "10000000", CultureInfo.InvariantCulture);

    /// <summary>The seed of this run: the given one, else the test's own.</summary>
    public static ulong SeedOr(ulong ownSeed) => Given ?? ownSeed;

    /// <summary>A source of choices for a seed.</summary>
    public static Random RandomOf(ulong seed) => new(unchecked((int)(seed ^ (seed >> 32))));
}
