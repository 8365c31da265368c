using System.Security.Cryptography;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Custody.Import;

/// <summary>From a row of a file to what it says. Pure; a value that cannot be used throws <see cref="BadValueException"/>.</summary>
internal static class ReadRows
{
    /// <summary>A clock may be a little ahead; a day that has not come is a mistake in the file.</summary>
    private static readonly Duration FutureMax = Duration.FromMinutes(5);

    internal static ShipmentLine Shipment(SourceRow row)
    {
        var currency = row.Text("currency");
        return new ShipmentLine
        {
            Waybill = row.Needed("waybill"), Account = row.Needed("account"), Product = row.Text("product"), Origin = row.Text("origin"), Destination = row.Text("destination"),
            AcceptedAtUs = row.Micros("accepted_at"), PromisedByUs = row.Micros("promised_by"), DeclaredMg = row.Milligrams("declared_grams"),
            LengthMm = row.Whole("length_mm"), WidthMm = row.Whole("width_mm"), HeightMm = row.Whole("height_mm"),
            DeclaredValueMinor = row.Minor("declared_value", currency), CodMinor = row.Minor("cod_amount", currency), FreightCollectMinor = row.Minor("freight_collect", currency),
            Currency = currency, Pieces = row.Whole("pieces"), Fragile = row.Flag("fragile"), Seal = row.Text("seal"),
            LongitudeE5 = row.DegreesE5("longitude", 180), LatitudeE5 = row.DegreesE5("latitude", 90), Gates = { Gates(row) },
        };
    }

    /// <summary>The same row gives the same event, byte for byte: that is what makes a second import change nothing.</summary>
    internal static ParcelEvent Event(SourceRow row, ImportMap map, string source, WaybillScheme waybills, Instant now)
    {
        var id = row.Needed("event_id");
        if (!ParcelCode.TryRead(row.Needed("waybill"), waybills, out var code, out var flaw))
            throw new BadValueException("waybill", "waybill.unreadable", $"'{SourceRow.Shown(row.Text("waybill"))}' is no waybill number ({flaw}).");
        var word = map.KindOf(row.Needed("kind"));
        if (!EventWords.TryRead(word, out var kind)) throw new BadValueException("kind", "event.kind", $"'{SourceRow.Shown(word)}' is no kind of event.");
        var (occurred, captured) = (row.Micros("occurred_at"), row.Micros("captured_at"));
        if (occurred == 0 && captured == 0) throw new BadValueException("occurred_at", "field.missing", "Neither occurred_at nor captured_at is given.");
        if (Math.Max(occurred, captured) > (now + FutureMax).ToUnixMicros()) throw new BadValueException(captured > occurred ? "captured_at" : "occurred_at", "time.future", "The time has not come yet.");
        var e = new ParcelEvent
        {
            Id = IdOf(id, source), Kind = kind, Parcel = code.Text, OccurredAtUs = occurred, CapturedAtUs = captured, Node = row.Text("node"), NextNode = row.Text("next_node"),
            Device = row.Text("device"), Actor = row.Text("actor"), Reason = row.Text("reason"), Action = row.Text("action"), Place = row.Text("place"), Reference = row.Text("reference"),
        };
        var mass = row.Milligrams("grams");
        // No scale is known of a weight from a file: it counts as typed, and says so for ever.
        if (mass > 0) e.Weight = new Weight { MassMg = mass, NumberSent = row.Text("grams"), UnitSent = map.MassUnit, Typed = true, TypedReason = "imported" };
        return e;
    }

    // departed_node=2026-10-12T20:00:00+08:00;arrived_node=…
    private static IEnumerable<PromiseGate> Gates(SourceRow row) => row.Text("gates").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one =>
        one.Split('=', 2) is [var gate, var by]
            ? new PromiseGate { Gate = gate.Trim(), ByUs = row.MicrosOf("gates", by.Trim()) }
            : throw new BadValueException("gates", "gates.malformed", $"'{SourceRow.Shown(one)}' is no milestone; write arrived_node=2026-10-12T08:00:00+08:00, several with ; between them."));

    /// <summary>
    /// A fact of an account's service. No column names the event: its id follows from the source and from everything the row says, so that the same row is the same event, and another
    /// word on the same fact another one.
    /// </summary>
    internal static ParcelEvent Service(SourceRow row, ImportMap map, string source, WaybillScheme waybills, Instant now)
    {
        var word = map.KindOf(row.Needed("kind"));
        if (ServiceWords.Read(word) is not { } kind)
            throw new BadValueException("kind", "event.kind", $"'{SourceRow.Shown(word)}' is none of {string.Join(", ", ServiceWords.All)}.");
        row.Needed("told_at");
        var (account, told, currency) = (row.Needed("account"), row.Micros("told_at"), row.Text("currency"));
        if (told > (now + FutureMax).ToUnixMicros()) throw new BadValueException("told_at", "time.future", "The time has not come yet.");
        var fact = new ServiceFact
        {
            Account = account, Revision = (uint)row.Whole("revision"), Parcel = ParcelOf(row, waybills), Contract = row.Text("contract"), ContractVersion = (uint)row.Whole("contract_version"),
            BeganUs = row.Micros("began_at"), DueUs = row.Micros("due_at"), DoneUs = row.Micros("done_at"), AmountMinor = row.Minor("amount", currency), BudgetMinor = row.Minor("budget", currency),
            HasBudget = row.Text("budget").Length > 0, Currency = currency, Failed = row.Flag("failed"), Title = row.Text("title"),
        };
        if (kind is EventKind.ComplaintStood)
        {
            fact.Complaint = new Complaint
            {
                About = row.Text("about"), OpenedUs = row.Micros("opened_at"), AnswerDueUs = row.Micros("answer_due_at"), AnsweredUs = row.Micros("answered_at"), StatuteDueUs = row.Micros("statute_due_at"),
                ClosedUs = row.Micros("closed_at"), ReopenedUs = row.Micros("reopened_at"), Found = row.Text("found"),
            };
        }
        if (ServiceWords.Flaw(kind, fact) is { } flaw) throw new BadValueException(flaw.Field, flaw.Code, flaw.Message);
        var e = new ParcelEvent { Kind = kind, OccurredAtUs = told, Node = row.Text("node"), Reason = row.Text("reason"), Reference = row.Needed("reference"), Service = fact };
        e.Id = IdOf(Convert.ToHexStringLower(SHA256.HashData(e.ToByteArray())), "service:" + source);
        return e;
    }

    private static string ParcelOf(SourceRow row, WaybillScheme waybills)
    {
        var text = row.Text("parcel");
        if (text.Length == 0) return "";
        return ParcelCode.TryRead(text, waybills, out var code, out var flaw) ? code.Text : throw new BadValueException("parcel", "waybill.unreadable", $"'{SourceRow.Shown(text)}' is no waybill number ({flaw}).");
    }

    private static ByteString IdOf(string text, string source)
    {
        var id = Guid.TryParse(text, out var given) && given != Guid.Empty ? given : NamedId.From("import:" + source, text);
        return ByteString.CopyFrom(id.ToByteArray(bigEndian: true));
    }
}
