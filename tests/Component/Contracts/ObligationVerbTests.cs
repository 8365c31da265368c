using System.Text.Json;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;
using static KeyAccountLogistics.Component.Contracts.ContractsBed;

namespace KeyAccountLogistics.Component.Contracts;

/// <summary><c>kal obligations</c> as a process.</summary>
public sealed class ObligationVerbTests
{
    [Theory]
    [OnSqlite]
    public async Task Obligations_are_listed_and_met_from_the_command_line(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.InForceAsync(Document(bed.Now + Duration.FromMinutes(1), more: "obligations: [{id: O-1, by: carrier, what: {zh: 月报, en: monthly report}, every: month, due_day: 5}]"));
        bed.Backend.Advance(TimeSpan.FromDays(75));
        var manager = (await bed.Backend.SignInAsync(BackendFixture.NameOf(Roles.KeyAccountManager))).AccessToken;
        var client = (await bed.Backend.SignInAsync(BackendFixture.NameOf(Roles.ClientUser))).AccessToken;

        var listed = await RunAsync(manager, "list", "--state", "overdue", "--json");
        listed.Code.ShouldBe(0, listed.Error);
        var lines = listed.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var first = JsonDocument.Parse(lines[0]);
        var due = first.RootElement.GetProperty("due").GetString()!;
        (first.RootElement.GetProperty("clause").GetString(), first.RootElement.GetProperty("state").GetString()).ShouldBe(("O-1", "overdue"));

        (await RunAsync(client, "meet", Contract, "O-1", due, "--reference", "x")).Code.ShouldBe(2, "the client may not say so");
        (await RunAsync(manager, "meet", Contract, "O-1", due, "--reference", "x", "--on", "2999-01-01")).Error.ShouldContain("day.later");
        var met = await RunAsync(manager, "meet", Contract, "O-1", due, "--reference", "report 7", "--on", due, "--json");
        met.Code.ShouldBe(0, met.Error);
        using (var reply = JsonDocument.Parse(met.Out)) reply.RootElement.GetProperty("state").GetString().ShouldBe("met");
        var again = await RunAsync(manager, "meet", Contract, "O-1", due, "--reference", "report 7");
        (again.Code, again.Error.Contains("obligation.met", StringComparison.Ordinal)).ShouldBe((2, true), again.Error);
        (await RunAsync(client, "list", "--state", "met")).Out.ShouldContain($"{due}  met      {Account,-12}  {Contract}/O-1  carrier  monthly report");
        (await RunAsync(manager, "list", "--state", "met", "--to", Day(bed.Today.PlusDays(-80)), "--from", Day(bed.Today.PlusDays(-90)))).Out.ShouldBeEmpty();

        Task<(int Code, string Out, string Error)> RunAsync(string token, params string[] arguments) => KalProcess.RunAsync(token, ["obligations", .. arguments, "--server", bed.Backend.Grpc.ToString()]);
    }
}
