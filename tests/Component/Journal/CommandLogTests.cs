using Google.Protobuf.WellKnownTypes;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Journal;

public sealed class CommandLogTests
{
    private static readonly Guid Id = new("0195d000-0000-7000-8000-0000000000aa");

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_command_again_gets_the_stored_reply_and_has_one_effect(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        var runs = 0;
        var first = await RunAsync(bed, Key("hold P1"), "done at 12:00", () => runs++);
        first.Value.Value.ShouldBe("done at 12:00");
        await bed.RestartAsync();
        var again = await RunAsync(bed, Key("hold P1"), "done at 12:05", () => runs++);
        again.Value.Value.ShouldBe("done at 12:00");
        runs.ShouldBe(1);
        (await bed.AllAsync()).Count.ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_id_for_something_else_is_a_conflict(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        await RunAsync(bed, Key("hold P1"), "done", () => { });
        foreach (var other in new[] { Key("hold P2"), Key("hold P1") with { Caller = "anna" }, Key("hold P1") with { Rpc = "release" } })
            (await RunAsync(bed, other, "done", () => { })).Fault.ShouldBeOfType<Fault.Conflict>().Code.ShouldBe("command.id_reused");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_fault_leaves_nothing_and_the_command_may_come_again(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        var log = bed.Services.GetRequiredService<CommandLog>();
        var refused = await log.RunAsync<StringValue>(Key("x"), StringValue.Parser, async (transaction, ct) =>
        {
            (await transaction.AppendAsync(JournalBed.ById(JournalBed.Fact(1)), ct)).IsOk.ShouldBeTrue();
            return new Fault.Conflict("test", "changed my mind");
        });
        refused.Fault.Code.ShouldBe("test");
        (await bed.AllAsync()).ShouldBeEmpty();
        (await bed.TallyAsync("P1")).ShouldBe(0);
        (await RunAsync(bed, Key("x"), "done", () => { })).IsOk.ShouldBeTrue();
        (await bed.AllAsync()).Count.ShouldBe(1);
        (await VerifyIsWholeAsync(bed)).ShouldBeTrue();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Sent_many_times_at_once_it_has_one_effect_and_one_answer(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => RunAsync(bed, Key("x"), $"reply {i}", () => { }))));
        replies.ShouldAllBe(r => r.IsOk);
        replies.Select(r => r.Value.Value).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        (await bed.AllAsync()).Count.ShouldBe(1);
        (await bed.Database.ScalarAsync("SELECT COUNT(*) FROM journal_command")).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Commands_and_streams_write_the_server_chain_together(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        var commands = Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
        {
            var key = new CommandKey(NamedId.From("cmd", $"{i}"), "joe", "hold", new byte[32]);
            (await bed.Services.GetRequiredService<CommandLog>().RunAsync<StringValue>(key, StringValue.Parser, async (transaction, ct) =>
            {
                (await transaction.AppendAsync(JournalBed.ById(JournalBed.Fact(i)), ct)).IsOk.ShouldBeTrue();
                return new StringValue { Value = "ok" };
            })).IsOk.ShouldBeTrue();
        }));
        var streams = Enumerable.Range(0, 30).Select(i => Task.Run(() => bed.AppendAsync(JournalBed.ById([.. Enumerable.Range(1000 + (i * 10), 10).Select(n => JournalBed.Fact(n))]))));
        await Task.WhenAll(commands.Concat<Task>(streams));
        (await bed.AllAsync()).Count.ShouldBe(330);
        (await bed.Database.ScalarAsync("SELECT SUM(events) FROM tally")).ShouldBe(330);
        (await VerifyIsWholeAsync(bed)).ShouldBeTrue();
    }

    [Fact]
    public void A_command_id_is_a_uuid()
    {
        CommandKey.ReadId(Google.Protobuf.ByteString.CopyFrom(new byte[16])).Fault.ShouldBeOfType<Fault.Invalid>().Field.ShouldBe("command_id");
        CommandKey.ReadId(Google.Protobuf.ByteString.CopyFrom(new byte[15])).IsOk.ShouldBeFalse();
        CommandKey.ReadId(Google.Protobuf.ByteString.CopyFrom(Uuid.Bytes(Id))).Value.ShouldBe(Id);
    }

    private static CommandKey Key(string content) => CommandKey.Of(Id, "joe", "hold", new StringValue { Value = content });

    private static Task<Outcome<StringValue>> RunAsync(JournalBed bed, CommandKey key, string reply, Action onRun) =>
        bed.Services.GetRequiredService<CommandLog>().RunAsync<StringValue>(key, StringValue.Parser, async (transaction, ct) =>
        {
            onRun();
            var appended = await transaction.AppendAsync(JournalBed.ById(JournalBed.Fact(1)), ct);
            return appended.IsOk ? new StringValue { Value = reply } : appended.Fault;
        });

    internal static async Task<bool> VerifyIsWholeAsync(JournalBed bed)
    {
        VerifyReport? last = null;
        await foreach (var report in bed.Services.GetRequiredService<JournalVerifier>().RunAsync()) last = report;
        return last!.IsWhole;
    }
}
