using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.ServiceLevels.Proving;

/// <summary>A parcel, an order or a fact of service as it stands in an extract, and back to what the pure functions read.</summary>
internal static class ProofSubjects
{
    internal const string Parcel = "parcel", Order = "order", Fact = "fact";

    internal static ProofSubject Of(WholeLife life, IEnumerable<ExtractedEvent> events) => new() { Kind = Parcel, Code = life.Code, Shipment = life.Shipment is { } s ? Of(s) : null, Events = { events.Select(Of) } };

    internal static ProofSubject Of(PickupOutcome order, IEnumerable<ExtractedEvent> events) => new() { Kind = Order, Code = order.Order, Events = { events.Select(Of) } };

    /// <summary>Its code is the subject without its letter: kind, account, name.</summary>
    internal static ProofSubject Of(FactHistory fact, IEnumerable<ExtractedEvent> events) => new() { Kind = Fact, Code = fact.Key.Subject[FactKey.Prefix.Length..], Events = { events.Select(Of) } };

    /// <summary>What a subject adds, by its events alone. The same functions as in the backend: nothing is reckoned here.</summary>
    internal static Contribution Ask(ProofSubject subject, string account, TermsSnapshot terms)
    {
        var facts = subject.Events.Select(static e => (Event: ParcelEvent.Parser.ParseFrom(e.Body), Read: e)).ToList();
        if (subject.Kind is Order)
        {
            var order = PickupOutcomes.Of(subject.Code, facts.Select(static f => (f.Event, new AdjudgedInterval(Clock.FromUnixMicros(f.Read.EarliestUs), Clock.FromUnixMicros(f.Read.BestUs), Clock.FromUnixMicros(f.Read.LatestUs)))));
            return order is null ? new Contribution() : ContributeOrder.Of(order, terms);
        }
        var lived = facts.Select(static f => new LivedFact(f.Event, f.Read.EarliestUs, f.Read.BestUs, f.Read.LatestUs, f.Read.ReceivedUs, SourceOf(f.Read.Source)));
        if (subject.Kind is Fact) return FactKey.Read(FactKey.Prefix + subject.Code) is { } key ? ContributeFact.Of(new FactHistory(key, [.. lived]), terms) : new Contribution();
        return ContributeParcel.Of(new WholeLife(0, subject.Code, account, subject.Shipment is { } s ? Read(s, subject.Code) : null, ParcelLives.Counting(lived)), terms);
    }

    internal static ExtractedEvent Read(ProofEvent e) => new(
        e.Source, e.ChainIndex, e.Boot.Length == 0 ? Guid.Empty : IdOf(e.Boot), e.Sequence, IdOf(e.Id), (EventKind)e.Kind, null, e.ReceivedUs, e.EarliestUs, e.BestUs, e.LatestUs, e.Evidence.Memory, e.Body.Memory, e.Previous.Memory, e.Hash.Memory);

    /// <summary>What kind of source a chain is of, by its name.</summary>
    internal static SourceKind SourceOf(string chain) => chain switch
    {
        "server" => SourceKind.Server,
        _ when chain.StartsWith("import:", StringComparison.Ordinal) => SourceKind.Import,
        _ when chain.StartsWith("agent:", StringComparison.Ordinal) => SourceKind.Agent,
        _ when chain.StartsWith("device:", StringComparison.Ordinal) => SourceKind.Device,
        _ => default,
    };

    private static Guid IdOf(ByteString id) => id.Length == 16 ? Uuid.From(id.Span) : throw new InvalidDataException("An id has 16 bytes.");

    private static ProofEvent Of(ExtractedEvent e) => new()
    {
        Source = e.Source, ChainIndex = e.ChainIndex, Boot = e.Boot == Guid.Empty ? ByteString.Empty : ByteString.CopyFrom(Uuid.Bytes(e.Boot)), Sequence = e.Sequence, Id = ByteString.CopyFrom(Uuid.Bytes(e.Id)), Kind = (int)e.Kind,
        ReceivedUs = e.ReceivedUs, EarliestUs = e.EarliestUs, BestUs = e.BestUs, LatestUs = e.LatestUs, Evidence = UnsafeByteOperations.UnsafeWrap(e.Evidence), Body = UnsafeByteOperations.UnsafeWrap(e.Body),
        Previous = UnsafeByteOperations.UnsafeWrap(e.Previous), Hash = UnsafeByteOperations.UnsafeWrap(e.Hash),
    };

    private static ProofShipment Of(RegisteredShipment s)
    {
        var shipment = new ProofShipment { Product = s.Product, Origin = s.Origin, Destination = s.Destination, Insured = s.Insured, Gates = { s.Gates.Select(static g => new ProofGate { Gate = g.Gate, ByUs = g.ByUs }) } };
        if (s.AcceptedUs is { } accepted) shipment.AcceptedUs = accepted;
        if (s.PromisedUs is { } promised) shipment.PromisedUs = promised;
        if (s.PromiseClause is { } clause) shipment.PromiseClause = clause;
        if (s.Contract is { } contract) shipment.Contract = contract;
        if (s.ContractVersion is { } version) shipment.ContractVersion = version;
        return shipment;
    }

    private static RegisteredShipment Read(ProofShipment s, string code) => new(
        code, s.Product, s.Origin, s.Destination, s.HasAcceptedUs ? s.AcceptedUs : null, s.HasPromisedUs ? s.PromisedUs : null, s.HasPromiseClause ? s.PromiseClause : null,
        [.. s.Gates.Select(static g => new Api.Custody.V1.PromiseGate { Gate = g.Gate, ByUs = g.ByUs })], s.Insured, s.HasContract ? s.Contract : null, s.HasContractVersion ? s.ContractVersion : null);
}
