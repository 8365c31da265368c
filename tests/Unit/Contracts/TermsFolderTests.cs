using KeyAccountLogistics.Contracts;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.TermsFolder;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Unit.Contracts;

public sealed class TermsFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("terms-");
    private readonly ShiftedTime _time = new();
    private readonly CapturedLog _log = new();
    private int _edits;

    private string Folder => Path.Combine(_root.FullName, "terms");

    private string StateFile => Path.Combine(_root.FullName, "data", "terms-state.json");

    [Fact]
    public async Task The_number_stays_over_restarts_while_nothing_changes_and_rises_with_every_change()
    {
        DemoTerms.WriteTo(Folder);
        var first = await Started();
        var version = first.Now.Version;
        version.ShouldBeGreaterThan(0ul);
        first.Now.All.Length.ShouldBe(4);
        _time.Advance(TimeSpan.FromDays(1));
        (await Started()).Now.Version.ShouldBe(version);
        Edit("hdds-a.yaml", t => t.Replace("absolute: 0 g", "absolute: 30 g", StringComparison.Ordinal));
        var changed = (await Started()).Now.Version;
        changed.ShouldBeGreaterThan(version);
        Edit("hdds-a.yaml", t => t.Replace("absolute: 30 g", "absolute: 0 g", StringComparison.Ordinal));
        (await Started()).Now.Version.ShouldBeGreaterThan(changed);
    }

    [Fact]
    public async Task Comments_layout_and_file_names_are_no_change()
    {
        DemoTerms.WriteTo(Folder);
        var version = (await Started()).Now.Version;
        Edit("hdds-a.yaml", t => "# seen by Wang\n" + t);
        File.Move(Path.Combine(Folder, "xysp-c.yaml"), Path.Combine(Folder, "a-first.yaml"));
        _time.Advance(TimeSpan.FromDays(1));
        (await Started()).Now.Version.ShouldBe(version);
    }

    [Fact]
    public async Task Without_its_state_file_the_number_still_never_falls()
    {
        DemoTerms.WriteTo(Folder);
        var version = (await Started()).Now.Version;
        File.Delete(StateFile);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await Started()).Now.Version.ShouldBeGreaterThan(version);
        File.WriteAllText(StateFile, "{\"version\":");
        _time.Advance(TimeSpan.FromMinutes(1));
        (await Started()).Now.Version.ShouldBeGreaterThan(version + 60);
        Errors(3007).ShouldHaveSingleItem().ShouldContain("is made anew");
    }

    [Fact]
    public async Task A_clock_set_back_does_not_lower_the_number()
    {
        DemoTerms.WriteTo(Folder);
        var version = (await Started()).Now.Version;
        _time.Advance(TimeSpan.FromDays(-400));
        Edit("hdds-a.yaml", t => t.Replace("absolute: 0 g", "absolute: 30 g", StringComparison.Ordinal));
        (await Started()).Now.Version.ShouldBe(version + 1);
    }

    [Fact]
    public async Task A_change_is_in_force_after_two_looks_and_a_waiter_is_told()
    {
        DemoTerms.WriteTo(Folder);
        var source = await Started();
        var version = source.Now.Version;
        var told = source.ChangedFromAsync(version, CancellationToken.None);
        Edit("hdds-a.yaml", t => t.Replace("absolute: 0 g", "absolute: 30 g", StringComparison.Ordinal));
        source.LookOnce();
        source.Now.Version.ShouldBe(version);
        told.IsCompleted.ShouldBeFalse();
        source.LookOnce();
        source.Now.Version.ShouldBeGreaterThan(version);
        (await told.WaitAsync(TimeSpan.FromSeconds(5))).Version.ShouldBe(source.Now.Version);
        (await source.ChangedFromAsync(version, CancellationToken.None)).Version.ShouldBe(source.Now.Version);
    }

    [Fact]
    public async Task A_broken_file_keeps_the_last_good_terms_says_why_and_is_healthy_again_when_mended()
    {
        DemoTerms.WriteTo(Folder);
        var source = await Started();
        var version = source.Now.Version;
        Edit("hdds-a.yaml", t => t.Replace("percent: 0, dispute", "percent: 200, dispute", StringComparison.Ordinal));
        Settle(source);
        source.Now.Version.ShouldBe(version);
        source.Now.All.Length.ShouldBe(4);
        Errors(3002).ShouldHaveSingleItem().ShouldContain("line 80, column 43, weight.percent: '200' does not fit");
        (await Health(source)).Status.ShouldBe(HealthStatus.Degraded);
        (await Health(source)).Description.ShouldNotBeNull().ShouldContain("hdds-a.yaml: line 80");
        Edit("xysp-c.yaml", t => t + "\n# seen\n");
        Settle(source);
        Errors(3002).Count.ShouldBe(1, "told once, not at every look");
        Edit("hdds-a.yaml", t => t.Replace("percent: 200, dispute", "percent: 1, dispute", StringComparison.Ordinal));
        Settle(source);
        source.Now.Version.ShouldBeGreaterThan(version);
        (await Health(source)).Status.ShouldBe(HealthStatus.Healthy);
        _log.Lines.ShouldContain(l => l.EventId == 3003);
    }

    [Fact]
    public async Task A_file_broken_while_the_program_was_down_keeps_its_terms_too()
    {
        DemoTerms.WriteTo(Folder);
        var version = (await Started()).Now.Version;
        Edit("hdds-a.yaml", _ => "account: [");
        _time.Advance(TimeSpan.FromDays(1));
        var source = await Started();
        source.Now.Version.ShouldBe(version);
        source.Now.All.ShouldContain(t => t.Account == "HDDS-A");
    }

    [Fact]
    public async Task A_removed_file_takes_its_account_away_and_says_so()
    {
        DemoTerms.WriteTo(Folder);
        var source = await Started();
        File.Delete(Path.Combine(Folder, "hdds-a.yaml"));
        source.LookOnce();
        source.Now.All.ShouldContain(t => t.Account == "HDDS-A");
        source.LookOnce();
        source.Now.All.ShouldNotContain(t => t.Account == "HDDS-A");
        _log.Lines.ShouldContain(l => l.EventId == 3004 && l.Text.Contains("hdds-a.yaml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_beside_a_contract_is_read_and_its_change_is_a_change()
    {
        DemoTerms.WriteTo(Folder);
        File.WriteAllText(Path.Combine(Folder, "lanes.csv"), "from,to,days\n31*,31*,1\n*,*,3\n");
        Edit("xysp-c.yaml", t => t.Replace("transit: [{days: 1}]", "transit: lanes.csv", StringComparison.Ordinal));
        var source = await Started();
        source.Now.InForce("XYSP-C", NodaTime.Instant.FromUtc(2026, 3, 2, 0, 0)).ShouldNotBeNull().Promise!.DaysFor("3200", "3100").ShouldBe(3);
        File.WriteAllText(Path.Combine(Folder, "lanes.csv"), "from,to,days\n31*,31*,1\n*,*,12\n");
        Settle(source);
        source.Now.InForce("XYSP-C", NodaTime.Instant.FromUtc(2026, 3, 2, 0, 0)).ShouldNotBeNull().Promise!.DaysFor("3200", "3100").ShouldBe(12);
        File.Delete(Path.Combine(Folder, "lanes.csv"));
        Settle(source);
        Errors(3002).ShouldHaveSingleItem().ShouldContain("names lanes.csv, which does not stand beside the document");
        source.Now.All.Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_folder_that_goes_away_takes_nothing_away()
    {
        DemoTerms.WriteTo(Folder);
        var source = await Started();
        var version = source.Now.Version;
        Directory.Move(Folder, Folder + "-gone");
        Settle(source);
        source.Now.Version.ShouldBe(version);
        (await Health(source)).Status.ShouldBe(HealthStatus.Degraded);
        Errors(3005).Count.ShouldBe(1);
        (await Started()).Now.Version.ShouldBe(version);
        Directory.Move(Folder + "-gone", Folder);
        Settle(source);
        (await Health(source)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_state_file_that_cannot_be_written_does_not_keep_terms_from_being_in_force()
    {
        DemoTerms.WriteTo(Folder);
        File.WriteAllText(Path.Combine(_root.FullName, "data"), "a file where the folder should be");
        var source = await Started();
        source.Now.All.Length.ShouldBe(4);
        Errors(3008).Count.ShouldBe(1);
        (await Health(source)).Status.ShouldBe(HealthStatus.Degraded);
        File.Delete(Path.Combine(_root.FullName, "data"));
        source.LookOnce();
        (await Health(source)).Status.ShouldBe(HealthStatus.Healthy);
        File.Exists(StateFile).ShouldBeTrue();
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_and_files_over_the_limit_are_mistakes()
    {
        DemoTerms.WriteTo(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "gb.yaml"), [0xBB, 0xAA, 0xB6, 0xAB]);
        File.WriteAllText(Path.Combine(Folder, "huge.yaml"), new string('#', 1_048_577));
        (await Started()).Now.All.Length.ShouldBe(4);
        Errors(3002).Select(t => t.Split('\n')[^1]).ShouldBe(["is not UTF-8, it or a table it names; save it as UTF-8.", "is larger than 1 MiB; split it or shorten it."]);
    }

    [Fact]
    public async Task The_module_brings_terms_in_force_before_the_host_serves_and_a_health_entry()
    {
        DemoTerms.WriteTo(Folder);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(_log);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddContracts(new TermsFolderOptions { Folder = Folder, StateFile = StateFile, Poll = TimeSpan.FromMilliseconds(20) });
        using var host = builder.Build();
        await host.StartAsync();
        var terms = host.Services.GetRequiredService<ITermsInForce>();
        terms.For("HDDS-A", NodaTime.Instant.FromUtc(2026, 3, 2, 0, 0)).ShouldNotBeNull().ToString().ShouldBe("KA-2026-0001 v1");
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["terms"].Status.ShouldBe(HealthStatus.Healthy);
        var version = terms.Now.Version;
        Edit("hdds-a.yaml", t => t.Replace("absolute: 0 g", "absolute: 30 g", StringComparison.Ordinal));
        (await terms.ChangedFromAsync(version, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20))).Version.ShouldBeGreaterThan(version);
        await host.StopAsync();
    }

    [Fact]
    public void Example_files_that_are_there_are_never_written_over()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "hdds-a.yaml"), "mine");
        DemoTerms.WriteTo(Folder);
        File.ReadAllText(Path.Combine(Folder, "hdds-a.yaml")).ShouldBe("mine");
        Directory.GetFiles(Folder).Length.ShouldBe(3);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private async Task<TermsFolderSource> Started()
    {
        var factory = LoggerFactory.Create(b => b.AddProvider(_log));
        var source = new TermsFolderSource(new TermsFolderOptions { Folder = Folder, StateFile = StateFile, Poll = TimeSpan.FromDays(1) }, _time, factory.CreateLogger<TermsFolderSource>());
        await source.StartAsync(CancellationToken.None);
        await source.StopAsync(CancellationToken.None);
        return source;
    }

    private static void Settle(TermsFolderSource source)
    {
        source.LookOnce();
        source.LookOnce();
    }

    private static Task<HealthCheckResult> Health(TermsFolderSource source) => new TermsHealth(source).CheckHealthAsync(new HealthCheckContext());

    private List<string> Errors(int id) => [.. _log.Lines.Where(l => l.EventId == id).Select(l => l.Text)];

    // Every edit has a write time of its own, however coarse the file system's clock is.
    private void Edit(string name, Func<string, string> change)
    {
        var path = Path.Combine(Folder, name);
        var edited = change(File.ReadAllText(path));
        File.WriteAllText(path, edited);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(++_edits));
    }
}
