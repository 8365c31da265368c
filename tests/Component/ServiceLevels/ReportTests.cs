using System.Diagnostics;
using System.Text;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Published;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>The report of a period, over the wire, on both engines.</summary>
public sealed class ReportTests
{
    private static ReportRequest Ask(string account, string language, string format) => new() { Account = account, From = October.From, To = October.To, Language = language, Format = format };

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_small_month_has_the_scorecards_figures_in_both_languages(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "REPORTONTIME", "REPORTLATE", "REPORTEXCLUDED", "REPORTOPEN");
        await bed.AppendAsync(Delivered(1, "REPORTONTIME", At(10, 12)), Delivered(2, "REPORTLATE", At(11, 9)), Delivered(3, "REPORTEXCLUDED", At(11, 9)));
        var (service, head) = (await bed.AsAsync(Roles.CustomerService), await bed.AsAsync(Roles.AreaManager));
        await service.ExcludeAsync(new ExcludeCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "REPORTEXCLUDED", Reason = "force_majeure", Note = "typhoon" });
        await head.ExcludeAsync(new ExcludeCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "REPORTEXCLUDED", Confirm = true });
        await bed.FollowedAsync();
        var client = await bed.AsAsync(Roles.ClientUser);
        var card = await client.GetAsync(October);
        foreach (var (language, late, excluded, why) in new[] { ("zh", "晚投快件", "不可抗力", "没有查询记录"), ("en", "Late parcels", "Force majeure", "No queries are recorded.") })
        {
            var html = await client.ReportAsync(Ask(October.Account, language, "html"));
            (html.MediaType, html.Name).ShouldBe(("text/html; charset=utf-8", $"{October.Account}_2026-10_{language}.html"));
            var text = html.Content.ToStringUtf8();
            foreach (var expected in new[] { late, excluded, why, "REPORTLATE", "10-10 18:00", "10-11 09:00", card.PlanHash, $"{card.Contract} v1", "kal prove" }) text.ShouldContain(expected);
            text.ShouldNotContain("REPORTONTIME");
            text.ShouldNotContain("c-1", Case.Sensitive, "the courier is nobody's business here");
            var lines = (await client.ReportAsync(Ask(October.Account, language, "csv"))).Content.ToStringUtf8().Split("\r\n");
            foreach (var i in card.Dimensions.SelectMany(d => d.Indicators))
            {
                var row = lines.Single(l => l.StartsWith($"indicator,{i.Indicator[0]},{i.Indicator},", StringComparison.Ordinal));
                row.ShouldContain($",{i.Numerator},{i.Denominator},{i.Excluded},{i.InDoubt},{i.Open},");
            }
            lines.ShouldContain(l => l == "parcel,late,REPORTLATE,2026-10-10,2026-10-10 18:00:00,2026-10-11 09:00:00,2026-10-11 09:00:00,2026-10-11 09:00:00,no,310115-330106," + (language == "zh" ? "投递," : "Delivery,"));
        }
        Should.Throw<RpcException>(async () => await client.ReportAsync(Ask(October.Account, "fr", "html"))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        Should.Throw<RpcException>(async () => await client.ReportAsync(Ask(October.Account, "zh", "docx"))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Another_accounts_report_and_extract_are_as_if_they_did_not_exist(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.OtherAccount, "REPORTOTHER");
        await bed.AppendAsync(Delivered(1, "REPORTOTHER", At(11, 9)));
        await bed.FollowedAsync();
        var client = await bed.AsAsync(Roles.ClientUser);
        foreach (var account in new[] { BackendFixture.OtherAccount, "KA-NOBODY" })
        {
            foreach (var format in new[] { "html", "csv", "pdf" })
            {
                var unknown = Should.Throw<RpcException>(async () => await client.ReportAsync(Ask(account, "zh", format)));
                (unknown.StatusCode, unknown.Status.Detail).ShouldBe((StatusCode.NotFound, $"The account {account} is not known."));
            }
            using var call = client.Prove(new ProveRequest { Account = account, From = October.From, To = October.To });
            var refused = await Should.ThrowAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None));
            (refused.StatusCode, refused.Status.Detail).ShouldBe((StatusCode.NotFound, $"The account {account} is not known."));
        }
    }

    [RequiresProgramFact("chromium", "pdftotext")]
    public async Task Printed_it_is_a_PDF_with_both_scripts()
    {
        await using var bed = await StartAsync(Engine.Sqlite);
        await bed.RegisterAsync(BackendFixture.Account, "REPORTPRINTED");
        await bed.AppendAsync(Delivered(1, "REPORTPRINTED", At(11, 9)));
        await bed.FollowedAsync();
        var pdf = await (await bed.AsAsync(Roles.KeyAccountManager)).ReportAsync(Ask(October.Account, "zh", "pdf"));
        (pdf.MediaType, Encoding.ASCII.GetString(pdf.Content.Span[..5])).ShouldBe(("application/pdf", "%PDF-"));
        var text = await TextOfAsync(pdf.Content.ToByteArray());
        text.ShouldContain(October.Account);
        text.ShouldContain("REPORTPRINTED");
        text.ShouldContain("合同");
    }

    private static async Task<string> TextOfAsync(byte[] pdf)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("kal-report-").FullName, "report.pdf");
        await File.WriteAllBytesAsync(file, pdf);
        using var read = Process.Start(new ProcessStartInfo("pdftotext", [file, "-"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var text = await read.StandardOutput.ReadToEndAsync();
        await read.WaitForExitAsync();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        return text;
    }
}
