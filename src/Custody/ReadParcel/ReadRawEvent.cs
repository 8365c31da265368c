using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>An event down to its bytes: as journalled, its place in the chain, the frames a device sent.</summary>
internal sealed class ReadRawEvent(CustodyDb db, IJournalReader journal, ICallerScope caller)
{
    internal async Task<Outcome<RawEvent>> RunAsync(string eventId, CancellationToken ct)
    {
        var found = await FindAsync(eventId, ct);
        if (!found.IsOk) return found.Fault;
        var e = found.Value;
        if (await journal.ProvenanceAsync(e, ct) is not { } from) return Unknown(eventId);
        var raw = new RawEvent
        {
            EventId = e.Id.ToString(), Body = ByteString.CopyFrom(e.Body.Span), Source = from.Source, Boot = from.Boot?.ToString() ?? "",
            Sequence = checked((ulong)(e.Sequence ?? 0)), ChainIndex = e.ChainIndex, PreviousHash = ByteString.CopyFrom(from.PreviousHash.Span),
            Hash = ByteString.CopyFrom(e.Hash.Span), ReceivedAtUs = e.ReceivedAt.ToUnixMicros(),
        };
        // A rejected event has bytes and no meaning.
        if (e.Kind is EventKind.Unspecified) return raw;
        raw.Event = e.Parse();
        raw.Frames.AddRange(FramesOf(raw.Event).Select(bytes => new RawFrame { Bytes = bytes, Text = Printable(bytes.Span) }));
        return raw;
    }

    /// <summary>The event, when there is one and the caller may see it.</summary>
    internal async Task<Outcome<JournalledEvent>> FindAsync(string eventId, CancellationToken ct)
    {
        if (!Guid.TryParse(eventId, out var id)) return new Fault.Invalid("event_id", "event.id", "The event id is no UUID.");
        return await journal.FindAsync(id, ct) is { } e && await MaySeeAsync(e, ct) ? e : Unknown(eventId);
    }

    private static Fault.NotFound Unknown(string eventId) => new("event.unknown", $"No event is known under {eventId}.");

    // Events without a parcel (handovers as a whole, devices) may name parcels of any account: only who sees all of them reads those.
    private async Task<bool> MaySeeAsync(JournalledEvent e, CancellationToken ct) =>
        e.ParcelId is { } parcel ? await db.Parcels.AnyAsync(p => p.Id == parcel, ct) : caller.Current.Accounts is null;

    private static IEnumerable<ByteString> FramesOf(ParcelEvent e) =>
        (e.Weight?.Frames ?? Enumerable.Empty<ByteString>()).Concat(e.Scan is { Raw.Length: > 0 } scan ? [scan.Raw] : []);

    /// <summary>Printable ASCII as it is, control characters by name, other bytes in hexadecimal.</summary>
    internal static string Printable(ReadOnlySpan<byte> bytes)
    {
        string[] names =
        [
            "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN",
            "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
        ];
        var text = new StringBuilder(bytes.Length + 16);
        foreach (var b in bytes)
        {
            if (b < 32) text.Append('<').Append(names[b]).Append('>');
            else if (b < 127) text.Append((char)b);
            else text.Append('<').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)).Append('>');
        }
        return text.ToString();
    }
}
