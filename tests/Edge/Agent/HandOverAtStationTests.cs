using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>Two-sided handovers at a station, with scanner, scale and page (law 7; SEED-03-INSURED, -FRAGILE, -COD-FC, -RUNSHEET).</summary>
public sealed class HandOverAtStationTests
{
    private static readonly Party DepotParty = new() { Kind = PartyKind.Depot, Id = AgentBench.Depot };
    private static readonly Party Courier = new() { Kind = PartyKind.Courier, Id = "p-wang" };

    [Fact]
    public async Task A_run_sheet_from_depot_to_courier_moves_custody_once_when_both_have_confirmed()
    {
        await using var bench = await StartAsync();
        using var page = await SignedInAsync(bench);
        var opened = await OpenAsync(page);
        opened.Done.ShouldNotBeNull();
        var progress = (await bench.StateAsync()).Handover;
        (progress.State, progress.Expected, progress.Outstanding, progress.ReceiverName).ShouldBe(("open", 4, 4, "WANG"));

        // An ordinary parcel needs its scan and nothing else.
        await bench.Scanner.ScanAsync("ORDER-PLAIN");
        await bench.UntilAsync(static s => s.Handover.Accepted == 1, "the plain one is accepted");

        // Money is confirmed ticket by ticket.
        await bench.Scanner.ScanAsync("ORDER-COD");
        var amount = await bench.UntilAsync(static s => s.Instruction.Code == "check_amount", "the amount is asked for");
        (amount.Instruction.Figures["cod_minor"], amount.Instruction.Figures["currency"]).ShouldBe(("12900", "CNY"));
        await bench.Scanner.ScanAsync("KAL:CMD:CONFIRM");
        await bench.UntilAsync(static s => s.Handover.Accepted == 2 && s.Handover.CodMinor == 12_900, "the COD one is accepted");

        // Insured and fragile: packaging, seal, touch, reweigh.
        await bench.Scanner.ScanAsync("ORDER-INSURED");
        await bench.UntilAsync(static s => s.Instruction.Code == "check_packaging", "packaging");
        await bench.Scanner.ScanAsync("KAL:CMD:CONFIRM");
        await bench.UntilAsync(static s => s.Instruction.Code == "check_seal", "seal");
        await bench.Scanner.ScanAsync("SEAL-999");
        var wrong = await bench.UntilAsync(static s => s.Instruction.Code == "check_seal" && s.Instruction.Figures["found"] == "999", "the wrong seal is shown");
        wrong.Instruction.Figures["expected"].ShouldBe("123");
        await bench.Scanner.ScanAsync("SEAL-123");
        await bench.UntilAsync(static s => s.Instruction.Code == "check_touch", "touch");
        await bench.Scanner.ScanAsync("KAL:CMD:CONFIRM");
        await bench.UntilAsync(static s => s.Instruction.Code == "place_parcel", "reweigh");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(2m));
        await bench.Scanner.ScanAsync("ORDER-INSURED");
        await bench.UntilAsync(static s => s.Handover.Accepted == 3, "the insured one is accepted");
        await bench.ClearAsync();

        // The fourth is not there: counted as short.
        (await page.ActAsync("CountHandover", new CountHandoverRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station })).Done.ShouldNotBeNull();
        var counted = (await bench.StateAsync()).Handover;
        (counted.State, counted.Accepted, counted.Excepted, counted.CodMinor).ShouldBe(("counted", 3, 1, 12_900));

        (await ConfirmAsync(page, bench, Side.Receiver, "wang")).Refused.Code.ShouldBe("giver_first");
        (await ConfirmAsync(page, bench, Side.Giver, "li")).Done.ShouldNotBeNull();
        (await ConfirmAsync(page, bench, Side.Receiver, "chen")).Refused.Code.ShouldBe("not_that_courier");
        (await ConfirmAsync(page, bench, Side.Receiver, "wang", "000000")).Refused.Code.ShouldBe("wrong_pin");
        var command = StationClient.NewCommand();
        var confirmed = await ConfirmAsync(page, bench, Side.Receiver, "wang", command: command);
        confirmed.Done.ShouldNotBeNull();
        (await ConfirmAsync(page, bench, Side.Receiver, "wang", command: command)).ShouldBe(confirmed);

        await bench.DrainedAsync();
        var facts = bench.Backend.Facts;
        var handover = facts.Single(static f => f.Kind == EventKind.HandoverOpened).Handover;
        var moves = facts.Where(static f => f.Kind == EventKind.OutForDelivery).ToList();
        moves.Select(static f => f.Parcel).ShouldBe(["ORDER-PLAIN", "ORDER-COD", "ORDER-INSURED"], ignoreOrder: true);
        moves.ShouldAllBe(f => f.Handover == handover && f.From.Equals(DepotParty) && f.To.Equals(Courier));
        facts.Where(static f => f.Kind == EventKind.Short).ShouldHaveSingleItem().Parcel.ShouldBe("ORDER-MISSING");
        facts.Where(static f => f.Kind == EventKind.Held).ShouldHaveSingleItem().Reason.ShouldBe("short");
        facts.Where(static f => f.Kind == EventKind.HandoverConfirmed).Select(static f => f.Actor).ShouldBe(["p-li", "p-wang"]);
        facts.Count(static f => f.Kind == EventKind.HandoverConfirmed).ShouldBe(2);
        (await bench.StateAsync()).Handover.ShouldBeNull();
    }

    [Fact]
    public async Task A_line_accepted_without_a_weight_does_not_make_the_next_parcels_weight_ambiguous()
    {
        await using var bench = await StartAsync();
        using var page = await SignedInAsync(bench);
        (await OpenAsync(page)).Done.ShouldNotBeNull();
        await bench.Scanner.ScanAsync("ORDER-PLAIN");
        await bench.UntilAsync(static s => s.Handover.Accepted == 1, "the plain one is accepted");
        await bench.Scanner.ScanAsync("ORDER-INSURED");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(2m));
        var weighed = await bench.UntilAsync(static s => s.Judged is { Parcel: "ORDER-INSURED" }, "the insured one's weight is its own");
        weighed.Handover.Lines.Single(static l => l.Parcel == "ORDER-INSURED").Missing.ShouldNotContain("reweigh", StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_badge_confirms_only_when_it_was_scanned_here_and_a_signature_is_kept_beside_the_journal()
    {
        await using var bench = await StartAsync();
        using var page = await SignedInAsync(bench);
        var open = new OpenHandoverRequest
        {
            CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Kind = HandoverKind.ClientToDepot,
            Giver = new Party { Kind = PartyKind.Client, Id = AgentBench.Account }, Receiver = DepotParty, Parcels = { "ORDER-CLIENT" },
        };
        (await page.ActAsync("OpenHandover", open)).Done.ShouldNotBeNull();
        await bench.Scanner.ScanAsync("ORDER-CLIENT");
        await bench.UntilAsync(static s => s.Handover.Accepted == 1, "accepted");
        await page.ActAsync("CountHandover", new CountHandoverRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station });
        var totals = new HandoverTotals { Accepted = 1 };
        var sign = new ConfirmHandoverRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Side = Side.Giver, Method = ConfirmationMethod.Signature, Totals = totals };
        (await page.ActAsync("ConfirmHandover", sign)).Refused.Code.ShouldBe("signature_missing");
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
        sign.SignaturePng = ByteString.CopyFrom(png);
        sign.CommandId = StationClient.NewCommand();
        (await page.ActAsync("ConfirmHandover", sign)).Done.ShouldNotBeNull();

        var badge = new ConfirmHandoverRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Side = Side.Receiver, Method = ConfirmationMethod.Badge, NameOrBadge = "STAFF-LI", Totals = totals };
        (await page.ActAsync("ConfirmHandover", badge)).Refused.Code.ShouldBe("badge_not_scanned");
        await bench.Scanner.ScanAsync("STAFF-LI");
        await bench.UntilAsync(static s => s.Scan.Kind == "badge", "the badge is scanned");
        badge.CommandId = StationClient.NewCommand();
        (await page.ActAsync("ConfirmHandover", badge)).Done.ShouldNotBeNull();
        await bench.DrainedAsync();
        var hash = bench.Backend.Facts.First(static f => f.Kind == EventKind.HandoverConfirmed).HandoverConfirmed.SignatureSha256;
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.AcceptedAtDepot).ShouldHaveSingleItem().Parcel.ShouldBe("ORDER-CLIENT");
        await AgentBench.WaitAsync(() => bench.Backend.Blobs.ContainsKey(Convert.ToHexStringLower(hash.Span)), "the signature is uploaded after its event");
        bench.Backend.Blobs[Convert.ToHexStringLower(hash.Span)].ShouldBe(png);
    }

    [Fact]
    public async Task What_is_over_damaged_or_already_in_another_handover_is_listed_or_refused()
    {
        await using var bench = await StartAsync();
        using var page = await SignedInAsync(bench);
        await OpenAsync(page);
        (await OpenAsync(page)).Refused.Code.ShouldBe("handover_open");
        await bench.Scanner.ScanAsync("ORDER-CLIENT");
        var over = await bench.UntilAsync(static s => s.Handover.Excepted == 1, "over is listed");
        over.Handover.Lines.Single(static l => l.Parcel == "ORDER-CLIENT").Result.ShouldBe(LineResult.Over);
        await bench.Scanner.ScanAsync("ORDER-COD");
        await bench.UntilAsync(static s => s.Instruction.Code == "check_amount", "in hand");
        await bench.Scanner.ScanAsync("KAL:CMD:DAMAGED");
        var damaged = await bench.UntilAsync(static s => s.Handover.Excepted == 2, "damaged is listed");
        damaged.Handover.Lines.Single(static l => l.Parcel == "ORDER-COD").Reason.ShouldBe("damaged");
        (await page.ActAsync("AbandonHandover", new AbandonHandoverRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station })).Refused.Code.ShouldBe("reason_missing");
        var abandon = new AbandonHandoverRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Reason = "courier_called_away" };
        (await page.ActAsync("AbandonHandover", abandon)).Done.ShouldNotBeNull();
        (await OpenAsync(page)).Done.ShouldNotBeNull("after abandoning, the parcels are free for another handover");
        await bench.DrainedAsync();
        bench.Backend.Facts.ShouldNotContain(static f => f.Kind == EventKind.OutForDelivery);
    }

    internal static Task<AgentBench> StartAsync()
    {
        ManifestParcel At(string code, string custodianKind, string custodian, string run)
        {
            var parcel = AgentBench.Parcel(code, 2m, 2m);
            (parcel.CustodianKind, parcel.Custodian, parcel.Run) = (custodianKind, custodian, run);
            return parcel;
        }
        var cod = At("ORDER-COD", "depot", AgentBench.Depot, "p-wang");
        (cod.CodMinor, cod.Currency) = (12_900, "CNY");
        var insured = At("ORDER-INSURED", "depot", AgentBench.Depot, "p-wang");
        (insured.Insured, insured.Fragile, insured.Seal) = (true, true, "123");
        return AgentBench.StartAsync(
            [At("ORDER-PLAIN", "depot", AgentBench.Depot, "p-wang"), cod, insured, At("ORDER-MISSING", "depot", AgentBench.Depot, "p-wang"), At("ORDER-CLIENT", "client", AgentBench.Account, "")],
            attended: true);
    }

    private static async Task<StationClient> SignedInAsync(AgentBench bench)
    {
        var page = bench.Page();
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        return page;
    }

    private static Task<StationReply> OpenAsync(StationClient page) => page.ActAsync("OpenHandover", new OpenHandoverRequest
    {
        CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Kind = HandoverKind.DepotToCourier, Giver = DepotParty, Receiver = Courier,
    });

    private static async Task<StationReply> ConfirmAsync(StationClient page, AgentBench bench, Side side, string name, string pin = AgentBench.Pin, ByteString? command = null)
    {
        var progress = (await bench.StateAsync()).Handover;
        return await page.ActAsync("ConfirmHandover", new ConfirmHandoverRequest
        {
            CommandId = command ?? StationClient.NewCommand(), Station = AgentBench.Station, Side = side, Method = ConfirmationMethod.Pin, NameOrBadge = name, Pin = pin,
            Totals = progress is null ? new HandoverTotals() : new HandoverTotals { Accepted = progress.Accepted, Excepted = progress.Excepted, CodMinor = progress.CodMinor, FreightCollectMinor = progress.FreightCollectMinor, Currency = progress.Currency },
        });
    }
}
