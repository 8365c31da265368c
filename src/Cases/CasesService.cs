using Grpc.Core;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.ActOn;
using KeyAccountLogistics.Cases.Answering;
using KeyAccountLogistics.Cases.Deciding;
using KeyAccountLogistics.Cases.Opening;
using KeyAccountLogistics.Cases.Reading;
using KeyAccountLogistics.Cases.Reopening;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases;

/// <summary>The RPCs of cases.</summary>
internal sealed class CasesService(ListCases list, ReadCase read, ReadPhoto photo, OpenCase open, AnswerCase answer, ActOnCase act, DecideCase decide, ReopenCase reopen) : Api.Cases.V1.Cases.CasesBase
{
    public override async Task<ListCasesReply> List(ListCasesRequest request, ServerCallContext context) => (await list.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<CaseView> Read(ReadCaseRequest request, ServerCallContext context) => (await read.RunAsync(request.CaseId, context.CancellationToken)).OrThrow();

    public override Task Photo(CasePhotoRequest request, IServerStreamWriter<EvidencePart> responseStream, ServerCallContext context) =>
        photo.RunAsync(request, responseStream, context.CancellationToken);

    public override async Task<CaseReply> Open(OpenCaseCommand request, ServerCallContext context) => OrRefusal(await open.RunAsync(request, context.CancellationToken));

    public override async Task<CaseReply> Answer(AnswerCaseCommand request, ServerCallContext context) => OrRefusal(await answer.RunAsync(request, context.CancellationToken));

    public override async Task<CaseReply> Act(ActOnCaseCommand request, ServerCallContext context) => OrRefusal(await act.RunAsync(request, context.CancellationToken));

    public override async Task<CaseReply> Decide(DecideCaseCommand request, ServerCallContext context) => OrRefusal(await decide.RunAsync(request, context.CancellationToken));

    public override async Task<CaseReply> Reopen(ReopenCaseCommand request, ServerCallContext context) => OrRefusal(await reopen.RunAsync(request, context.CancellationToken));

    // A refusal is an answer (law 4): what contradicts the request or the state. What the caller may not see, limits and failures stay statuses.
    private static CaseReply OrRefusal(Outcome<CaseReply> outcome) => outcome.Match(
        static reply => reply,
        static fault => fault switch
        {
            Fault.Conflict => new CaseReply { Refused = new CaseRefusal { Code = fault.Code, Message = fault.Message } },
            Fault.Invalid invalid => new CaseReply { Refused = new CaseRefusal { Code = fault.Code, Field = invalid.Field, Message = fault.Message } },
            _ => throw fault.ToRpc(),
        });
}
