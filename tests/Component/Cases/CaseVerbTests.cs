using System.Text.Json;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Cases;

/// <summary><c>kal case</c> as a process, with the tokens of both sides.</summary>
public sealed class CaseVerbTests
{
    [Theory]
    [OnSqlite]
    public async Task A_case_is_listed_shown_answered_and_decided_from_the_command_line(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        await bed.AppendAsync(bed.Weighed(1, CasesBed.Own, 30, 2500));
        var id = CasesBed.CaseOf(CasesBed.Own);
        await bed.UntilAsync(id, _ => true);
        var client = (await bed.Backend.SignInAsync(BackendFixture.NameOf(Roles.ClientUser))).AccessToken;
        var manager = (await bed.Backend.SignInAsync(BackendFixture.NameOf(Roles.KeyAccountManager))).AccessToken;

        var shown = await RunAsync(client, "show", id);
        shown.Code.ShouldBe(0, shown.Error);
        foreach (var figure in new[] { "on hold 1.00 CNY", "first 2.000 kg (declared): 4.00 CNY; new 2.500 kg: 5.00 CNY; clause W-2", "scale-1 ± 10 g verified until 2027-07-01", "answer: accept, or dispute" }) shown.Out.ShouldContain(figure);
        var unsaid = await RunAsync(client, "answer", id, "dispute");
        (unsaid.Code, unsaid.Error.Contains("reason.unknown", StringComparison.Ordinal)).ShouldBe((2, true), unsaid.Error);
        string[] dispute = ["answer", id, "dispute", "--reason", "packaging", "--note", "wet", "--command-id", "7f1d2c1e-0000-7000-8000-000000000001"];
        (await RunAsync(client, dispute)).Out.ShouldContain("open/deciding");
        (await RunAsync(client, dispute)).Code.ShouldBe(0, "the same command again");
        var listed = await RunAsync(manager, "list", "--state", "deciding", "--due-within", "100", "--json");
        using (var line = JsonDocument.Parse(listed.Out)) line.RootElement.GetProperty("case_id").GetString().ShouldBe(id);
        (await RunAsync(manager, "list", "--state", "closed")).Out.ShouldBeEmpty();
        var decided = await RunAsync(manager, "decide", id, "credit", "--amount", "0.50", "--reason", "goodwill");
        (decided.Code, decided.Out.Contains("outcome credit", StringComparison.Ordinal)).ShouldBe((0, true), decided.Error);
        using var whole = JsonDocument.Parse((await RunAsync(manager, "show", id, "--json")).Out);
        whole.RootElement.GetProperty("outcome").GetProperty("credit").GetProperty("minor").GetString().ShouldBe("50");
        (await RunAsync(manager, "decide", id, "credit", "--amount", "0.505", "--reason", "goodwill")).Code.ShouldBe(2);

        var claimed = await RunAsync(client, "open", "claim", "--subject", CasesBed.Own, "--reason", "total", "--worth", "80", "--proof", "INV-1");
        (claimed.Code, claimed.Out.Contains("L-" + CasesBed.Own, StringComparison.Ordinal)).ShouldBe((0, true), claimed.Error);
        (await RunAsync(client, "show", "L-" + CasesBed.Own)).Out.ShouldContain("total: worth 80.00 CNY, loss 80.00 CNY, insured not; by rule civil_law unknown (civil_law); INV-1");
        var complained = await RunAsync(manager, "open", "complaint", "--account", BackendFixture.Account, "--reference", "T2 2026-10", "--reason", "scorecard", "--channel", "phone");
        complained.Out.ShouldContain("open/received", Case.Sensitive, complained.Error);

        var slipping = await RunAsync(manager, "open", "regress", "--account", BackendFixture.Account, "--reference", "T2 2026-10", "--reason", "service_falls");
        slipping.Out.ShouldContain("open/watch", Case.Sensitive, slipping.Error);
        (await RunAsync(manager, "show", $"R-{BackendFixture.Account}-1")).Out.ShouldContain("sign service_falls of T2 2026-10");
        (await RunAsync(manager, "list", "--kind", "regress")).Out.ShouldContain($"R-{BackendFixture.Account}-1");
        (await RunAsync(client, "open", "regress", "--account", BackendFixture.Account, "--reason", "other")).Code.ShouldBe(2, "a client knows of no such kind");

        Task<(int Code, string Out, string Error)> RunAsync(string token, params string[] arguments) => KalProcess.RunAsync(token, ["case", .. arguments, "--server", bed.Backend.Grpc.ToString()]);
    }
}
