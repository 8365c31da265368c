using System.Text;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeyAccountLogistics.Unit.EdgeAgent;

public sealed class CaptureJournalTests
{
    private const string Folder = "/journal";

    private readonly ForgetfulFiles _files = new();
    private readonly CountingIds _ids = new();

    [Fact]
    public async Task What_is_accepted_is_read_back_in_order_after_a_restart()
    {
        Guid boot;
        using (var journal = Open())
        {
            boot = journal.CurrentBoot;
            for (var i = 1; i <= 50; i++) (await journal.AppendAsync(Body(i))).ShouldBe(new AppendAnswer(boot, (ulong)i, null));
        }

        using var again = Open();
        again.CurrentBoot.ShouldNotBe(boot);
        var unsent = again.Unsent().ShouldHaveSingleItem();
        (unsent.Boot, unsent.First, unsent.Last).ShouldBe((boot, 1ul, 50ul));
        Texts(again, boot, 1).ShouldBe(Enumerable.Range(1, 50).Select(Text));
        again.Recovery.NewGaps.ShouldBeEmpty();
        again.Recovery.TornBytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_power_cut_at_any_moment_loses_nothing_accepted_and_reports_no_gap(int seed)
    {
        var random = RunSettings.RandomOf(RunSettings.SeedOr(0) + (ulong)seed);
        var accepted = new List<(Guid Boot, ulong Sequence, string Text)>();
        var number = 0;
        for (var life = 0; life < 25; life++)
        {
            var journal = Open(segmentBytes: 700);
            journal.Recovery.NewGaps.ShouldBeEmpty();
            _files.BeforeSync = null;
            var dies = random.Next(1, 20);
            _files.BeforeSync = _ =>
            {
                if (--dies == 0) throw new IOException("power", 5);
            };
            _files.BeforeTruncate = _ =>
            {
                if (dies <= 0) throw new IOException("power", 5);
            };
            while (true)
            {
                var group = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Body(++number)).ToArray();
                var answer = await journal.AppendAsync(group);
                if (!answer.Accepted) break;
                for (var i = 0; i < group.Length; i++) accepted.Add((answer.Boot, answer.FirstSequence + (ulong)i, Encoding.UTF8.GetString(group[i].Span)));
            }
            _files.BeforeSync = null;
            _files.BeforeTruncate = null;
            _files.Crash(random);       // no Dispose: the process is gone
        }

        using var last = Open();
        last.Recovery.NewGaps.ShouldBeEmpty();
        accepted.Count.ShouldBeGreaterThan(100);
        foreach (var boot in accepted.GroupBy(static a => a.Boot))
        {
            var texts = Texts(last, boot.Key, 1);
            foreach (var (_, sequence, text) in boot) texts[(int)sequence - 1].ShouldBe(text);
        }
    }

    [Fact]
    public async Task A_group_is_there_wholly_or_not_at_all()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var files = new ForgetfulFiles();
            var journal = Open(files);
            await journal.AppendAsync(Body(1));
            var boot = journal.CurrentBoot;
            files.BeforeSync = static _ => throw new IOException("power", 5);
            files.BeforeTruncate = static _ => throw new IOException("power", 5);
            await journal.AppendAsync([Body(2), Body(3), Body(4), Body(5)]);
            files.BeforeSync = null;
            files.BeforeTruncate = null;
            files.Crash(new Random(seed));

            using var again = Open(files);
            Texts(again, boot, 1).Count.ShouldBeOneOf(1, 5);
            again.Recovery.NewGaps.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Damage_in_the_middle_keeps_what_is_intact_and_reports_the_rest_once()
    {
        Guid boot;
        using (var journal = Open())
        {
            boot = journal.CurrentBoot;
            for (var i = 1; i <= 20; i++) await journal.AppendAsync(Body(i));
        }
        var segment = _files.List(Folder).Single(static path => path.EndsWith(".seg", StringComparison.Ordinal));
        var bytes = _files.Bytes(segment);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Text(7)));
        _files.Flip(segment, at);

        using (var again = Open())
        {
            var gap = again.Recovery.NewGaps.ShouldHaveSingleItem();
            (gap.Boot, gap.First, gap.Last).ShouldBe((boot, 7ul, 7ul));
            _files.Bytes(again.Recovery.MovedAside.ShouldHaveSingleItem()).Length.ShouldBe(SegmentFormat.RecordHeaderBytes + Text(7).Length);
            Texts(again, boot, 1).ShouldBe(Enumerable.Range(1, 20).Where(static i => i != 7).Select(Text));
            again.UnsentCount.ShouldBe(19);
        }

        using var third = Open();
        third.Recovery.NewGaps.ShouldBeEmpty();
        third.Gaps.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Damage_at_the_very_end_is_not_mistaken_for_a_torn_write()
    {
        Guid boot;
        using (var journal = Open())
        {
            boot = journal.CurrentBoot;
            for (var i = 1; i <= 5; i++) await journal.AppendAsync(Body(i));
        }
        var segment = _files.List(Folder).Single(static path => path.EndsWith(".seg", StringComparison.Ordinal));
        _files.Flip(segment, _files.Bytes(segment).Length - 2);

        using var again = Open();
        var gap = again.Recovery.NewGaps.ShouldHaveSingleItem();
        (gap.Boot, gap.First).ShouldBe((boot, 5ul));
        again.Recovery.TornBytes.ShouldBe(0);
    }

    [Fact]
    public async Task A_damaged_header_loses_nothing_because_the_name_says_it_too()
    {
        Guid boot;
        using (var journal = Open())
        {
            boot = journal.CurrentBoot;
            await journal.AppendAsync(Body(1));
        }
        _files.Flip(_files.List(Folder).Single(static path => path.EndsWith(".seg", StringComparison.Ordinal)), 9);

        using var again = Open();
        again.Recovery.NewGaps.ShouldBeEmpty();
        again.Recovery.MovedAside.Count.ShouldBe(1);
        Texts(again, boot, 1).ShouldBe([Text(1)]);
    }

    [Fact]
    public async Task A_missing_segment_is_a_gap()
    {
        Guid boot;
        using (var journal = Open(segmentBytes: 300))
        {
            boot = journal.CurrentBoot;
            for (var i = 1; i <= 30; i++) await journal.AppendAsync(Body(i));
        }
        var segments = _files.List(Folder).Where(static path => path.EndsWith(".seg", StringComparison.Ordinal)).ToList();
        segments.Count.ShouldBeGreaterThan(3);
        var lost = Segment.TryFromPath(segments[1])!.FirstSequence;
        var next = Segment.TryFromPath(segments[2])!.FirstSequence;
        _files.Delete(segments[1]);

        using var again = Open(segmentBytes: 300);
        var gap = again.Recovery.NewGaps.ShouldHaveSingleItem();
        (gap.Boot, gap.First, gap.Last).ShouldBe((boot, lost, next - 1));
    }

    [Fact]
    public async Task Damage_that_comes_while_running_is_skipped_by_the_reader_and_reported()
    {
        using var journal = Open();
        var boot = journal.CurrentBoot;
        for (var i = 1; i <= 10; i++) await journal.AppendAsync(Body(i));
        var segment = _files.List(Folder).Single(static path => path.EndsWith(".seg", StringComparison.Ordinal));
        _files.Flip(segment, _files.Bytes(segment).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Text(4))));
        var gaps = new List<JournalGap>();
        journal.GapFound = gaps.Add;

        Texts(journal, boot, 1).ShouldBe(Enumerable.Range(1, 10).Where(static i => i != 4).Select(Text));
        gaps.ShouldHaveSingleItem().First.ShouldBe(4ul);
    }

    [Fact]
    public async Task A_disk_near_its_end_stops_acceptance_with_the_reason_and_goes_on_when_there_is_room_again()
    {
        using var journal = Open();
        (await journal.AppendAsync(Body(1))).Accepted.ShouldBeTrue();
        _files.Free = 10 << 20;
        var refused = (await journal.AppendAsync(Body(2))).Refused.ShouldNotBeNull();
        refused.Code.ShouldBe("journal_full");
        refused.Message.ShouldContain("10 MiB left");
        journal.Refusing.ShouldBe(refused);
        _files.Free = 1L << 40;
        (await journal.AppendAsync(Body(3))).FirstSequence.ShouldBe(2ul);
        journal.Refusing.ShouldBeNull();
        Texts(journal, journal.CurrentBoot, 1).ShouldBe([Text(1), Text(3)]);
    }

    [Fact]
    public async Task A_write_that_finds_the_disk_full_leaves_no_trace()
    {
        using var journal = Open();
        var boot = journal.CurrentBoot;
        await journal.AppendAsync(Body(1));
        _files.Room = 20;
        (await journal.AppendAsync(Body(2))).Refused!.Code.ShouldBe("journal_full");
        _files.Room = long.MaxValue;
        var answer = await journal.AppendAsync(Body(3));
        (answer.Boot, answer.FirstSequence).ShouldBe((boot, 2ul));
        Texts(journal, boot, 1).ShouldBe([Text(1), Text(3)]);
    }

    [Fact]
    public async Task After_a_sync_that_failed_no_sequence_stands_for_two_events()
    {
        using var journal = Open();
        var first = journal.CurrentBoot;
        await journal.AppendAsync(Body(1));
        _files.BeforeSync = static _ => throw new IOException("I/O error", 5);
        _files.BeforeTruncate = static _ => throw new IOException("I/O error", 5);
        (await journal.AppendAsync(Body(2))).Refused!.Code.ShouldBe("journal_fault");
        _files.BeforeSync = null;
        _files.BeforeTruncate = null;
        var answer = await journal.AppendAsync(Body(3));
        answer.Boot.ShouldNotBe(first);
        answer.FirstSequence.ShouldBe(1ul);
    }

    [Fact]
    public async Task Groups_that_wait_share_one_sync()
    {
        using var journal = Open();
        await journal.AppendAsync(Body(0));
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        _files.BeforeSync = _ =>
        {
            entered.Set();
            release.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        };
        var leader = Task.Run(async () => await journal.AppendAsync(Body(1)));
        entered.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        var followers = Enumerable.Range(2, 100).Select(i => journal.AppendAsync(Body(i)).AsTask()).ToArray();
        var before = _files.Syncs;
        release.Set();
        await leader;
        var answers = await Task.WhenAll(followers);
        (_files.Syncs - before).ShouldBe(2);
        answers.Select(static a => a.FirstSequence).ShouldBe(Enumerable.Range(3, 100).Select(static i => (ulong)i));
    }

    [Fact]
    public async Task Acknowledged_segments_go_but_for_the_tail_and_what_is_pinned()
    {
        using var journal = Open(segmentBytes: 300, keepBytes: 600);
        var boot = journal.CurrentBoot;
        for (var i = 1; i <= 100; i++) await journal.AppendAsync(Body(i));
        journal.Pin([(boot, 40)]);
        journal.Acknowledge(boot, 90);
        journal.UnsentCount.ShouldBe(10);
        Texts(journal, boot, 1).ShouldContain(Text(40), StringComparer.Ordinal);
        Texts(journal, boot, 1).Contains(Text(20), StringComparer.Ordinal).ShouldBeFalse();
        journal.Pin([]);
        journal.Acknowledge(boot, 91);
        Texts(journal, boot, 1).Contains(Text(40), StringComparer.Ordinal).ShouldBeFalse();
        Texts(journal, boot, 1).ShouldContain(Text(90), StringComparer.Ordinal);
        journal.Acknowledge(boot, 100);

        using var again = Open(segmentBytes: 300, keepBytes: 600);
        again.Recovery.NewGaps.ShouldBeEmpty();
        again.UnsentCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_backend_that_was_set_back_gets_what_is_still_kept()
    {
        using var journal = Open();
        var boot = journal.CurrentBoot;
        for (var i = 1; i <= 10; i++) await journal.AppendAsync(Body(i));
        journal.Acknowledge(boot, 10);
        journal.UnsentCount.ShouldBe(0);
        journal.BackendHolds(boot, 4);
        var unsent = journal.Unsent().ShouldHaveSingleItem();
        (unsent.First, unsent.Last).ShouldBe((5ul, 10ul));
    }

    [Fact]
    public async Task A_boot_that_is_cut_off_lets_live_events_pass_the_backlog()
    {
        using var journal = Open();
        var old = journal.CurrentBoot;
        for (var i = 1; i <= 5; i++) await journal.AppendAsync(Body(i));
        journal.CutBoot();
        var live = await journal.AppendAsync(Body(6));
        live.Boot.ShouldNotBe(old);
        live.FirstSequence.ShouldBe(1ul);
        journal.Unsent().Select(static u => u.Count).ShouldBe([5, 1]);
        journal.CutBoot();
        journal.CutBoot();
        journal.Unsent().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Lost_positions_cost_a_resend_and_nothing_else()
    {
        Guid boot;
        using (var journal = Open())
        {
            boot = journal.CurrentBoot;
            for (var i = 1; i <= 3; i++) await journal.AppendAsync(Body(i));
            journal.Acknowledge(boot, 2);
        }
        _files.Flip("/journal/journal.state", 0);
        using var again = Open();
        again.Recovery.StateLost.ShouldBeTrue();
        again.Recovery.NewGaps.ShouldBeEmpty();
        again.UnsentCount.ShouldBe(3);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_whole()
    {
        using var journal = Open();
        (await journal.AppendAsync(new byte[(1 << 20) + 1])).Refused!.Code.ShouldBe("journal_too_large");
        (await journal.AppendAsync(Enumerable.Repeat(new ReadOnlyMemory<byte>([1]), 16_001).ToArray())).Refused!.Code.ShouldBe("journal_too_large");
        journal.UnsentCount.ShouldBe(0);
    }

    [Fact]
    public async Task The_real_disk_keeps_what_was_accepted()
    {
        var directory = Directory.CreateTempSubdirectory("kal-journal");
        try
        {
            var files = new LinuxFiles();
            Guid boot;
            using (var journal = Open(files, directory.FullName))
            {
                boot = journal.CurrentBoot;
                for (var i = 1; i <= 200; i++) (await journal.AppendAsync(Body(i))).Accepted.ShouldBeTrue();
            }
            using var again = Open(files, directory.FullName);
            Texts(again, boot, 1).ShouldBe(Enumerable.Range(1, 200).Select(Text));
            Texts(again, boot, 150).ShouldBe(Enumerable.Range(150, 51).Select(Text));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [RequiresProgramFact(SmallDisk.Requirement)]
    public async Task A_real_disk_that_is_full_refuses_keeps_what_was_accepted_and_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(2);
        var options = new JournalOptions { Directory = Path.Combine(disk.Path, "journal"), ReserveBytes = 0, SegmentBytes = 128 << 10 };
        Guid boot;
        var accepted = 0;
        using (var journal = CaptureJournal.Open(options, new LinuxFiles(), _ids, NullLogger.Instance))
        {
            boot = journal.CurrentBoot;
            AppendAnswer answer;
            while ((answer = await journal.AppendAsync(Large(accepted + 1))).Accepted) accepted++;
            answer.Refused!.Code.ShouldBe("journal_full");
            answer.Refused.Message.ShouldContain("disk is full");
            accepted.ShouldBeInRange(100, 2_000);
            Texts(journal, boot, 1).Count().ShouldBe(accepted);

            disk.Resize(64);
            var next = await journal.AppendAsync(Large(accepted + 1));
            (next.Accepted, next.Boot, next.FirstSequence).ShouldBe((true, boot, (ulong)++accepted));
        }
        using var again = CaptureJournal.Open(options, new LinuxFiles(), _ids, NullLogger.Instance);
        Texts(again, boot, 1).ShouldBe(Enumerable.Range(1, accepted).Select(n => Encoding.UTF8.GetString(Large(n).Span)));
        (again.Recovery.NewGaps.Count, again.UnsentCount).ShouldBe((0, accepted));

        static ReadOnlyMemory<byte> Large(int number) => Encoding.UTF8.GetBytes(Text(number).PadRight(4_000, '.'));
    }

    private CaptureJournal Open(long segmentBytes = 8 << 20, long keepBytes = 64 << 20) => Open(_files, Folder, segmentBytes, keepBytes);

    private CaptureJournal Open(IDurableFiles files, string directory = Folder, long segmentBytes = 8 << 20, long keepBytes = 64 << 20) =>
        CaptureJournal.Open(new JournalOptions { Directory = directory, SegmentBytes = segmentBytes, KeepBytes = keepBytes }, files, _ids, NullLogger.Instance);

    private static string Text(int number) => $"event number {number:D5}";

    private static ReadOnlyMemory<byte> Body(int number) => Encoding.UTF8.GetBytes(Text(number));

    // As the uplink reads: every batch must be contiguous, since only its first sequence is sent.
    private static List<string> Texts(CaptureJournal journal, Guid boot, ulong from)
    {
        using var reader = new JournalReader(journal, boot, from);
        var texts = new List<string>();
        while (reader.Read(7, 1 << 16) is { Count: > 0 } batch)
        {
            batch.Select(static e => e.Sequence).ShouldBe(Enumerable.Range(0, batch.Count).Select(i => batch[0].Sequence + (ulong)i));
            texts.AddRange(batch.Select(static e => Encoding.UTF8.GetString(e.Body)));
        }
        return texts;
    }

    private sealed class CountingIds : IIds
    {
        private int _count;

        public Guid New() => new(Interlocked.Increment(ref _count), 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);
    }
}
