using Grpc.Core;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.ServiceLevels.AtRisk;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Counting;
using KeyAccountLogistics.ServiceLevels.Declaring;
using KeyAccountLogistics.ServiceLevels.Excluding;
using KeyAccountLogistics.ServiceLevels.Proving;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Reporting;
using KeyAccountLogistics.ServiceLevels.Sqi;
using DrillDownSlice = KeyAccountLogistics.ServiceLevels.Drilling.DrillDown;

namespace KeyAccountLogistics.ServiceLevels;

/// <summary>The RPCs of scores.</summary>
internal sealed class ScorecardsService(ReadScorecard read, DrillDownSlice drill, Recompute recompute, ReadBudgets budgets, ListAtRisk atRisk, ReadSqi sqi, ExcludeParcel exclude, DeclareForceMajeure declare, MakeReport report, MakeProof proof, ICallerScope callers) : Scorecards.ScorecardsBase
{
    public override async Task<Scorecard> Get(GetScorecardRequest request, ServerCallContext context)
    {
        RefuseCarriersOwn(request.Dimension);
        return (await read.GetAsync(request, context.CancellationToken)).OrThrow();
    }

    public override async Task<ListScoresReply> List(ListScoresRequest request, ServerCallContext context) => (await read.ListAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DrillDownReply> DrillDown(DrillDownRequest request, ServerCallContext context)
    {
        RefuseCarriersOwn(request.Of?.Dimension);
        return (await drill.RunAsync(request, context.CancellationToken)).OrThrow();
    }

    public override async Task<BudgetsReply> Budgets(GetBudgetsRequest request, ServerCallContext context) => (await budgets.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<ListAtRiskReply> AtRisk(ListAtRiskRequest request, ServerCallContext context) => (await atRisk.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<SqiReply> Sqi(GetSqiRequest request, ServerCallContext context) => (await sqi.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<RecomputeReply> Recompute(GetScorecardRequest request, ServerCallContext context)
    {
        RefuseCarriersOwn(request.Dimension);
        return (await recompute.RunAsync(request, context.CancellationToken)).OrThrow();
    }

    public override async Task<ExcludeReply> Exclude(ExcludeCommand request, ServerCallContext context) => (await exclude.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DeclareReply> Declare(DeclareCommand request, ServerCallContext context) => (await declare.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<ListDeclaredReply> ListDeclared(ListDeclaredRequest request, ServerCallContext context) => (await declare.ListAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<ReportFile> Report(ReportRequest request, ServerCallContext context) => (await report.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task Prove(ProveRequest request, IServerStreamWriter<ProofPart> responseStream, ServerCallContext context)
    {
        if (await proof.RunAsync(request, (part, ct) => responseStream.WriteAsync(part, ct), context.CancellationToken) is { } fault) throw fault.ToRpc();
    }

    private void RefuseCarriersOwn(string? dimension)
    {
        if (ClientSide.WhyNot(callers.Current, dimension) is { } fault) throw fault.ToRpc();
    }
}
