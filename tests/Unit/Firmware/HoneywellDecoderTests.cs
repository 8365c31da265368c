using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>Scans and answers to menu commands on one line (devices.md 2).</summary>
public sealed class HoneywellDecoderTests
{
    [Fact]
    public void The_commands_are_those_of_the_manual()
    {
        var commands = Wire.Dialect("scanner-honeywell").Commands;
        Convert.ToHexString(commands.Trigger!.Value.Span).ShouldBe("16540D");
        Convert.ToHexString(commands.Untrigger!.Value.Span).ShouldBe("16550D");
        Convert.ToHexString(commands.Identify!.Value.Span).ShouldBe("164D0D3233324241443F2E");   // captures.tsv
    }

    [Fact]
    public void Answers_and_scans_take_turns_on_one_line()
    {
        var sink = Wire.Decode("scanner-honeywell", Wire.Bytes("KA1<0D>CBRENA1<06>.]C0KA2<0D>SUFCA2990D<06>!NR<0D>XYZABC<05>."));
        sink.Scans.Select(scan => scan.Text).ShouldBe(["KA1", "CBRENA1", "KA2", "SUFCA2990D", "", "XYZABC"]);
        sink.Scans.Select(scan => scan.Answer).ShouldBe([null, ScannerAnswer.Done, null, ScannerAnswer.Done, null, ScannerAnswer.UnknownCommand]);
        sink.Rejected.ShouldBeEmpty();
    }

    [Fact]
    public void One_bad_item_makes_the_answer_bad()
    {
        Wire.Decode("scanner-honeywell", Wire.Bytes("CBRENA1<06>,MIN99<15>.")).Scans.ShouldHaveSingleItem().Answer.ShouldBe(ScannerAnswer.Refused);
        Wire.Decode("scanner-honeywell", Wire.Bytes("CBRENA1<06>;QQQ1<05>.")).Scans.ShouldHaveSingleItem().Answer.ShouldBe(ScannerAnswer.UnknownCommand);
    }

    [Fact]
    public void An_answer_that_was_cut_off_is_no_parcel()
    {
        var sink = Wire.Decode("scanner-honeywell", Wire.Bytes("KA1<0D>CBRENA1<06>"));
        sink.Scans.ShouldHaveSingleItem().Text.ShouldBe("KA1");
        sink.Rejected.ShouldHaveSingleItem().Reason.ShouldBe(RejectReason.Length);
    }

    [Fact]
    public void A_symbol_that_holds_control_characters_is_a_scan_as_it_stands()
    {
        Wire.Decode("scanner-honeywell", Wire.Bytes("]d1ABC<06>DEF<0D>")).Scans.ShouldHaveSingleItem().Text.ShouldBe("ABC\u0006DEF");
        Wire.Decode("scanner-honeywell", Wire.Bytes("ABCDEF<06>G<0D>")).Scans.ShouldHaveSingleItem().Answer.ShouldBeNull();
    }
}
