using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Handovers;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.EdgeAgent.Snapshots;
using KeyAccountLogistics.EdgeAgent.Stations;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Files;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Weighing;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Verdict = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;
using Why = KeyAccountLogistics.Verdicts.Weighing.NoVerdictReason;

namespace KeyAccountLogistics.Unit.EdgeAgent;

/// <summary>The small deciding parts of a station, apart from devices and disk.</summary>
public sealed class StationPartsTests
{
    private static readonly LocalDate Today = new(2026, 1, 12);
    private static readonly Instant Now = Instant.FromUtc(2026, 1, 12, 8, 0);

    [Fact]
    public void Without_any_manifest_a_parcel_is_pending_and_with_one_it_is_unknown()
    {
        Decide(null, manifestKnown: false).ShouldBeOfType<Verdict.NoVerdict>().Why.ShouldBe(Why.NoTerms);
        Decide(null, manifestKnown: true).ShouldBeOfType<Verdict.NoVerdict>().Why.ShouldBe(Why.UnknownParcel);
    }

    [Fact]
    public void A_parcel_that_the_backend_knows_by_its_scans_alone_is_unknown_and_not_pending()
    {
        Decide(new ManifestParcel { Parcel = "NOBODY-KNOWS-IT", State = "in_depot" }, manifestKnown: true).ShouldBeOfType<Verdict.NoVerdict>().Why.ShouldBe(Why.UnknownParcel);
        Decide(new ManifestParcel { Parcel = "ORDER-1", Account = "HDDS-A" }, manifestKnown: true).ShouldBeOfType<Verdict.NoVerdict>().Why.ShouldBe(Why.NoTerms, "announced, its terms not come yet");
    }

    /// <summary>In hours: the wall clock said 2, the counter 10; what is known of the boot decides.</summary>
    [Theory]
    [InlineData(null, null, 2 + 50)]
    [InlineData(100, null, 100 + (10 - 4))]
    [InlineData(0, 7, 2 + 7)]
    public void When_a_fact_of_the_journal_was_made_is_told_by_its_boots_contact_or_by_the_wall_clock_put_right(int? contact, int? wallOffset, int expected)
    {
        static long Hours(int hours) => hours * 3_600_000_000L;
        var boot = contact is { } met ? new BootClock(Hours(met), Hours(4), 1, 0, Hours(wallOffset ?? 1)) : null;
        AgentClock.ServerTimeOf(new CaptureStamp(Hours(2), Hours(10)), boot, Hours(50)).ToUnixMicros().ShouldBe(Hours(expected));
    }

    [Fact]
    public void A_scale_whose_verification_has_expired_gives_no_verdict_and_the_headline_says_so()
    {
        var verdict = Decide(new ManifestParcel { Parcel = "P", Account = "A" }, manifestKnown: true, verifiedUntil: Today.PlusDays(-1));
        verdict.ShouldBeOfType<Verdict.NoVerdict>().Why.ShouldBe(Why.VerificationExpired);
        JudgeWeight.Headline(JudgeWeight.ToWire(verdict, null), typed: false).ShouldBe(("warn", "no_verdict_verification_expired"));
    }

    [Fact]
    public void The_frames_kept_are_those_of_the_window_the_newest_32_of_it()
    {
        var window = new WeighingWindow();
        for (var i = 0; i < 100; i++) window.Add(Duration.FromMilliseconds(i * 50), Reading(i));
        var kept = window.Between(Duration.FromMilliseconds(500), Duration.FromMilliseconds(4_000));
        kept.Count.ShouldBe(32);
        Encoding.ASCII.GetString(kept[^1].Raw.Span).ShouldBe("frame 80");
        Encoding.ASCII.GetString(kept[0].Raw.Span).ShouldBe("frame 49");
        window.Between(Duration.FromMilliseconds(500), Duration.FromMilliseconds(600)).Count.ShouldBe(3);
        for (var i = 100; i < 10_000; i++) window.Add(Duration.FromMilliseconds(i * 50), Reading(i));
        window.Between(Duration.FromMilliseconds(500), Duration.FromMilliseconds(600)).ShouldBeEmpty("a window long gone is no longer held");
    }

    [Fact]
    public void A_loose_plug_is_listed_thirty_times_then_once_a_minute_with_the_count_of_the_rest()
    {
        var limit = new ChangeLimit();
        var listed = Enumerable.Range(0, 120).Count(second => limit.Allows(1_000_000L * second / 4, out _));
        listed.ShouldBe(30);
        limit.Allows(61_000_000, out var suppressed).ShouldBeTrue();
        suppressed.ShouldBe(90);
    }

    [Fact]
    public void Half_an_update_of_the_manifest_is_never_worked_by()
    {
        var files = new ForgetfulFiles();
        var manifest = new Manifest(files, "/data", NullLogger.Instance);
        manifest.Apply(Update(1, reset: true, more: false, "A", "B")).ShouldBeTrue();
        manifest.Apply(Update(2, reset: true, more: true, "C")).ShouldBeTrue();
        (manifest.Version, manifest.Find("A") is not null, manifest.Find("C") is null).ShouldBe((1ul, true, true));
        manifest.ForgetParts();
        manifest.Apply(Update(3, reset: false, more: true, "D"));
        manifest.Apply(new ManifestUpdate { Version = 3, Removed = { "A" } });
        (manifest.Version, manifest.Find("A") is null, manifest.Find("B") is not null, manifest.Find("D") is not null).ShouldBe((3ul, true, true, true));
        manifest.Save();
        var again = new Manifest(files, "/data", NullLogger.Instance);
        (again.Version, again.Count).ShouldBe((3ul, 2));
        files.Flip("/data/manifest.snapshot", 12);
        new Manifest(files, "/data", NullLogger.Instance).Version.ShouldBe(0ul, "a damaged copy is fetched again");
    }

    [Fact]
    public void Handover_facts_read_back_are_the_steps_that_made_them()
    {
        var at = Clock.FromUnixMicros(1_768_000_000_123_456);
        var opened = new HandoverStep.Opened(at, "p-1", "h-1", KeyAccountLogistics.Verdicts.Handovers.HandoverKind.DepotToCourier, new(KeyAccountLogistics.Verdicts.Handovers.PartyKind.Depot, "D"), new(KeyAccountLogistics.Verdicts.Handovers.PartyKind.Courier, "c-1"), "D",
            [new KeyAccountLogistics.Verdicts.Handovers.ExpectedParcel("P-1", true, true, 100, 20, "CNY", "S-1")]);
        var fact = new ParcelEvent { Kind = EventKind.HandoverOpened, CapturedAtUs = at.ToUnixMicros(), Actor = "p-1", Handover = "h-1", HandoverOpened = HandoverWire.ToWire(opened) };
        var read = HandoverWire.ToStep(fact).ShouldBeOfType<HandoverStep.Opened>();
        read.Expected.ShouldBe(opened.Expected);
        (read with { Expected = opened.Expected }).ShouldBe(opened);

        var line = new KeyAccountLogistics.Verdicts.Handovers.HandoverLine("P-1", KeyAccountLogistics.Verdicts.Handovers.LineResult.Held, "S-2", true, true, true, 100, 20, "CNY", "seal_mismatch");
        HandoverWire.ToLine("P-1", HandoverWire.ToWire(line)).ShouldBe(line);
        var totals = new KeyAccountLogistics.Verdicts.Handovers.HandoverTotals(3, 1, 100, 20, "CNY");
        HandoverWire.ToTotals(HandoverWire.ToWire(totals)).ShouldBe(totals);
        HandoverWire.ToStep(new ParcelEvent { Kind = EventKind.Weighed }).ShouldBeNull();
    }

    private static Verdict Decide(ManifestParcel? parcel, bool manifestKnown, LocalDate? verifiedUntil = null)
    {
        var scale = new ScaleFacts("s", "", AccuracyClass.III, Mass.FromGrams(10), Mass.FromKilograms(30), Mass.FromGrams(200), verifiedUntil ?? Today);
        return JudgeWeight.Decide(parcel, manifestKnown, new HeldDoubts(new ForgetfulFiles(), "/agent", NullLogger.Instance), KeyAccountLogistics.Verdicts.Terms.TermsSnapshot.Empty, WeighReading.FromScale(scale, Mass.FromKilograms(2), stable: true, returnedToZero: true), Today, Now);
    }

    private static WeightReading Reading(int number) => new() { Mass = Mass.FromGrams(number), Raw = new KeyAccountLogistics.FirmwareAdapters.Readings.RawFrame(Encoding.ASCII.GetBytes($"frame {number}")) };

    private static ManifestUpdate Update(ulong version, bool reset, bool more, params string[] parcels)
    {
        var update = new ManifestUpdate { Version = version, Reset = reset, More = more };
        update.Parcels.AddRange(parcels.Select(static p => new ManifestParcel { Parcel = p }));
        return update;
    }
}
