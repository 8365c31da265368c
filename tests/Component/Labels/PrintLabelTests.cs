using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Component.Custody;
using KeyAccountLogistics.Custody.Labels;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Labels;

/// <summary>The label of a registered parcel: what stands on it, and that nobody's name, number or room does (domain.md 4.4).</summary>
public sealed class PrintLabelTests
{
    private static readonly ShipmentLine Line = new()
    {
        Waybill = "KAL2610120000017", Account = "KA-1", Product = "standard", Origin = "HZ01", Destination = "SH01", DeclaredMg = 2_350_000, CodMinor = 19_900, Currency = "CNY", Pieces = 2, Fragile = true,
        Personal = new PersonalDetails
        {
            SenderName = "张三", SenderPhone = "13912345611", SenderAddress = "上海市浦东新区祖冲之路887弄2号楼301室", ConsigneeName = "欧阳某某", ConsigneePhone = "13812345678", ConsigneeAddress = "文三路90号3幢2单元501室",
        },
    };

    [Fact]
    public async Task Personal_details_are_masked_and_the_rest_is_the_shipments()
    {
        await using var bed = await CustodyBed.StartAsync(Engine.Sqlite);
        await bed.RegisterAsync(Line);
        await using var scope = bed.Services.CreateScopeAs(Caller.System);
        var life = (await scope.ServiceProvider.GetRequiredService<ReadParcel>().RunAsync("KAL2610120000017", CancellationToken.None)).Value;
        var label = PrintLabel.ContentOf(life);
        label.Consignee.ShouldBe(("欧***", "138******78", "文三路90号3幢***"));
        label.Sender.Name.ShouldBe("张*");
        label.Sender.Phone.ShouldBe("139******11");
        label.Sender.Address.ShouldNotContain("301");
        (label.Destination, label.Mass, label.CashOnDelivery, label.FreightCollect, label.Pieces, label.Fragile, label.IsSscc).ShouldBe(("SH01", "2.35 kg", "199.00 CNY", "", "1/2", true, false));
        label.Link.ShouldBe(label.Parcel);
    }

    [Fact]
    public async Task An_SSCC_is_printed_as_GS1_with_its_Digital_Link()
    {
        await using var bed = await CustodyBed.StartAsync(Engine.Sqlite);
        await bed.RegisterAsync(new ShipmentLine { Waybill = "106141411234567897", Account = "KA-1", Product = "standard", Origin = "HZ01", Destination = "SH01" });
        await using var scope = bed.Services.CreateScopeAs(Caller.System);
        var life = (await scope.ServiceProvider.GetRequiredService<ReadParcel>().RunAsync("106141411234567897", CancellationToken.None)).Value;
        PrintLabel.ContentOf(life).ShouldSatisfyAllConditions(l => l.IsSscc.ShouldBeTrue(), l => l.Link.ShouldBe("https://id.gs1.org/00/106141411234567897"), l => l.Mass.ShouldBe(""));
    }

    [RequiresProgramTheory("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")]
    [InlineData("png", "", "image/png")]
    [InlineData("pdf", "76x130", "application/pdf")]
    [InlineData("zpl", "100x150", "application/zpl; charset=utf-8")]
    public async Task It_is_printed_in_every_form(string format, string paper, string mediaType)
    {
        await using var bed = await CustodyBed.StartAsync(Engine.Sqlite);
        await bed.RegisterAsync(Line);
        (await PrintAsync(bed, new PrintLabelRequest { Code = "KAL2610120000017", Format = format, Paper = paper })).Value.ShouldSatisfyAllConditions(p => p.MediaType.ShouldBe(mediaType), p => p.Content.Length.ShouldBeGreaterThan(1_000));
    }

    [Theory]
    [InlineData("KAL2610120000017", "gif", "", "format")]
    [InlineData("KAL2610120000017", "png", "A4", "paper")]
    public async Task What_is_not_printed_says_why(string code, string format, string paper, string field)
    {
        await using var bed = await CustodyBed.StartAsync(Engine.Sqlite);
        (await PrintAsync(bed, new PrintLabelRequest { Code = code, Format = format, Paper = paper })).Fault.ShouldBeOfType<Fault.Invalid>().Field.ShouldBe(field);
        (await PrintAsync(bed, new PrintLabelRequest { Code = "nobody", Format = "png" })).Fault.ShouldBeOfType<Fault.NotFound>();
    }

    private static async Task<Outcome<PrintedLabel>> PrintAsync(CustodyBed bed, PrintLabelRequest request)
    {
        await using var scope = bed.Services.CreateScopeAs(Caller.System);
        return await scope.ServiceProvider.GetRequiredService<PrintLabel>().RunAsync(request, CancellationToken.None);
    }
}
