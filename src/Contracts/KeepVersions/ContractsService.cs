using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.InForce;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Contracts.Watching;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>The RPCs of contract versions.</summary>
internal sealed class ContractsService(ImportDocument import, MoveVersion move, ReadVersions read, SetAuthority authority, WatchTerms watch, Obligations.KeepObligations obligations, ContractTerms terms) : Api.Contracts.V1.Contracts.ContractsBase
{
    public override Task<CheckDocumentReply> Check(CheckDocumentRequest request, ServerCallContext context)
    {
        var reading = ImportDocument.Read(request.Document).OrThrow();
        var reply = new CheckDocumentReply { Mistakes = { ImportDocument.Mistakes(request.Document, reading) } };
        reply.Versions.AddRange(reading.Versions.Select(static v => new CheckedVersion
        {
            Contract = v.Contract, Version = v.Version, Account = v.Account, Hash = Google.Protobuf.ByteString.CopyFrom(StoredVersions.HashOf(v)), Clauses = { ClauseTexts.Of(v) }, NameZh = v.NameZh, NameEn = v.NameEn,
        }));
        return Task.FromResult(reply);
    }

    public override async Task<ImportDocumentReply> Import(ImportDocumentCommand request, ServerCallContext context) =>
        (await import.RunAsync(request, context.CancellationToken)).OrRefusal(static refused => new ImportDocumentReply { Refused = refused });

    public override Task<VersionReply> Amend(AmendCommand request, ServerCallContext context) => AnswerAsync(import.AmendAsync(request, context.CancellationToken));

    public override async Task<ListVersionsReply> List(ListVersionsRequest request, ServerCallContext context) => (await read.ListAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<VersionView> Read(ReadVersionRequest request, ServerCallContext context) => (await read.ReadAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DiffVersionsReply> Diff(DiffVersionsRequest request, ServerCallContext context) => (await read.DiffAsync(request, context.CancellationToken)).OrThrow();

    public override Task<VersionReply> Propose(ProposeCommand request, ServerCallContext context) => AnswerAsync(move.ProposeAsync(request, context.CancellationToken));

    public override Task<VersionReply> Withdraw(VersionCommand request, ServerCallContext context) => AnswerAsync(move.WithdrawAsync(request, context.CancellationToken));

    public override Task<VersionReply> Approve(VersionCommand request, ServerCallContext context) => AnswerAsync(move.ApproveAsync(request, context.CancellationToken));

    public override Task<VersionReply> Reject(VersionCommand request, ServerCallContext context) => AnswerAsync(move.RejectAsync(request, context.CancellationToken));

    public override Task<VersionReply> Announce(AnnounceCommand request, ServerCallContext context) => AnswerAsync(move.AnnounceAsync(request, context.CancellationToken));

    public override async Task<VersionReply> Sign(SignCommand request, ServerCallContext context)
    {
        var reply = await AnswerAsync(move.SignAsync(request, context.CancellationToken));
        // Whoever signs and then registers a parcel finds the version in force.
        await terms.LookAsync(context.CancellationToken);
        return reply;
    }

    public override async Task<VersionReply> End(EndCommand request, ServerCallContext context)
    {
        var reply = await AnswerAsync(move.EndAsync(request, context.CancellationToken));
        await terms.LookAsync(context.CancellationToken);
        return reply;
    }

    public override async Task<ListAlertsReply> ListAlerts(ListAlertsRequest request, ServerCallContext context) => (await watch.ListAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<ListObligationsReply> ListObligations(ListObligationsRequest request, ServerCallContext context) => (await obligations.ListAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<MeetObligationReply> MeetObligation(MeetObligationCommand request, ServerCallContext context) =>
        (await obligations.MeetAsync(request, context.CancellationToken)).OrRefusal(static refused => new MeetObligationReply { Refused = refused });

    public override Task<ListAuthorityReply> ListAuthority(ListAuthorityRequest request, ServerCallContext context) => authority.ListAsync(context.CancellationToken);

    public override async Task<SetAuthorityReply> SetAuthority(SetAuthorityCommand request, ServerCallContext context) =>
        (await authority.RunAsync(request, context.CancellationToken)).OrRefusal(static refused => new SetAuthorityReply { Refused = refused });

    private static async Task<VersionReply> AnswerAsync(Task<Outcome<VersionReply>> act) => (await act).OrRefusal(static refused => new VersionReply { Refused = refused });
}
