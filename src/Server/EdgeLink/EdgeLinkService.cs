using System.Globalization;
using System.Runtime.CompilerServices;
using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Rpc = KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Server.EdgeLink;

/// <summary>Where depots' agents connect (design: the wire between depot and backend).</summary>
internal sealed class EdgeLinkService(
    IJournal journal, Evidence evidence, IdentityDb db, OpenLinks links, IEnumerable<IDepotFeed> feeds, LinkLimits limits, TimeProvider time, ILogger<EdgeLinkService> log)
    : Rpc.EdgeLink.EdgeLinkBase
{
    private const int UnsentBootsMax = 1_000;

    public override async Task Connect(IAsyncStreamReader<DepotMessage> requestStream, IServerStreamWriter<BackendMessage> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var caller = context.Who().Caller;
        // The client sees the answer's headers now and not after the welcome's queries: it must not take the silence for a dead server.
        await context.WriteResponseHeadersAsync([]);
        var hello = await ReadHelloAsync(requestStream, ct);
        RpcFaults.ThrowIf(Refuse(hello, caller.Id));
        await NoteContactAsync(caller.Id, hello.Software, ct);
        var link = new Link(caller.Id, caller.Depots![0], new LinkServices(journal, links, [.. feeds], limits, time, log), requestStream, responseStream);
        await link.RunAsync(hello, ct);
    }

    public override async Task<BlobStored> UploadBlob(IAsyncStreamReader<BlobPart> requestStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        if (!await requestStream.MoveNext(ct)) throw new Fault.Invalid("event_id", "evidence.empty", "Nothing was sent.").ToRpc();
        var first = requestStream.Current;
        var source = JournalSource.Agent(context.Who().Caller.Id).Name;
        var stored = await evidence.TakeAsync(
            new EvidenceHead(first.EventId.Memory, first.Sha256.Memory, first.Length), (from, _) => string.Equals(from, source, StringComparison.Ordinal), ContentAsync(first, requestStream, ct), ct);
        stored.OrThrow();
        return new BlobStored { Sha256 = first.Sha256 };
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ContentAsync(BlobPart first, IAsyncStreamReader<BlobPart> rest, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return first.Content.Memory;
        while (await rest.MoveNext(ct)) yield return rest.Current.Content.Memory;
    }

    private async Task<Hello> ReadHelloAsync(IAsyncStreamReader<DepotMessage> up, CancellationToken ct)
    {
        bool came;
        try
        {
            came = await up.MoveNext(ct).WaitAsync(limits.HelloWithin, time, ct);
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"No hello came within {limits.HelloWithin.TotalSeconds:0} s.")));
        }
        return came && up.Current.BodyCase == DepotMessage.BodyOneofCase.Hello
            ? up.Current.Hello
            : throw new Fault.Invalid("hello", "link.no_hello", "A link begins with a hello.").ToRpc();
    }

    private static Fault? Refuse(Hello hello, string caller)
    {
        if (!string.Equals(hello.Agent, caller, StringComparison.Ordinal))
            return new Fault.Forbidden("link.other_agent", $"The token is of agent {caller}, the hello of another.");
        if (hello.Boot.Length != 16) return new Fault.Invalid("hello.boot", "link.boot", "A boot id is 16 bytes.");
        return hello.Unsent.Count > UnsentBootsMax
            ? new Fault.Invalid("hello.unsent", "link.too_many_boots", $"At most {UnsentBootsMax} boots with unsent events are named at once; send the oldest first.")
            : null;
    }

    private Task NoteContactAsync(string agent, string software, CancellationToken ct)
    {
        var now = time.Now();
        var shown = software.Length <= Agent.NameMax ? software : software[..Agent.NameMax];
        return db.TakeTurnAsync(turn => db.Agents.Where(a => a.Id == agent)
            .ExecuteUpdateAsync(s => s.SetProperty(a => a.LastContactAt, now).SetProperty(a => a.Software, shown), turn), ct);
    }
}
