using KeyAccountLogistics.Kernel;
using Shouldly;
using Xunit;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class WhatWasScannedTests
{
    private static readonly ScanWords Words = new(WaybillScheme.Of("KAL"));

    private static IReadOnlyList<ScanMeaning> Read(string line) => WhatWasScanned.Read(ScannedCode.From(line), Words);

    private static T Only<T>(string line)
        where T : ScanMeaning => Read(line).ShouldHaveSingleItem().ShouldBeOfType<T>();

    [Theory]
    [InlineData("KAL2610120000017")]
    [InlineData("]C0KAL2610120000017\r\n")]
    [InlineData("]Q1https://ns.kal.example/waybill/KAL2610120000017")]
    [InlineData("]Q1https://ns.kal.example/track?n=kal2610120000017&lang=zh")]
    [InlineData("kal2610120000017")]
    public void An_own_waybill_wins_over_everything(string line) => Only<ScanMeaning.OwnParcel>(line).Waybill.Text.ShouldBe("KAL2610120000017");

    [Fact]
    public void A_piece_is_told_from_its_waybill()
    {
        var own = Only<ScanMeaning.OwnParcel>("KAL2610120000017-002");
        own.Piece.ShouldBe(2);
        own.Parcel!.Value.Text.ShouldBe("KAL2610120000017-002");
    }

    [Fact]
    public void A_misread_own_waybill_is_scanned_again_and_nothing_else()
    {
        var misread = Only<ScanMeaning.MisreadOwn>("KAL2610120000018");
        misread.Why.ShouldBe(WaybillFlaw.CheckDigit);
        misread.Parcel.ShouldBeNull();
    }

    [Fact]
    public void An_S10_is_a_postal_item_first_and_somebodys_identifier_second()
    {
        var read = Read("RR473124829GB");
        read.Count.ShouldBe(2);
        read[0].ShouldBeOfType<ScanMeaning.PostalItem>();
        read[1].ShouldBeOfType<ScanMeaning.ForeignParcel>();
        read.ShouldAllBe(meaning => meaning.Parcel!.Value.Text == "RR473124829GB");
    }

    [Theory]
    [InlineData("]C100106141411234567897")]
    [InlineData("]C10010614141123456789742031000\u001D403123")]
    [InlineData("(00)106141411234567897(420)310000")]
    [InlineData("]Q1https://any.host/00/106141411234567897")]
    public void An_SSCC_in_any_of_its_clothes_is_a_logistic_unit(string line)
    {
        var unit = Only<ScanMeaning.LogisticUnit>(line);
        unit.Unit.Text.ShouldBe("106141411234567897");
        unit.Message.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("00106141411234567897")]
    [InlineData("106141411234567897")]
    public void A_bare_SSCC_may_still_be_somebodys_identifier(string line)
    {
        var read = Read(line);
        read[0].ShouldBeOfType<ScanMeaning.LogisticUnit>().Unit.Text.ShouldBe("106141411234567897");
        read[1].ShouldBeOfType<ScanMeaning.ForeignParcel>();
    }

    [Fact]
    public void Postcode_and_routing_are_GS1_content_and_no_parcel()
    {
        var content = Only<ScanMeaning.Gs1Content>("]C1420310000\u001D403SZX-01");
        content.Message.Value("420").ShouldBe("310000");
        content.Parcel.ShouldBeNull();
    }

    [Fact]
    public void The_own_number_inside_a_shippers_symbol_comes_before_its_SSCC()
    {
        var read = Read("]C10010614141123456789791KAL2610120000017");
        read[0].ShouldBeOfType<ScanMeaning.OwnParcel>();
        read[1].ShouldBeOfType<ScanMeaning.LogisticUnit>();
    }

    [Theory]
    [InlineData("]C100106141411234567890")]    // wrong check digit
    [InlineData("]d2")]
    [InlineData("]Q3899999")]
    [InlineData("]E02112345678901")]
    [InlineData("https://a/NOPRIMARYAI")]
    [InlineData("AB 12")]
    [InlineData("!!??!!??")]
    [InlineData("\r\n")]
    [InlineData("]C1")]
    public void What_cannot_be_used_says_why(string line) => Only<ScanMeaning.Unreadable>(line).Why.ShouldNotBeNullOrWhiteSpace();

    [Fact]
    public void An_article_number_is_never_a_parcel() => Only<ScanMeaning.Article>("]E02112345678900").Parcel.ShouldBeNull();

    [Fact]
    public void Badge_seal_and_command_start_with_the_installations_words()
    {
        Only<ScanMeaning.Badge>("staff-0042").StaffCode.ShouldBe("0042");
        Only<ScanMeaning.Seal>("SEAL-A88231").Number.ShouldBe("A88231");
        Only<ScanMeaning.Command>("KAL:CMD:CONFIRM").Asked.ShouldBe(StationCommand.Confirm);
        Only<ScanMeaning.Command>("]C0kal:cmd:signout").Asked.ShouldBe(StationCommand.SignOut);
        Only<ScanMeaning.Unreadable>("KAL:CMD:FORMAT-DISK").Why.ShouldContain("no command");
        Only<ScanMeaning.Unreadable>("KAL:CMD:3").Why.ShouldContain("no command");
    }

    [Fact]
    public void Every_command_has_its_barcode()
    {
        foreach (var command in Enum.GetValues<StationCommand>()) Only<ScanMeaning.Command>("KAL:CMD:" + command).Asked.ShouldBe(command);
    }

    [Fact]
    public void Another_carriers_waybill_is_foreign() => Only<ScanMeaning.ForeignParcel>("SF1234567890123").Code.Text.ShouldBe("SF1234567890123");

    [Fact]
    public void Whatever_is_scanned_there_is_an_answer() => Seeded.Holds(
        FsCheck.Fluent.ArbMap.GeneratorFor<string?>(FsCheck.Fluent.ArbMap.Default), text => WhatWasScanned.Read(ScannedCode.From(text ?? ""), Words).Count > 0);
}
