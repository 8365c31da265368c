using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Contributing;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>What a request asks for, read and bounded (law 10): an account, days, and whether one lane, product, depot, courier or contract of it.</summary>
internal sealed record AskedPeriod(string Account, LocalDate From, LocalDate To, CounterKind Kind, string Member)
{
    internal const int DaysMax = 732;
    internal const int PageMax = 200;
    internal const int PageUsual = 50;

    /// <summary>The dimension that is the carrier's own: <see cref="ClientSide.WhyNot"/>.</summary>
    internal const string Courier = "courier";

    private const int TextMax = 120;

    internal int FirstDay => AccountDays.NumberOf(From);

    internal int LastDay => AccountDays.NumberOf(To);

    /// <summary>The month, where an account as a whole is asked for one: it is kept as such. Null for every other period.</summary>
    internal int? Month => Kind is CounterKind.All && From.Day == 1 && To == From.PlusMonths(1).PlusDays(-1) ? AccountDays.MonthOf(From) : null;

    internal static Outcome<AskedPeriod> Read(GetScorecardRequest ask) => Read(ask.Account, ask.From, ask.To, ask.Dimension, ask.Member);

    internal static Outcome<AskedPeriod> Read(string account, string from, string to, string dimension = "", string member = "", bool needsAccount = true)
    {
        if (account.Length == 0 && needsAccount) return new Fault.Invalid("account", "field.missing", "The account is missing.");
        foreach (var (field, text) in new[] { ("account", account), ("member", member) })
        {
            if (text.Length > TextMax || text.Any(char.IsControl)) return new Fault.Invalid(field, "field.malformed", $"The {field} is longer than {TextMax} characters or holds control characters.");
        }
        if (LocalDatePattern.Iso.Parse(from) is not { Success: true, Value: var first }) return new Fault.Invalid("from", "day.malformed", "'from' is no day such as 2026-10-01.");
        if (LocalDatePattern.Iso.Parse(to) is not { Success: true, Value: var last }) return new Fault.Invalid("to", "day.malformed", "'to' is no day such as 2026-10-31.");
        if (last < first) return new Fault.Invalid("to", "period.backwards", "The period ends before it begins.");
        if (Period.DaysBetween(first, last) >= DaysMax) return new Fault.Invalid("to", "period.too_long", $"The period has more than {DaysMax} days.");
        if (KindOf(dimension) is not { } kind) return new Fault.Invalid("dimension", "dimension.unknown", "A dimension is contract, lane, product, depot or courier, or empty for the account as a whole.");
        if (kind is CounterKind.All != (member.Length == 0)) return new Fault.Invalid("member", "member.missing", "Say which member of the dimension, and none without a dimension.");
        return new AskedPeriod(account, first, last, kind, member);
    }

    internal static int PageOf(int asked) => asked <= 0 ? PageUsual : Math.Min(asked, PageMax);

    private static CounterKind? KindOf(string dimension) => dimension switch
    {
        "" => CounterKind.All,
        "contract" => CounterKind.Contract,
        "lane" => CounterKind.Lane,
        "product" => CounterKind.Product,
        "depot" => CounterKind.Depot,
        Courier => CounterKind.Courier,
        _ => null,
    };
}
