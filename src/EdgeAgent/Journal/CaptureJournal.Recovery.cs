using System.Globalization;
using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>Opening: what is on the disk, what of it is intact, what is missing.</summary>
internal sealed partial class CaptureJournal
{
    private int _lastOrdinal;

    private string AsideDirectory => Path.Combine(_options.Directory, "damaged");

    private void Recover()
    {
        var state = JournalState.TryRead(_files, StatePath);
        var known = (state?.Boots ?? []).ToDictionary(static boot => boot.Boot);
        _lastOrdinal = state?.LastOrdinal ?? 0;
        _gaps.AddRange(state?.Gaps ?? []);
        var found = new Findings();
        var segments = _files.List(_options.Directory).Select(Segment.TryFromPath).OfType<Segment>()
            .OrderBy(static s => s.Ordinal).ThenBy(static s => s.FirstSequence).ToList();
        foreach (var ofBoot in segments.GroupBy(static s => (s.Boot, s.Ordinal)))
        {
            var boot = new Boot(ofBoot.Key.Boot, ofBoot.Key.Ordinal, ofThisProcess: false);
            if (known.TryGetValue(boot.Id, out var before)) (boot.Acknowledged, boot.Clock) = (before.Acknowledged, before.Clock);
            RecoverBoot(boot, [.. ofBoot], found);
            _lastOrdinal = Math.Max(_lastOrdinal, boot.Ordinal);
            if (boot.Segments.Count > 0) _boots.Add(boot);
        }
        foreach (var boot in known.Values) _lastOrdinal = Math.Max(_lastOrdinal, boot.Ordinal);
        _formerClocks = [.. known.Values.OrderBy(static b => b.Ordinal).Select(static b => b.Clock).OfType<BootClock>()];
        _gaps.AddRange(found.Gaps);
        Recovery = new JournalRecovery(found.Gaps, found.Aside, found.TornBytes, found.TornSegments, state is null, _boots.Sum(static b => b.Unsent));
        Report(state is null);
    }

    private IReadOnlyList<BootClock> _formerClocks = [];

    /// <summary>A new boot has not met the server; what is known is when a boot before it last did.</summary>
    private BootClock? ClockOfFormerBoots()
    {
        var last = _formerClocks.Count == 0 ? 0 : _formerClocks.Max(static c => Math.Max(c.ContactServerMicros, c.PreviousContactMicros));
        return last == 0 ? null : new BootClock(0, 0, 0, last, _formerClocks[^1].WallOffsetMicros);
    }

    private void RecoverBoot(Boot boot, IReadOnlyList<Segment> segments, Findings found)
    {
        var expected = boot.Acknowledged + 1;
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            var lastOfBoot = i == segments.Count - 1;
            var findings = ExamineFile(segment, lastOfBoot, found);
            if (i == 0 && segment.FirstSequence > expected) Missing(expected, segment.FirstSequence - 1, "segment missing");
            expected = Math.Max(expected, segment.FirstSequence);
            foreach (var range in findings.Present)
            {
                if (range.First > expected) Missing(expected, range.First - 1, "damaged");
                expected = Math.Max(expected, range.Last + 1);
            }
            var next = lastOfBoot ? 0 : segments[i + 1].FirstSequence;
            if (next > expected) Missing(expected, next - 1, "damaged");
            if (lastOfBoot && EndIsDamaged(findings)) Missing(expected, expected, "damaged end: one event or more");
            segment.Length = findings.GoodLength;
            segment.LastSequence = findings.Present.Count > 0 ? findings.Present[^1].Last : segment.FirstSequence - 1;
            if (findings.Present.Count > 0) boot.Segments.Add(segment);
            else TryDelete(segment.Path);
        }

        void Missing(ulong first, ulong last, string reason)
        {
            if (last > boot.Acknowledged && !IsKnownGap(boot.Id, first, last)) found.Gaps.Add(new JournalGap(boot.Id, first, last, reason));
        }
    }

    private static bool EndIsDamaged(SegmentFindings findings) => findings.Damaged is [.., { Length: > 0 } last] && last.Offset >= findings.GoodLength;

    private bool IsKnownGap(Guid boot, ulong first, ulong last) => _gaps.Any(gap => gap.Boot == boot && gap.First <= first && gap.Last >= last);

    private SegmentFindings ExamineFile(Segment segment, bool lastOfBoot, Findings found)
    {
        using var file = _files.Open(segment.Path);
        var bytes = RecoverSegment.ReadWhole(file);
        var findings = RecoverSegment.Examine(segment, bytes, lastOfBoot);
        foreach (var range in findings.Damaged) MoveAside(segment, bytes.AsSpan((int)range.Offset, range.Length), range.Offset, found);
        if (findings.TornBytes > 0)
        {
            MoveAside(segment, bytes.AsSpan((int)findings.GoodLength), findings.GoodLength, found);
            found.TornBytes += findings.TornBytes;
            found.TornSegments++;
        }
        if (file.Length > findings.GoodLength && lastOfBoot) file.Truncate(findings.GoodLength);
        return findings;
    }

    /// <summary>A copy for whoever looks into it; the same damage found again is not copied again.</summary>
    private void MoveAside(Segment segment, ReadOnlySpan<byte> bytes, long offset, Findings found)
    {
        _files.CreateDirectory(AsideDirectory);
        var path = Path.Combine(AsideDirectory, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(segment.Path)}@{offset}.bin"));
        if (_files.Exists(path)) return;
        _files.Replace(path, bytes);
        found.Aside.Add(path);
    }

    private void Report(bool stateLost)
    {
        if (stateLost) JournalLog.StateLost(_log, StatePath);
        if (Recovery.TornSegments > 0) JournalLog.TornTail(_log, Recovery.TornBytes, Recovery.TornSegments);
        foreach (var gap in Recovery.NewGaps) JournalLog.Gap(_log, gap.Boot, gap.First, gap.Last, gap.Reason, AsideDirectory);
    }

    private sealed class Findings
    {
        public List<JournalGap> Gaps { get; } = [];

        public List<string> Aside { get; } = [];

        public long TornBytes { get; set; }

        public int TornSegments { get; set; }
    }
}
