using Grpc.Core;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>The RPCs of the ledger.</summary>
internal sealed class CashService(MoveCash move, ReadLedger read) : Api.Dispatch.V1.Cash.CashBase
{
    public override async Task<BalancesReply> Balances(BalancesRequest request, ServerCallContext context) => (await read.BalancesAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<OpenMoneyReply> OpenMoney(OpenMoneyRequest request, ServerCallContext context) => (await read.OpenMoneyAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<PostingsReply> Postings(PostingsRequest request, ServerCallContext context) => (await read.PostingsAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<CashReply> Count(CountCashCommand request, ServerCallContext context) => (await move.CountAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<CashReply> Deposit(DepositCashCommand request, ServerCallContext context) => (await move.DepositAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<CashReply> ConfirmDeposit(ConfirmDepositCommand request, ServerCallContext context) => (await move.ConfirmAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<CashReply> Remit(RemitCommand request, ServerCallContext context) => (await move.RemitAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<CashReply> SettleVariance(SettleVarianceCommand request, ServerCallContext context) => (await move.SettleAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<CashReply> Correct(CorrectMoneyCommand request, ServerCallContext context) => (await move.CorrectAsync(request, context.CancellationToken)).OrThrow();
}
