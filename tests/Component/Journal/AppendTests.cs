using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;

namespace KeyAccountLogistics.Component.Journal;

public sealed class AppendTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Events_are_kept_as_they_came_in_order_with_their_parcels(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        var batch = JournalBed.Numbered(1, 20);
        var result = await bed.AppendAsync(batch);

        result.Added.ShouldBe(20);
        result.Rejected.ShouldBeEmpty();
        result.Answers.ShouldAllBe(a => a.Fate == EventFate.Recorded && a.Position > 0);
        var all = await bed.AllAsync();
        all.Select(e => e.Body.ToArray()).ShouldBe(batch.Bodies.Select(b => b.ToArray()));
        all.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, 20).Select(i => (long?)i));
        all.Select(e => e.ChainIndex).ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));
        all.Select(e => e.Position).ShouldBe(result.Answers.Select(a => a.Position));
        all.ShouldAllBe(e => e.ParcelId != null);
        (await bed.TallyAsync("P3")).ShouldBe(3);   // 3, 10, 17
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_batch_again_has_no_effect_and_is_acknowledged_again(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        await bed.AppendAsync(JournalBed.Numbered(1, 50));
        foreach (var restart in new[] { false, true })
        {
            if (restart) await bed.RestartAsync();
            var again = await bed.AppendAsync(JournalBed.Numbered(1, 50));
            again.Added.ShouldBe(0);
            again.Answers.ShouldAllBe(a => a.Fate == EventFate.Known);
            (await bed.AllAsync()).Count.ShouldBe(50);
            (await bed.TallyAsync("P1")).ShouldBe(8);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Overlapping_batches_add_only_what_is_new(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        await bed.AppendAsync(JournalBed.Numbered(1, 10));
        var overlapping = await bed.AppendAsync(JournalBed.Numbered(6, 10));
        overlapping.Answers.Select(a => a.Fate).ShouldBe(Enumerable.Repeat(EventFate.Known, 5).Concat(Enumerable.Repeat(EventFate.Recorded, 5)));
        (await bed.AllAsync()).Select(e => e.Sequence!.Value).ShouldBe(Enumerable.Range(1, 15).Select(i => (long)i));
        (await bed.Journal.SafeUpToAsync(JournalSource.Agent("A1"), JournalBed.Boot(1))).ShouldBe(15);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_hole_in_the_sequences_is_kept_until_it_is_filled(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        await bed.AppendAsync(JournalBed.Numbered(1, 5));
        await bed.AppendAsync(JournalBed.Numbered(11, 5));
        (await bed.Journal.SafeUpToAsync(JournalSource.Agent("A1"), JournalBed.Boot(1))).ShouldBe(5);
        (await bed.Database.ScalarAsync("SELECT COUNT(*) FROM journal_range")).ShouldBe(2);
        await bed.RestartAsync();
        (await bed.Journal.SafeUpToAsync(JournalSource.Agent("A1"), JournalBed.Boot(1))).ShouldBe(5);
        await bed.AppendAsync(JournalBed.Numbered(6, 5));
        (await bed.Journal.SafeUpToAsync(JournalSource.Agent("A1"), JournalBed.Boot(1))).ShouldBe(15);
        (await bed.Database.ScalarAsync("SELECT COUNT(*) FROM journal_range")).ShouldBe(1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_boots_of_an_agent_count_apart_in_one_chain(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        await bed.AppendAsync(JournalBed.Numbered(1, 5, boot: 1));
        await bed.AppendAsync(JournalBed.Numbered(1, 5, boot: 2, offset: 100));
        var all = await bed.AllAsync();
        all.Count.ShouldBe(10);
        all.Select(e => e.ChainIndex).ShouldBe(Enumerable.Range(1, 10).Select(i => (long)i));
        all.Select(e => e.BootId).Distinct().Count().ShouldBe(2);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Events_without_numbers_are_told_apart_by_id(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        await bed.AppendAsync(JournalBed.ById(JournalBed.Fact(1), JournalBed.Fact(2)));
        var mixed = await bed.AppendAsync(JournalBed.ById(JournalBed.Fact(2), JournalBed.Fact(3), JournalBed.Fact(3)));
        mixed.Answers.Select(a => a.Fate).ShouldBe([EventFate.Known, EventFate.Recorded, EventFate.Known]);
        (await bed.AllAsync()).Count.ShouldBe(3);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_event_by_two_sources_has_one_effect(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        await bed.AppendAsync(JournalBed.Numbered(1, 10, agent: "A1"));
        var other = await bed.AppendAsync(JournalBed.Numbered(1, 12, agent: "A2"));
        other.Answers.Count(a => a.Fate == EventFate.Known).ShouldBe(10);
        other.Added.ShouldBe(2);
        (await bed.AllAsync()).Count.ShouldBe(12);
        (await bed.TallyAsync("P1")).ShouldBe(2);   // 1, 8
        (await bed.Journal.SafeUpToAsync(JournalSource.Agent("A2"), JournalBed.Boot(1))).ShouldBe(12);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_id_used_for_another_fact_is_kept_and_rejected_once(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        await bed.AppendAsync(JournalBed.ById(JournalBed.Fact(1)));
        var forged = JournalBed.Fact(1);
        forged.Node = "D2";
        for (var time = 0; time < 2; time++)
        {
            var answer = await bed.AppendAsync(JournalBed.ById(forged, JournalBed.Fact(2)));
            answer.Answers[0].Fate.ShouldBe(EventFate.Rejected);
            answer.Rejected.Single().Code.ShouldBe("event.id_reused");
        }
        (await bed.AllAsync()).Select(e => e.Kind).ShouldBe([EventKind.Scanned, EventKind.Unspecified, EventKind.Scanned]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_cannot_be_read_is_kept_as_bytes_and_reported_the_same_each_time(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        var nul = JournalBed.Fact(4);
        nul.Node = "D\0";
        byte[][] bad = [[0xFF, 0xFF, 0xFF], JournalBed.Bytes(new ParcelEvent { Kind = EventKind.Scanned }).ToArray(), JournalBed.Bytes(JournalBed.Fact(3, kind: (EventKind)999)).ToArray(), JournalBed.Bytes(nul).ToArray()];
        var batch = JournalBed.Numbered(1, 5);
        batch = batch with { Bodies = [.. bad.Select(b => new ReadOnlyMemory<byte>(b)), batch.Bodies[4]] };
        for (var time = 0; time < 2; time++)
        {
            var answer = await bed.AppendAsync(batch);
            answer.Rejected.Select(r => (r.Sequence, r.Code)).ShouldBe([(1, "event.unreadable"), (2, "event.id"), (3, "event.kind"), (4, "event.text")]);
            answer.Answers.Take(4).ShouldAllBe(a => a.Fate == EventFate.Rejected);
        }
        var all = await bed.AllAsync();
        all.Count.ShouldBe(5);
        all.Take(4).ShouldAllBe(e => e.Kind == EventKind.Unspecified && e.ParcelId == null);
        all.Take(4).Select(e => e.Body.ToArray()).ShouldBe(bad);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_projection_that_fails_takes_its_batch_with_it_and_no_other(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        var poisoned = JournalBed.Numbered(1, 3) with { Bodies = [JournalBed.Bytes(JournalBed.Fact(1)), JournalBed.Bytes(JournalBed.Fact(2, TallyProjection.Poison)), JournalBed.Bytes(JournalBed.Fact(3))] };
        var good = Enumerable.Range(0, 20).Select(i => bed.AppendAsync(JournalBed.Numbered(1, 5, agent: $"G{i}", offset: 1000 * (i + 1)))).ToArray();
        await Should.ThrowAsync<InvalidOperationException>(() => bed.Journal.AppendAsync(poisoned));
        await Task.WhenAll(good);
        (await bed.AllAsync()).Count.ShouldBe(100);
        await bed.AppendAsync(JournalBed.Numbered(1, 3));
        (await bed.AllAsync()).Count.ShouldBe(103);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Over_a_limit_is_refused_by_field(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine, options: new JournalOptions { BatchEventsMax = 10, BodyBytesMax = 1_000 });
        (await RefusalAsync(JournalBed.Numbered(1, 11))).Field.ShouldBe("events");
        (await RefusalAsync(JournalBed.Numbered(1, 2) with { Bodies = [JournalBed.Bytes(JournalBed.Fact(1)), new byte[1_001]] })).Field.ShouldBe("events[1]");
        (await RefusalAsync(JournalBed.Numbered(0, 1))).Field.ShouldBe("first_sequence");
        (await RefusalAsync(JournalBed.Numbered(1, 1) with { Bodies = [] })).Code.ShouldBe("batch.empty");
        (await bed.AllAsync()).ShouldBeEmpty();

        async Task<Fault.Invalid> RefusalAsync(AppendBatch batch) => (await bed.Journal.AppendAsync(batch)).Fault.ShouldBeOfType<Fault.Invalid>();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_full_disk_stops_acceptance_loudly(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine, options: new JournalOptions { FreeDiskBytesMin = long.MaxValue });
        (await bed.Journal.AppendAsync(JournalBed.Numbered(1, 1))).Fault.ShouldBeOfType<Fault.Exhausted>().Code.ShouldBe("journal.disk_full");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Many_sources_at_once_each_keep_their_chain(Engine engine)
    {
        await using var bed = await JournalBed.CreateAsync(engine);
        var sources = Enumerable.Range(0, 12).Select(s => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await bed.AppendAsync(JournalBed.Numbered((i * 7) + 1, 7, agent: $"S{s}", offset: s * 1000));
        }));
        await Task.WhenAll(sources);
        var all = await bed.AllAsync();
        all.Count.ShouldBe(12 * 140);
        foreach (var chain in all.GroupBy(e => e.SourceId))
            chain.Select(e => e.ChainIndex).ShouldBe(Enumerable.Range(1, 140).Select(i => (long)i), "positions ascend with the chain");
        (await bed.Database.ScalarAsync("SELECT SUM(events) FROM tally")).ShouldBe(12 * 140);
    }
}
