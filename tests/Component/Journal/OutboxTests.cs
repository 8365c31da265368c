using System.Collections.Concurrent;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Outbox;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Journal;

public sealed class OutboxTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_committed_group_is_told_with_its_positions(Engine engine)
    {
        var told = new Told();
        await using var bed = await CreateAsync(engine, told);
        var result = await bed.AppendAsync(JournalBed.Numbered(1, 10));
        await DrainAsync(bed);
        var entry = told.Entries.ShouldHaveSingleItem();
        (entry.Topic, entry.FirstPosition, entry.LastPosition, entry.Attempt).ShouldBe(("activity", result.Answers[0].Position, result.Answers[^1].Position, 1));
        (await bed.Reader.OutboxAsync()).ShouldBe(new OutboxStatus(0, 0));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_message_of_a_unit_of_work_is_told_after_commit_only(Engine engine)
    {
        var told = new Told();
        await using var bed = await CreateAsync(engine, told);
        await bed.Gate.RunAsync<int>((transaction, _) =>
        {
            transaction.Publish("mail", "lost"u8.ToArray());
            return Task.FromResult(Outcome<int>.Failed(new Fault.Conflict("c", "m")));
        });
        await bed.Gate.RunAsync<int>((transaction, _) =>
        {
            transaction.Publish("mail", "kept"u8.ToArray());
            return Task.FromResult(Outcome<int>.Ok(1));
        });
        await DrainAsync(bed);
        told.Entries.Select(e => System.Text.Encoding.UTF8.GetString(e.Payload.Span)).ShouldBe(["kept"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Several_takers_share_the_work_and_none_is_told_twice(Engine engine)
    {
        var told = new Told();
        await using var bed = await CreateAsync(engine, told);
        for (var i = 0; i < 60; i++) await bed.AppendAsync(JournalBed.Numbered(1 + (i * 2), 2));
        await using var other = SchemaTest.Services(bed.Database, s => Register(s, told, new ShiftedTime()));
        var dispatchers = new[] { bed.Services, other }.Select(s => s.GetRequiredService<OutboxDispatcher>()).ToArray();
        await Task.WhenAll(dispatchers.Select(d => Task.Run(async () => { while (await d.DeliverAsync(default) > 0) { } })));
        told.Entries.Count.ShouldBe(60);
        told.Entries.Select(e => e.Id).Distinct().Count().ShouldBe(60);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_fails_is_tried_again_later_and_later_and_then_parked(Engine engine)
    {
        var told = new Told { Fails = true };
        var time = new ShiftedTime();
        await using var bed = await CreateAsync(engine, told, time);
        await bed.AppendAsync(JournalBed.Numbered(1, 1));
        var dispatcher = bed.Services.GetRequiredService<OutboxDispatcher>();
        (await dispatcher.DeliverAsync(default)).ShouldBe(1);
        (await dispatcher.DeliverAsync(default)).ShouldBe(0, "not due yet");
        for (var attempt = 2; attempt <= 3; attempt++)
        {
            time.Advance(TimeSpan.FromSeconds(1 << attempt));
            (await dispatcher.DeliverAsync(default)).ShouldBe(1);
        }
        (await bed.Reader.OutboxAsync()).ShouldBe(new OutboxStatus(0, 1));
        time.Advance(TimeSpan.FromDays(1));
        (await dispatcher.DeliverAsync(default)).ShouldBe(0, "parked until a person looks");
        told.Entries.Select(e => e.Attempt).ShouldBe([1, 2, 3]);
        (await bed.Database.ScalarAsync("SELECT COUNT(*) FROM journal_outbox WHERE last_error LIKE '%out of paper%'")).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_a_killed_taker_had_taken_comes_back_when_its_lease_ends(Engine engine)
    {
        var told = new Told { Hangs = true };
        var time = new ShiftedTime();
        await using var bed = await CreateAsync(engine, told, time);
        await bed.AppendAsync(JournalBed.Numbered(1, 1));
        using var killed = new CancellationTokenSource();
        var hanging = bed.Services.GetRequiredService<OutboxDispatcher>().DeliverAsync(killed.Token);
        await WaitUntilAsync(() => told.Entries.Count == 1);
        await killed.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => hanging);
        told.Hangs = false;
        (await bed.Services.GetRequiredService<OutboxDispatcher>().DeliverAsync(default)).ShouldBe(0);
        time.Advance(TimeSpan.FromMinutes(3));
        (await bed.Services.GetRequiredService<OutboxDispatcher>().DeliverAsync(default)).ShouldBe(1);
        told.Entries.Select(e => e.Attempt).ShouldBe([1, 2]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_running_dispatcher_is_woken_by_a_commit(Engine engine)
    {
        var told = new Told();
        await using var bed = await CreateAsync(engine, told);
        var dispatcher = bed.Services.GetRequiredService<OutboxDispatcher>();
        await dispatcher.StartAsync(default);
        await bed.AppendAsync(JournalBed.Numbered(1, 1));
        await WaitUntilAsync(() => told.Entries.Count == 1);
        await dispatcher.StopAsync(default);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(limit).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static async Task DrainAsync(JournalBed bed)
    {
        while (await bed.Services.GetRequiredService<OutboxDispatcher>().DeliverAsync(default) > 0)
        {
        }
    }

    private static Task<JournalBed> CreateAsync(Engine engine, Told told, ShiftedTime? time = null) =>
        JournalBed.CreateAsync(engine, s => Register(s, told, time ?? new ShiftedTime()), new JournalOptions { OutboxAttemptsMax = 3 });

    private static void Register(IServiceCollection services, Told told, TimeProvider time)
    {
        services.AddSingleton(told);
        services.AddSingleton(time);
        services.AddOutboxHandler<Handler>("activity", takesEvents: true);
        services.AddOutboxHandler<Handler>("mail");
    }

    private sealed class Told
    {
        internal bool Fails { get; set; }

        internal bool Hangs { get; set; }

        internal ConcurrentQueue<OutboxEntry> Entries { get; } = new();
    }

    private sealed class Handler(Told told, TimeProvider time) : IOutboxHandler
    {
        public async Task HandleAsync(OutboxEntry entry, CancellationToken ct)
        {
            told.Entries.Enqueue(entry);
            if (told.Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
            if (told.Fails) throw new InvalidOperationException("the printer is out of paper");
        }
    }
}
