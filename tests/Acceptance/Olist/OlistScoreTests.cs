using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Acceptance.Olist;

/// <summary>
/// Sellers as key accounts: how many of 9,648 real deliveries were late is the contract's word - by date or by the instant - and who serves worst is the same as counted from the
/// file alone.
/// </summary>
public sealed class OlistScoreTests(ITestOutputHelper output)
{
    private const string Folder = "olist_2017_10k";
    private const string Unassigned = "UNASSIGNED";

    [AcceptanceTheory(Folder)]
    [OnSqlite(DecidedBy.Date, 574)]
    [OnPostgres(DecidedBy.Date, 574)]
    [OnSqlite(DecidedBy.Timestamp, 663)]
    public async Task Late_deliveries_are_as_many_as_the_contract_says_and_the_worst_sellers_are_those_of_the_file(Engine engine, DecidedBy decided, int late)
    {
        var folder = AcceptanceFolder.At(Folder);
        var orders = OlistOrders.Read(folder);
        var sellers = orders.Select(static o => o.Seller).Append(Unassigned).Distinct(StringComparer.Ordinal).ToList();
        await using var backend = await BackendFixture.StartAsync(engine, options => options with { AddMore = services => services.AddSingleton<ITermsInForce>(new Terms(sellers, decided)) });
        var token = (await backend.SignInAsync(BackendFixture.NameOf(Roles.Administrator))).AccessToken;
        var (shipments, events) = OlistFiles.Convert(folder);
        foreach (var (kind, csv) in new[] { ("events", events), ("shipments", shipments) })
        {
            var file = Path.Combine(backend.Database.Directory, kind + ".csv");
            await File.WriteAllTextAsync(file, csv);
            (await Kal.AgainstAsync(backend, token, "import", kind, file, "--source", "olist")).Code.ShouldBe(0);
        }
        var watch = Stopwatch.StartNew();
        var listed = await Kal.AgainstAsync(backend, token, "score", "--from", "2017-01-01", "--to", "2018-12-31", "--json");
        (listed.Code, listed.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length).ShouldBe((0, sellers.Count));
        output.WriteLine($"followed and listed {watch.Elapsed.TotalSeconds:0.0} s after the import");

        var scores = new Scorecards.ScorecardsClient(await backend.AsAdministratorAsync());
        var (from, to) = (orders.Min(static o => o.PromisedDay)!, orders.Max(static o => o.PromisedDay)!);
        var counted = new Dictionary<string, (long Late, long Delivered)>(StringComparer.Ordinal);
        foreach (var seller in sellers)
        {
            var card = await scores.GetAsync(new GetScorecardRequest { Account = seller, From = from, To = to });
            var punctual = card.Dimensions[0].Indicators.Single(static i => i.Indicator == "T2");
            var (numerator, denominator) = (long.Parse(punctual.Numerator, CultureInfo.InvariantCulture), long.Parse(punctual.Denominator, CultureInfo.InvariantCulture));
            counted[seller] = (denominator - numerator, denominator);
        }
        (counted.Values.Sum(static c => c.Late), counted.Values.Sum(static c => c.Delivered)).ShouldBe((late, 9_648));

        // The same of the file alone, with nothing of the product in it.
        var byFile = orders.Where(static o => o.Delivered is not null).GroupBy(static o => o.Seller, StringComparer.Ordinal).ToDictionary(
            static g => g.Key, g => (Late: (long)g.Count(o => o.IsLate(decided is DecidedBy.Date)), Delivered: (long)g.Count()), StringComparer.Ordinal);
        Worst(counted).ShouldBe(Worst(byFile));
        foreach (var line in Worst(counted)) output.WriteLine(line);

        await CommandLineAsync(backend, token, scores, Worst(counted)[0].Split(' ')[0], from, to);
    }

    // The worst: that verb prints the same, its parcels are named, and counting again agrees.
    private static async Task CommandLineAsync(BackendFixture backend, string token, Scorecards.ScorecardsClient scores, string worst, string from, string to)
    {
        var asked = new GetScorecardRequest { Account = worst, From = from, To = to };
        var (code, said) = await Kal.AgainstAsync(backend, token, "score", "--account", worst, "--from", from, "--to", to, "--json");
        code.ShouldBe(0);
        using var json = JsonDocument.Parse(said);
        var punctual = json.RootElement.GetProperty("dimensions")[0].GetProperty("indicators")[1];
        var missed = long.Parse(punctual.GetProperty("denominator").GetString()!, CultureInfo.InvariantCulture) - long.Parse(punctual.GetProperty("numerator").GetString()!, CultureInfo.InvariantCulture);
        var behind = await scores.DrillDownAsync(new DrillDownRequest { Of = asked, Indicator = "T2", PageSize = 200 });
        (behind.Items.Count, behind.Items.All(static b => b.Events.Count == 1 && b.BestUs > b.DueUs)).ShouldBe(((int)missed, true));
        (await Kal.AgainstAsync(backend, token, "score", "--account", worst, "--from", from, "--to", to, "--recompute")).Code.ShouldBe(0);
        (await Kal.AgainstAsync(backend, token, "sqi", "--account", worst, "--from", from, "--to", from, "--json")).Code.ShouldBe(0);
    }

    private static List<string> Worst(Dictionary<string, (long Late, long Delivered)> sellers) =>
    [
        .. sellers.Where(static s => s.Value.Delivered >= 20).OrderByDescending(static s => (decimal)s.Value.Late / s.Value.Delivered).ThenBy(static s => s.Key, StringComparer.Ordinal).Take(10)
            .Select(static s => FormattableString.Invariant($"{s.Key} {s.Value.Late}/{s.Value.Delivered}")),
    ];

    private sealed class Terms(IEnumerable<string> sellers, DecidedBy decided) : ITermsInForce
    {
        public TermsSnapshot Now { get; } = new(1, sellers.Select(seller => new AccountTerms
        {
            Account = seller, NameZh = seller, NameEn = seller, Contract = "S-" + seller, Version = 1, EffectiveFrom = Instant.FromUtc(2016, 1, 1, 0, 0), Currency = "BRL", Chargeable = [],
            Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
            Promise = new PromiseTerms(ClauseId.Parse("P-1"), new LocalTime(18, 0), "America/Sao_Paulo", "none", [], null, decided),
        }));

        public async Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct)
        {
            if (known == Now.Version) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return Now;
        }
    }
}

/// <summary>What of an order says whether it was late, read from the file by itself: texts of local times compare as times.</summary>
internal sealed record OlistOrder(string Seller, string? Delivered, string Estimated)
{
    internal string PromisedDay => Estimated[..10];

    internal bool IsLate(bool byDate) => byDate ? string.CompareOrdinal(Delivered![..10], PromisedDay) > 0 : string.CompareOrdinal(Delivered, Estimated) > 0;
}

internal static class OlistOrders
{
    internal static List<OlistOrder> Read(string folder)
    {
        var sellers = File.ReadLines(Path.Combine(folder, "order_items.csv")).Skip(1).Select(static l => l.Split(',')).Where(static f => f[1] == "1").ToDictionary(static f => f[0], static f => f[3], StringComparer.Ordinal);
        return [.. File.ReadLines(Path.Combine(folder, "orders.csv")).Skip(1).Select(static l => l.Split(',')).Select(f => new OlistOrder(
            sellers.GetValueOrDefault(f[0], "UNASSIGNED"), f[2] == "delivered" && f[6].Length > 0 ? f[6] : null, f[7]))];
    }
}
