using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Xunit;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Acceptance.Cargo2000;

/// <summary>
/// 11,874 real freight legs with 56,082 milestones through the program: each milestone is judged by its own step against its plan, each chain by its end; the counts are those of
/// data/README.md.
/// </summary>
[Trait("Time", "long")]
public sealed class CargoScoreTests(ITestOutputHelper output)
{
    private const string Folder = "cargo2000";

    [AcceptanceTheory(Folder)]
    [OnSqlite]
    [OnPostgres]
    public async Task Late_milestones_and_chains_are_as_many_as_in_the_real_shipments(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var signedIn = (await backend.SignInAsync(BackendFixture.NameOf(Roles.Administrator))).AccessToken;
        var (shipments, events) = CargoFiles.Convert(AcceptanceFolder.At(Folder));
        foreach (var (kind, csv) in new[] { ("shipments", shipments), ("events", events) })
        {
            var file = Path.Combine(backend.Database.Directory, kind + ".csv");
            await File.WriteAllTextAsync(file, csv);
            (await Kal.AgainstAsync(backend, signedIn, "import", kind, file, "--source", "cargo2000")).Code.ShouldBe(0);
        }
        var scores = new Scorecards.ScorecardsClient(await backend.AsAdministratorAsync());
        var legs = await scores.GetAsync(Ask(CargoFiles.Legs, settled: true));
        foreach (var gate in legs.Gates) output.WriteLine($"{gate.Gate}: {gate.Passed - gate.InTime} late of {gate.Passed}");
        legs.Gates.Select(static g => (g.Gate, Late: g.Passed - g.InTime, g.Passed, g.InDoubt)).ShouldBe(
        [
            ("accepted_at_depot", 688, 11_874, 0), ("arrived_node", 3_150, 16_167, 0), ("delivered", 2_844, 11_874, 0), ("departed_node", 13_576, 16_167, 0),
        ]);
        legs.Gates.Sum(static g => g.Passed).ShouldBe(56_082);
        legs.Parcels.ShouldBe(11_874);

        var chains = await scores.GetAsync(Ask(CargoFiles.Chains, settled: true));
        var punctual = chains.Dimensions[0].Indicators.Single(static i => i.Indicator == "T2");
        (punctual.Numerator, punctual.Denominator).ShouldBe(((3_942 - 1_048).ToString(System.Globalization.CultureInfo.InvariantCulture), "3942"));

        // The parcels behind a figure, and the same counted again from the facts.
        var (behind, token) = (new List<Behind>(), "");
        do
        {
            var page = await scores.DrillDownAsync(new DrillDownRequest { Of = Ask(CargoFiles.Legs), Indicator = "gate.accepted_at_depot", PageSize = 200, PageToken = token });
            behind.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token.Length > 0 && behind.Count < 1_000);
        (behind.Count, behind.DistinctBy(static b => b.Subject, StringComparer.Ordinal).Count(), behind.TrueForAll(static b => b.BestUs > b.DueUs && b.Events.Count == 1)).ShouldBe((688, 688, true));
        (await scores.RecomputeAsync(Ask(CargoFiles.Legs))).Agrees.ShouldBeTrue();
    }

    private static GetScorecardRequest Ask(string account, bool settled = false) => new() { Account = account, From = "2012-01-01", To = "2012-12-31", Settled = settled };
}
