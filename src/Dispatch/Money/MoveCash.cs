using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>Money moved on from the courier's pouch to the shipper. Each act locks the place it takes from, so that two desks do not move the same money.</summary>
internal sealed class MoveCash(DispatchActs acts, TellRemittances remittances)
{
    internal Task<Outcome<CashReply>> CountAsync(CountCashCommand command, CancellationToken ct) => ActAsync(
        command.CommandId, "Cash/Count", command, command.Currency, command.CountedMinor, [("courier", command.Courier), ("depot", command.Depot)], command.Depot,
        async (transaction, cancel) => CashRules.Count(
            await OpenAsync(transaction, new LedgerPlace(LedgerAccount.CourierCash, command.Courier, command.Depot, ""), command.Currency, cancel),
            command.Courier, acts.Caller.Id, command.Depot, command.Currency, command.CountedMinor),
        command.RunSheet, "", ct);

    internal Task<Outcome<CashReply>> DepositAsync(DepositCashCommand command, CancellationToken ct) => ActAsync(
        command.CommandId, "Cash/Deposit", command, command.Currency, command.AmountMinor, [("depot", command.Depot), ("slip", command.Slip)], command.Depot,
        async (transaction, cancel) => CashRules.Deposit(
            await OpenAsync(transaction, new LedgerPlace(LedgerAccount.DepotCash, command.Depot, command.Depot, ""), command.Currency, cancel),
            await IsSlipUsedAsync(command.Slip, cancel), command.Depot, command.Slip, command.Currency, command.AmountMinor),
        command.Slip, "", ct);

    internal Task<Outcome<CashReply>> ConfirmAsync(ConfirmDepositCommand command, CancellationToken ct) => ActAsync(
        command.CommandId, "Cash/ConfirmDeposit", command, command.Currency, command.AmountMinor, [("depot", command.Depot), ("slip", command.Slip)], command.Depot,
        async (transaction, cancel) => CashRules.Confirm(
            await OpenAsync(transaction, new LedgerPlace(LedgerAccount.InTransit, command.Slip, command.Depot, ""), command.Currency, cancel),
            command.Depot, command.Slip, command.Currency, command.AmountMinor),
        command.Slip, "", ct);

    internal Task<Outcome<CashReply>> RemitAsync(RemitCommand command, CancellationToken ct) => ActAsync(
        command.CommandId, "Cash/Remit", command, command.Currency, command.AmountMinor, [("account", command.Account), ("reference", command.Reference)], null,
        async (transaction, cancel) =>
        {
            var payable = await OpenAsync(transaction, new LedgerPlace(LedgerAccount.ShipperPayable, command.Account, "", command.Account), command.Currency, cancel);
            var codes = payable.ConvertAll(i => i.Parcel);
            var banked = (await acts.Db.OpenMoney.AsNoTracking()
                .Where(o => o.Ledger == (int)LedgerAccount.CompanyCod && o.Currency == command.Currency && o.Minor != 0 && codes.Contains(o.Parcel)).ToListAsync(cancel)).ConvertAll(ItemOf);
            return CashRules.Remit(payable, banked, command.Account, command.Reference, command.Currency, command.AmountMinor);
        },
        command.Reference, "", ct);

    internal Task<Outcome<CashReply>> SettleAsync(SettleVarianceCommand command, CancellationToken ct) => ActAsync(
        command.CommandId, "Cash/SettleVariance", command, command.Currency, 0, [("owner", command.Owner), ("depot", command.Depot), ("reason", command.Reason)], command.Depot,
        async (transaction, cancel) => CashRules.Settle(
            await BalanceAsync(transaction, new LedgerPlace(LedgerAccount.CashVariance, command.Owner, command.Depot, ""), command.Currency, cancel),
            command.Owner, command.Depot, command.Currency, command.Minor, command.Borne),
        "", command.Reason, ct);

    internal Task<Outcome<CashReply>> CorrectAsync(CorrectMoneyCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Cash/Correct", command, CashReply.Parser,
        async (transaction, cancel) =>
        {
            if (DispatchActs.Missing(("reason", command.Reason)) is { } missing) return missing;
            if (!Guid.TryParse(command.EventId, out var id)) return new Fault.Invalid("event_id", "event.id", "The event's id is a UUID.");
            await transaction.Statements.QueryAsync(MoneySql.Find, new RowBlock(ColumnKind.Uuid).Uuid(id), static _ => { }, cancel);
            var entry = await acts.Db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.EventId == id, cancel);
            var lines = await acts.Db.Postings.AsNoTracking().Where(p => p.EventId == id).ToListAsync(cancel);
            // A caller who sees none of the lines is not told that there are any (law 11).
            if (entry is null || entry.Kind == 0 || lines.Count == 0) return Refuse(CashRefusalReason.NotMoney, 0, 0);
            if (entry.CorrectedBy is not null) return Refuse(CashRefusalReason.CorrectedAlready, 0, 0);
            var parcels = lines.Select(l => l.Parcel).Distinct(StringComparer.Ordinal).ToList();
            var correction = new ParcelEvent
            {
                Kind = EventKind.Corrected, Corrects = Google.Protobuf.ByteString.CopyFrom(Uuid.Bytes(id)), Reason = command.Reason, Parcel = parcels.Count == 1 ? parcels[0] : "",
                Money = new MoneyMove { Currency = lines[0].Currency },
            };
            if ((await acts.AppendAsync(transaction, [correction], cancel) ?? await remittances.AfterAsync(transaction, [correction], cancel)) is { } fault) return fault;
            return Done([correction], parcels.Count, 0, 0, lines[0].Currency);
        },
        ct);

    private Task<Outcome<CashReply>> ActAsync(
        Google.Protobuf.ByteString commandId, string rpc, Google.Protobuf.IMessage command, string currency, long amount, (string, string)[] needed, string? depot,
        Func<WriteTransaction, CancellationToken, Task<CashDecision>> decide, string reference, string reason, CancellationToken ct) => acts.RunAsync(
        commandId, rpc, command, CashReply.Parser,
        async (transaction, cancel) =>
        {
            if ((DispatchActs.Missing(needed) ?? DispatchActs.Malformed("reference", reference)) is { } wrong) return wrong;
            if (!Kernel.Money.IsCurrency(currency)) return new Fault.Invalid("currency", "currency.unknown", "The currency is an ISO 4217 code of three capital letters.");
            if (amount is < 0 or > PostingRules.AmountMax) return new Fault.Invalid("amount", "amount.range", "The amount is below nothing, or beyond any that is taken.");
            if (depot is not null && acts.WhyNotAt(depot) is { } elsewhere) return elsewhere;
            var decision = await decide(transaction, cancel);
            if (decision is CashDecision.Refused refused) return Refuse(refused.Why, refused.Expected, refused.Found);
            var done = (CashDecision.Done)decision;
            var events = done.Moves.Select(move => new ParcelEvent { Kind = done.Kind, Money = move, Node = depot ?? "", Reference = reference, Reason = reason }).ToList();
            if (await acts.AppendAsync(transaction, events, cancel) is { } fault) return fault;
            if (done.Kind is EventKind.MoneyRemitted && await remittances.AfterAsync(transaction, events, cancel) is { } untold) return untold;
            return Done(events, done.Moves.Sum(m => m.Items.Count(i => i.Parcel.Length > 0)), done.Expected, done.Found, currency);
        },
        ct);

    private async Task<List<OpenItem>> OpenAsync(WriteTransaction transaction, LedgerPlace place, string currency, CancellationToken ct)
    {
        await BalanceAsync(transaction, place, currency, ct);
        return (await acts.Db.OpenMoney.AsNoTracking()
            .Where(o => o.Ledger == (int)place.Account && o.Owner == place.Owner && o.Depot == place.Depot && o.Currency == currency && o.Minor != 0).ToListAsync(ct)).ConvertAll(ItemOf);
    }

    // Locks the place.
    private async Task<long> BalanceAsync(WriteTransaction transaction, LedgerPlace place, string currency, CancellationToken ct)
    {
        var key = new RowBlock(ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text).Long((int)place.Account).Text(place.Owner).Text(place.Depot).Text(currency);
        await transaction.Statements.QueryAsync(MoneySql.LockPlace, key, static _ => { }, ct);
        return await acts.Db.Balances.AsNoTracking().Where(b => b.Ledger == (int)place.Account && b.Owner == place.Owner && b.Depot == place.Depot && b.Currency == currency)
            .Select(b => b.Minor).SingleOrDefaultAsync(ct);
    }

    // Another depot's slip counts too, though the caller does not see that depot's rows.
    private async Task<bool> IsSlipUsedAsync(string slip, CancellationToken ct) =>
        Enum.GetValues<PaymentMeans>().Any(m => string.Equals(ReasonCode.Of(m), slip, StringComparison.Ordinal))
        || await acts.Db.Balances.IgnoreQueryFilters(["depot"]).AnyAsync(b => b.Ledger == (int)LedgerAccount.InTransit && b.Owner == slip, ct);

    private static OpenItem ItemOf(OpenMoneyRow row) => new(row.Parcel, (MoneyPurpose)row.Purpose, row.Minor, row.Account);

    private static CashReply Done(IEnumerable<ParcelEvent> events, int parcels, long expected, long found, string currency) => new()
    {
        Done = new CashDone
        {
            EventIds = { events.Select(e => Uuid.From(e.Id.Span).ToString("D")) }, Parcels = parcels, ExpectedMinor = expected, FoundMinor = found, VarianceMinor = found - expected,
            Currency = currency,
        },
    };

    private static CashReply Refuse(CashRefusalReason why, long expected, long found) => new()
    {
        Refused = new CashRefusal { Code = ReasonCode.Of(why), Message = Sentence(why), ExpectedMinor = expected, FoundMinor = found },
    };

    private static string Sentence(CashRefusalReason why) => why switch
    {
        CashRefusalReason.NothingThere => "There is no money there to move.",
        CashRefusalReason.AmountDiffers => "The amount is not what lies there.",
        CashRefusalReason.SamePerson => "A courier's cash is counted by somebody else.",
        CashRefusalReason.SlipUsed => "The slip's number has been used, or is the word of a means of payment.",
        CashRefusalReason.MoreThanVariance => "The variance is less than that, or of the other sign.",
        CashRefusalReason.NotMoney => "No money fact is known under this id.",
        CashRefusalReason.CorrectedAlready => "The fact has been corrected already.",
        _ => throw new InvariantBrokenException("a refusal has its sentence", why.ToString()),
    };
}
