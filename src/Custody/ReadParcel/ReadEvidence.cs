using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>The photo or signature that an event names, for callers who may see the event and hold the permission to reveal.</summary>
internal sealed class ReadEvidence(ReadRawEvent events, Evidence evidence)
{
    internal const int PartBytes = 256 * 1024;

    internal async Task RunAsync(GetEvidenceRequest ask, IServerStreamWriter<EvidencePart> down, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(ask.Reason)) throw new Fault.Invalid("reason", "reason.missing", "Say why the picture is needed; the reason is kept with the audit record.").ToRpc();
        var found = (await events.FindAsync(ask.EventId, ct)).OrThrow();
        if (found.Kind is EventKind.Unspecified) throw new Fault.NotFound("evidence.none", $"The event {found.Id} names no photo or signature.").ToRpc();
        var content = (await evidence.ReadAsync(found, ask.Sha256.Memory, ct)).OrThrow();
        var hash = ask.Sha256.IsEmpty ? ByteString.CopyFrom(Evidence.HashOf(found.Parse()).Span) : ask.Sha256;
        for (var at = 0; at < content.Length; at += PartBytes)
        {
            var part = new EvidencePart { Content = ByteString.CopyFrom(content.AsSpan(at, Math.Min(PartBytes, content.Length - at))) };
            if (at == 0) (part.EventId, part.Sha256, part.Length) = (ByteString.CopyFrom(found.Id.ToByteArray(bigEndian: true)), hash, content.Length);
            await down.WriteAsync(part, ct);
        }
    }
}
