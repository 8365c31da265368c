using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Benchmarks.Ingest;

/// <summary>A morning of several depots: weighings and scans of parcels, as agents journal them. The same number gives the same bytes.</summary>
internal sealed class Workload
{
    internal const int BatchEvents = 500;
    internal const int Agents = 8;
    internal const int Depots = 8;
    internal const int WindowBatches = 2;   // unacknowledged batches per agent; the edge link's window would allow more
    private static readonly ByteString Frame = ByteString.CopyFromUtf8("S S     2.345 kg\r\n");
    private const int UnknownEvery = 20;
    private static readonly string[] Nodes = ["HZ01", "HZ02", "SH01", "NJ04", "NB02", "WX01", "SZ03", "CZ01"];

    internal Workload(int events)
    {
        Batches = new Batch[Agents][];
        var perAgent = events / Agents / BatchEvents;
        for (var agent = 0; agent < Agents; agent++)
        {
            Batches[agent] = new Batch[perAgent];
            for (var b = 0; b < perAgent; b++) Batches[agent][b] = Make(agent, b, perAgent);
        }
        Events = perAgent * Agents * BatchEvents;
        BodyBytes = Batches.SelectMany(a => a).Sum(b => b.Bodies.Sum(body => (long)body.Length)) / Math.Max(1, Events);
    }

    internal Batch[][] Batches { get; }

    internal int Events { get; }

    internal long BodyBytes { get; }

    /// <summary>The depot an agent stands in.</summary>
    internal static string NodeOf(int agent) => Nodes[agent % Nodes.Length];

    /// <summary>Where an agent's parcels go.</summary>
    internal static string DestinationOf(int agent) => Nodes[(agent + 1) % Nodes.Length];

    /// <summary>The parcels of an agent that a client has registered: all but every twentieth, which nobody announced.</summary>
    internal IEnumerable<string> RegisteredOf(int agent) =>
        Batches[agent].SelectMany(static b => b.Parcels).Distinct(StringComparer.Ordinal).Where(static (_, i) => i % UnknownEvery != 0);

    internal sealed record Batch(int Agent, long FirstSequence, ReadOnlyMemory<byte>[] Bodies, string[] Parcels, short[] Kinds, long[] CapturedUs, Guid[] Ids);

    private static Batch Make(int agent, int index, int perAgent)
    {
        var batch = new Batch(agent, ((long)index * BatchEvents) + 1, new ReadOnlyMemory<byte>[BatchEvents], new string[BatchEvents], new short[BatchEvents], new long[BatchEvents], new Guid[BatchEvents]);
        for (var i = 0; i < BatchEvents; i++)
        {
            var number = ((long)index * BatchEvents) + i;
            // Each parcel is scanned, weighed, scanned, weighed, scanned, or the other way round: five visits spread over the agent's morning.
            var parcels = Math.Max(1, perAgent * BatchEvents / 5);
            var isScan = ((number / parcels) + number) % 2 == 0;
            var at = 1_767_225_600_000_000L + (number * 4_000) + agent;
            var fact = Fact(agent, number, (agent * 1_000_000L) + (number % parcels), isScan, at);
            batch.Bodies[i] = fact.ToByteArray();
            batch.Parcels[i] = fact.Parcel;
            batch.Kinds[i] = (short)fact.Kind;
            batch.CapturedUs[i] = at;
            batch.Ids[i] = Uuid.From(fact.Id.Span);
        }
        return batch;
    }

    internal static string CodeOf(long parcel) => "KA" + parcel.ToString("D10", CultureInfo.InvariantCulture);

    private static ParcelEvent Fact(int agent, long number, long parcel, bool isScan, long at)
    {
        var fact = new ParcelEvent
        {
            Id = ByteString.CopyFrom(Version7(at, agent, number)), Kind = isScan ? EventKind.Scanned : EventKind.Weighed, Parcel = CodeOf(parcel), OccurredAtUs = at,
            CapturedAtUs = at, MonotonicUs = 60_000_000 + (number * 4_000), Node = NodeOf(agent), Station = "S2", Device = "scanner-2", Actor = "P-1042", TermsVersion = 7,
        };
        if (fact.Kind == EventKind.Scanned) fact.Scan = new Scan { Raw = ByteString.CopyFromUtf8("]C0" + fact.Parcel + "\r\n"), Symbology = "]C0", Text = fact.Parcel };
        else fact.Weight = Weighing();
        return fact;
    }

    private static Weight Weighing() => new()
    {
        MassMg = 2_345_000, NumberSent = "2.345", UnitSent = "kg", Purpose = WeightPurpose.Depot, Protocol = "mt-sics", Frames = { Frame, Frame, Frame, Frame },
        Scale = new Scale { Device = "scale-2", Serial = "B402117", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, VerifiedUntilDay = 20_800 },
        Verdict = new WeighVerdict
        {
            Billing = BillingAnswer.Within, Integrity = IntegrityAnswer.Intact, DeclaredMg = 2_340_000, HandedOnMg = 2_341_000, BillingLimitMg = 10_000, IntegrityLimitMg = 20_000,
            BillsMg = 2_500_000, DeclaredBillsMg = 2_500_000, Clause = "W-2", Contract = "KA-2026-0001", ContractVersion = 3, HasDeclared = true, HasHandedOn = true,
        },
    };

    private static byte[] Version7(long us, int agent, long number)
    {
        var bytes = Uuid.Bytes(NamedId.From("bench", string.Create(CultureInfo.InvariantCulture, $"{agent}/{number}")));
        var ms = us / 1_000;
        for (var i = 0; i < 6; i++) bytes[i] = (byte)((ms >> (40 - (8 * i))) & 0xFF);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        return bytes;
    }
}
