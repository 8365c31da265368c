using System.CommandLine;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;

namespace KeyAccountLogistics.Cli.Dispatch;

/// <summary><c>kal cash balances | open | postings</c>: the ledger of money at the door, read. Money is moved by the people who hold it, at their screens.</summary>
internal static class CashVerbs
{
    private static readonly string[] Ledgers = [.. Enum.GetValues<LedgerAccount>().Where(a => a != LedgerAccount.Unspecified).Select(a => ReasonCode.Of(a))];

    public static Command Build() => new("cash", "Money at the door: what lies where, parcel by parcel, and how it came there.") { Subcommands = { Balances(), Open(), Postings() } };

    private static Command Balances()
    {
        var verb = new Command("balances", "The balance of every place; exit code 1 when a variance is open.");
        var connection = ConnectionOptions.AddTo(verb);
        var ledger = LedgerOption(required: false);
        verb.Options.Add(ledger);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var (cash, output, token, open) = (new Cash.CashClient(backend.Calls), parsed.InvocationConfiguration.Output, "", false);
            do
            {
                var page = await cash.BalancesAsync(new BalancesRequest { Ledger = LedgerOf(parsed.GetValue(ledger)), PageSize = 500, PageToken = token }, cancellationToken: ct);
                foreach (var one in page.Balances.Where(b => b.Minor != 0))
                {
                    open |= one.Ledger is LedgerAccount.CashVariance;
                    await output.WriteLineAsync($"{ReasonCode.Of(one.Ledger),-18} {one.Owner,-24} {one.Depot,-8} {new Kernel.Money(one.Minor, one.Currency),16}");
                }
                token = page.NextPageToken;
            }
            while (token.Length > 0);
            return open ? ExitCode.Bad : ExitCode.Ok;
        });
        return verb;
    }

    private static Command Open()
    {
        var verb = new Command("open", "What has come to a place and not gone on, parcel by parcel, the oldest first.");
        var connection = ConnectionOptions.AddTo(verb);
        var ledger = LedgerOption(required: true);
        var owner = new Argument<string>("OWNER") { Description = "Courier, depot, slip, account, or 'company'." };
        verb.Options.Add(ledger);
        verb.Arguments.Add(owner);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var (cash, output, token) = (new Cash.CashClient(backend.Calls), parsed.InvocationConfiguration.Output, "");
            do
            {
                var ask = new OpenMoneyRequest { Ledger = LedgerOf(parsed.GetValue(ledger)), Owner = parsed.GetRequiredValue(owner), PageSize = 1_000, PageToken = token };
                var page = await cash.OpenMoneyAsync(ask, cancellationToken: ct);
                foreach (var one in page.Items) await output.WriteLineAsync($"{TimeOf(one.SinceUs)} {one.Parcel,-24} {ReasonCode.Of(one.Purpose),-9} {new Kernel.Money(one.Minor, one.Currency),16}");
                token = page.NextPageToken;
            }
            while (token.Length > 0);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Postings()
    {
        var verb = new Command("postings", "Every line of a parcel's money, the newest first, each with its event.");
        var connection = ConnectionOptions.AddTo(verb);
        var parcel = new Argument<string>("PARCEL");
        verb.Arguments.Add(parcel);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var page = await new Cash.CashClient(backend.Calls).PostingsAsync(new PostingsRequest { Parcel = parsed.GetRequiredValue(parcel), PageSize = 500 }, cancellationToken: ct);
            foreach (var one in page.Postings)
            {
                var reversal = one.OriginEventId == one.EventId ? "" : $" reverses {one.OriginEventId}";
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    $"{TimeOf(one.AtUs)} {ReasonCode.Of(one.Ledger),-18} {one.Owner,-24} {ReasonCode.Of(one.Purpose),-9} {new Kernel.Money(one.Minor, one.Currency),16} {one.EventId}{reversal}");
            }
            return page.Postings.Count > 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return verb;
    }

    private static Option<string?> LedgerOption(bool required)
    {
        var option = new Option<string?>("--ledger") { Description = string.Join(", ", Ledgers), HelpName = "ACCOUNT", Required = required };
        option.AcceptOnlyFromAmong(Ledgers);
        return option;
    }

    private static LedgerAccount LedgerOf(string? word) => Enum.GetValues<LedgerAccount>().FirstOrDefault(a => string.Equals(ReasonCode.Of(a), word, StringComparison.Ordinal));

    private static string TimeOf(long micros) => NodaTime.Text.InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss'Z'").Format(Clock.FromUnixMicros(micros));
}
