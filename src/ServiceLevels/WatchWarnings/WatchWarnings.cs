using System.Globalization;
using KeyAccountLogistics.ServiceLevels.Contributing;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>
/// After a day is closed: asks every rule of every account, and opens, goes on with or closes what stands; then what stands together. An answer that does not say leaves a warning as it is.
/// Asked twice of a day is once.
/// </summary>
internal sealed class WatchWarnings(AccountNights nights, KeepWarnings keep, WatchRegress regress)
{
    private const int AccountsAtOnce = 100;

    internal async Task<Fault?> RunAsync(LocalDate day, CancellationToken ct)
    {
        var asked = AccountDays.NumberOf(day).ToString(CultureInfo.InvariantCulture);
        foreach (var accounts in (await nights.AllAsync(day, ct)).Chunk(AccountsAtOnce))
        {
            var read = await nights.ReadAsync(accounts, day, ct);
            if (!read.IsOk) return read.Fault;
            var answers = read.Value.SelectMany(static night => AskRules.Of(night).Select(one => (night.Account, one.Rule, one.Answer))).ToList();
            if (await keep.RunAsync(accounts, answers, asked, ct) is { } fault) return fault;
            if (await regress.RunAsync(accounts, asked, ct) is { } slipping) return slipping;
        }
        return null;
    }
}
