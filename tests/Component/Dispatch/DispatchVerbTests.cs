using System.Text.Json;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary><c>kal dispatch</c> and <c>kal runsheet</c> as a process, with the token of a head of station.</summary>
public sealed class DispatchVerbTests
{
    [Theory]
    [OnSqlite]
    public async Task A_day_is_planned_explained_and_its_run_sheet_printed_from_the_command_line(Engine engine)
    {
        await using var bed = await DispatchBed.StartAsync(engine);
        await bed.RegisterAsync(("ORDER-P1", 0, 100), ("ORDER-P2", 5_000, 200));
        var token = (await bed.Backend.SignInAsync(BackendFixture.NameOf(Roles.StationHead))).AccessToken;
        var set = await RunAsync("dispatch", "courier", BackendFixture.Depot, "c-2", "--vehicle", "E-9", "--shift", "08:00-20:00", "--at", "121.47,31.23");
        (set.Code, set.Out.Contains("c-2  SHA01  E-9  08:00-20:00  areas all  active", StringComparison.Ordinal)).ShouldBe((0, true), set.Error + set.Out);
        (await RunAsync("dispatch", "courier", BackendFixture.Depot, "c-3", "--vehicle", "E-9", "--shift", "8 to 9", "--at", "121.47,31.23")).Code.ShouldBe(2);
        var planned = await RunAsync("dispatch", "plan", BackendFixture.Depot, "--json");
        planned.Code.ShouldBe(0, planned.Error);
        using (var day = JsonDocument.Parse(planned.Out)) day.RootElement.GetProperty("stops").GetArrayLength().ShouldBe(2);
        (await RunAsync("dispatch", "absent", BackendFixture.Depot, "c-2")).Out.ShouldContain("c-2  E-9  absent");
        (await RunAsync("dispatch", "day", BackendFixture.Depot)).Out.ShouldContain("delivery ORDER-P2  1 parcels");
        (await RunAsync("dispatch", "explain", BackendFixture.Depot, "ORDER-P2", "--language", "zh")).Out.ShouldContain("因为");
        var refused = await RunAsync("dispatch", "move", BackendFixture.Depot, "NOTHING", bed.Courier);
        (refused.Code, refused.Error.Contains("stop_unknown", StringComparison.Ordinal)).ShouldBe((2, true), refused.Error);

        var drawn = await RunAsync("runsheet", "draw", BackendFixture.Depot, bed.Courier, "--json");
        drawn.Code.ShouldBe(0, drawn.Error);
        using var sheet = JsonDocument.Parse(drawn.Out);
        var number = sheet.RootElement.GetProperty("number").GetString()!;
        (await RunAsync("runsheet", "show", number)).Out.ShouldContain("COD 50.00 CNY");
        var early = await RunAsync("runsheet", "close", number);
        (early.Code, early.Error.Contains("not_released", StringComparison.Ordinal)).ShouldBe((2, true), early.Error);
        var page = Path.Combine(bed.Backend.Database.Directory, "sheet.html");
        (await RunAsync("runsheet", "print", number, "--out", page, "--language", "en")).Code.ShouldBe(0);
        (await File.ReadAllTextAsync(page)).ShouldContain("Given by (signature)");

        Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments) => KalProcess.RunAsync(token, [.. arguments, "--server", bed.Backend.Grpc.ToString()]);
    }
}
