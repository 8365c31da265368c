using System.Text;
using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Keeping;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal.Access;
using ChargeLine = KeyAccountLogistics.Api.Contracts.V1.ChargeLine;

namespace KeyAccountLogistics.Contracts.RateByRpc;

/// <summary>Rates one shipment, and holds an invoice against a version, for callers who see the account.</summary>
internal sealed class RateShipment(IRatesInForce rates, ReadVersions versions, ICallerScope callers)
{
    private const int PiecesMax = 1_000;
    private const int InvoiceBytesMax = 8 << 20;
    private const int ShipmentsBytesMax = 32 << 20;
    private static readonly long FarFutureUs = NodaTime.Instant.FromUtc(2200, 1, 1, 0, 0).ToUnixMicros();

    internal async Task<Outcome<RateReply>> RateAsync(RateRequest ask, CancellationToken ct)
    {
        var shipment = Read(ask.Shipment);
        if (!shipment.IsOk) return shipment.Fault;
        if (ask.Contract.Length > 0)
        {
            if (await versions.FindAsync(ask.Contract, ask.Version, ct) is not { } row) return ReadVersions.Unknown(ask.Contract, ask.Version);
            return StoredVersions.Document(row) is { } document ? Reply(RateOutcomes.Of(RateProgram.Compile(document, anyMoment: true), shipment.Value, ask.Trace)) : StoredVersions.Unreadable(row);
        }
        if (ask.Account.Length == 0) return new Fault.Invalid("account", "field.missing", "Say whose shipment it is, or by which contract it is to be rated.");
        if (callers.Current.Accounts is { } own && !own.Contains(ask.Account, StringComparer.Ordinal)) return ReadAccounts.Unknown(ask.Account);
        return Reply(rates.Now.Rate(ask.Account, shipment.Value, ask.Trace));
    }

    internal async Task<Outcome<IReadOnlyList<string>>> AuditAsync(IAsyncStreamReader<AuditPart> parts, CancellationToken ct)
    {
        if (!await parts.MoveNext(ct) || parts.Current.Header is not { } header) return new Fault.Invalid("header", "audit.header", "The first part must hold the header.");
        if (await versions.FindAsync(header.Contract, header.Version, ct) is not { } row) return ReadVersions.Unknown(header.Contract, header.Version);
        if (StoredVersions.Document(row) is not { } document) return StoredVersions.Unreadable(row);
        using var invoice = new MemoryStream();
        do
        {
            if (invoice.Length + parts.Current.Invoice.Length > InvoiceBytesMax) return new Fault.Exhausted("invoice.large", "An invoice has at most 8 MiB here; audit larger ones by kal audit.");
            invoice.Write(parts.Current.Invoice.Span);
        }
        while (await parts.MoveNext(ct));
        invoice.Position = 0;
        using var weights = Given(header.Weights);
        using var zones = Given(header.Zones);
        var output = new StringWriter();
        var done = AuditFile.Run(ContractOnFile.Of(document), new AuditFiles(invoice, weights, zones, header.Map.Length == 0 ? null : header.Map), json: true, output, ct);
        return done.IsOk ? output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : done.Fault;
    }

    internal async Task<Outcome<WhatIfReply>> WhatIfAsync(IAsyncStreamReader<WhatIfPart> parts, CancellationToken ct)
    {
        if (!await parts.MoveNext(ct) || parts.Current.Header is not { } header) return new Fault.Invalid("header", "what_if.header", "The first part must hold the header.");
        if (await versions.FindAsync(header.DraftContract, header.DraftVersion, ct) is not { } draftRow) return ReadVersions.Unknown(header.DraftContract, header.DraftVersion);
        var (contract, version) = header.AgainstContract.Length > 0 ? (header.AgainstContract, header.AgainstVersion) : (header.DraftContract, header.AgainstVersion > 0 ? header.AgainstVersion : (uint)draftRow.Version - 1);
        if ((version == 0 && header.AgainstContract.Length == 0) || await versions.FindAsync(contract, version, ct) is not { } againstRow) return ReadVersions.Unknown(contract, version);
        if (StoredVersions.Document(draftRow) is not { } draft) return StoredVersions.Unreadable(draftRow);
        if (StoredVersions.Document(againstRow) is not { } against) return StoredVersions.Unreadable(againstRow);
        ContractOnFile? costs = null;
        if (header.Costs.Length > 0)
        {
            var reading = ContractText.Read(header.Costs, static _ => null);
            if (!reading.Mistakes.IsEmpty) return new Fault.Invalid("header.costs", "costs.mistakes", $"The cost table has mistakes: {reading.Mistakes[0]}");
            costs = ContractOnFile.Of(reading.Versions[^1]);
        }
        using var shipments = new MemoryStream();
        do
        {
            if (shipments.Length + parts.Current.Shipments.Length > ShipmentsBytesMax) return new Fault.Exhausted("shipments.large", "A what-if takes at most 32 MiB of shipments here; ask larger ones by kal what-if.");
            shipments.Write(parts.Current.Shipments.Span);
        }
        while (await parts.MoveNext(ct));
        shipments.Position = 0;
        var done = WhatIfFile.Run(ContractOnFile.Of(draft), ContractOnFile.Of(against), costs, shipments, null, ct);
        return done.IsOk ? new WhatIfReply { Json = done.Value.ToJson() } : done.Fault;
    }

    private static MemoryStream? Given(string text) => text.Length == 0 ? null : new MemoryStream(Encoding.UTF8.GetBytes(text));

    private static RateReply Reply(RateOutcome outcome) => outcome switch
    {
        RateOutcome.Charged c => new RateReply
        {
            Charge = new Charge
            {
                Contract = c.Contract, Version = c.Version, TotalMinor = c.Total.Minor, Currency = c.Total.Currency, ChargeableMg = c.Chargeable.Milligrams, Trace = c.Trace,
                Lines = { c.Lines.Select(static l => new ChargeLine { Clause = l.Clause, Kind = l.Kind, AmountMinor = l.Amount.Minor, Zh = l.TextZh, En = l.TextEn }) },
            },
        },
        RateOutcome.Refused r => new RateReply { Refused = new NoPrice { Reason = r.Reason, Clause = r.Clause ?? "", Zh = r.TextZh, En = r.TextEn } },
        _ => throw new InvariantBrokenException("a rating is a charge or a refusal", null),
    };

    private static Outcome<ShipmentToRate> Read(Shipment? s)
    {
        if (s is null) return new Fault.Invalid("shipment", "field.missing", "The shipment is missing.");
        if (s.Pieces.Count is 0 or > PiecesMax) return new Fault.Invalid("shipment.pieces", "pieces.range", $"A shipment to rate has 1 to {PiecesMax} pieces.");
        if (s.AcceptedAtUs < 0 || s.AcceptedAtUs > FarFutureUs) return new Fault.Invalid("shipment.accepted_at_us", "instant.range", "The acceptance lies before 1970 or after 2200.");
        if (s.DeclaredValueMinor < -1) return new Fault.Invalid("shipment.declared_value_minor", "money.negative", "A declared value is not below zero; -1 stands for not insured.");
        if (s.CodMinor < 0) return new Fault.Invalid("shipment.cod_minor", "money.negative", "The amount to collect is below zero.");
        var pieces = new List<PieceToRate>(s.Pieces.Count);
        foreach (var piece in s.Pieces)
        {
            if (piece.WeightMg <= 0) return new Fault.Invalid("shipment.pieces", "mass.range", "A piece weighs more than nothing.");
            var measured = piece.LengthMm != 0 || piece.WidthMm != 0 || piece.HeightMm != 0;
            if (measured && Dimensions.TryFromMillimetres(piece.LengthMm, piece.WidthMm, piece.HeightMm) is null) return new Fault.Invalid("shipment.pieces", "sides.range", "Give all three sides of a piece, or none.");
            pieces.Add(new PieceToRate(Mass.FromMilligrams(piece.WeightMg), measured ? Dimensions.TryFromMillimetres(piece.LengthMm, piece.WidthMm, piece.HeightMm) : null));
        }
        return new ShipmentToRate
        {
            Waybill = s.Waybill, Service = s.Service, Origin = s.Origin, Destination = s.Destination, Zone = s.Zone.Length == 0 ? null : s.Zone,
            Accepted = s.AcceptedAtUs == 0 ? null : Clock.FromUnixMicros(s.AcceptedAtUs), Pieces = [.. pieces], DeclaredValueMinor = s.DeclaredValueMinor < 0 ? null : s.DeclaredValueMinor,
            CodMinor = s.CodMinor == 0 ? null : s.CodMinor, FreightCollect = s.FreightCollect, Fragile = s.Fragile, Returned = s.Returned, Redirected = s.Redirected, Marks = [.. s.Marks],
        };
    }
}

/// <summary>The RPCs of prices.</summary>
internal sealed class RatingService(RateShipment rate) : Api.Contracts.V1.Rating.RatingBase
{
    public override async Task<RateReply> Rate(RateRequest request, ServerCallContext context) => (await rate.RateAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<WhatIfReply> WhatIf(IAsyncStreamReader<WhatIfPart> requestStream, ServerCallContext context) => (await rate.WhatIfAsync(requestStream, context.CancellationToken)).OrThrow();

    public override async Task Audit(IAsyncStreamReader<AuditPart> requestStream, IServerStreamWriter<AuditLine> responseStream, ServerCallContext context)
    {
        foreach (var line in (await rate.AuditAsync(requestStream, context.CancellationToken)).OrThrow()) await responseStream.WriteAsync(new AuditLine { Json = line }, context.CancellationToken);
    }
}
