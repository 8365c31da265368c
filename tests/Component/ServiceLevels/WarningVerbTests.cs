using System.Text.Json;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using static KeyAccountLogistics.Component.ServiceLevels.WarningsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary><c>kal warnings</c> as a process.</summary>
public sealed class WarningVerbTests
{
    [Theory]
    [OnSqlite]
    public async Task Warnings_are_listed_and_acted_on_from_the_command_line_and_told_when_they_have_closed(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.TellAsync(EventKind.ReceivableStood, "INV-1", s => (s.AmountMinor, s.DueUs) = (100_000, Us(9, 1)));
        await bed.NightAsync(Yesterday);
        var token = (await bed.Bed.Backend.SignInAsync(BackendFixture.NameOf(Roles.KeyAccountManager))).AccessToken;
        var id = (await bed.StandingAsync("overdue")).Id;

        var listed = await RunAsync("list", "--account", Account);
        listed.Code.ShouldBe(0, listed.Error);
        foreach (var part in new[] { id + "  " + Account + "  arrears: overdue", "oldest_days 49", "invoice: INV-1", "owner " + bed.Manager, "neglect: not_contacted" }) listed.Out.ShouldContain(part);
        string[] act = ["act", id, "they pay on Friday", "--command-id", "7f1d2c1e-0000-7000-8000-000000000009"];
        for (var again = 0; again < 2; again++) (await RunAsync(act)).Out.ShouldContain($"by {bed.Manager}: they pay on Friday");
        using (var one = JsonDocument.Parse((await RunAsync([.. act, "--json"])).Out)) one.RootElement.GetProperty("acts").GetArrayLength().ShouldBe(1, "the same command again");
        var unknown = await RunAsync("act", "nothing", "x");
        (unknown.Code, unknown.Error.Contains("not known", StringComparison.Ordinal)).ShouldBe((2, true), unknown.Error);

        await bed.TellAsync(EventKind.ReceivableStood, "INV-1", s => (s.Revision, s.AmountMinor, s.DueUs, s.DoneUs) = (2, 100_000, Us(9, 1), Us(10, 19)));
        await bed.NightAsync(Yesterday);
        (await RunAsync("list")).Out.ShouldNotContain(id);
        var closed = await RunAsync("list", "--closed");
        (closed.Out.Contains("closed by itself", StringComparison.Ordinal), closed.Out.Contains("cause_gone", StringComparison.Ordinal)).ShouldBe((true, true), closed.Out);
        var json = (await RunAsync("list", "--closed", "--json")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement.Clone()).Single(w => w.GetProperty("id").GetString() == id);
        (json.GetProperty("closed_because").GetString(), json.GetProperty("level").GetString()).ShouldBe(("cause_gone", "act"));

        Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments) => KalProcess.RunAsync(token, ["warnings", .. arguments, "--server", bed.Bed.Backend.Grpc.ToString()]);
    }
}
