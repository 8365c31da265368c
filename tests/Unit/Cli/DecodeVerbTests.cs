using System.Text;
using System.Text.Json;
using KeyAccountLogistics.Cli;
using KeyAccountLogistics.Cli.Devices;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.Unit.Cli;

/// <summary><c>kal decode</c> and <c>kal identify</c> as scripts and people meet them (issue 3, section 7); captures and vectors are in the acceptance project.</summary>
public sealed class DecodeVerbTests
{
    private const string Sics = "53 20 53 20 20 20 20 20 31 32 39 2E 30 37 20 67 0D 0A";

    private static async Task<(int Code, string[] Lines, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await KalProgram.RunAsync(arguments, output, error);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }

    private static Task<(int Code, string[] Lines, string Error)> DecodeAsync(string protocol, string hex, params string[] more) => RunAsync(["decode", "--protocol", protocol, "--hex", hex, "--json", .. more]);

    [Theory]
    [InlineData(Sics)]
    [InlineData("53205320202020203132392E303720670D0A")]
    [InlineData("0x53,0x20,0x53,0x20,0x20,0x20,0x20,0x20,0x31,0x32,0x39,0x2e,0x30,0x37,0x20,0x67,0x0d,0x0a")]
    [InlineData("53:20:53:20:20:20:20:20:31:32:39:2E:30:37:20:67:0D:0A")]
    public async Task Bytes_are_taken_as_people_paste_them(string hex)
    {
        var (code, lines, error) = await DecodeAsync("mt-sics", hex);
        (code, error).ShouldBe((0, ""));
        lines.ShouldHaveSingleItem().ShouldStartWith("{\"mass_mg\":129070,\"stability\":\"stable\",\"condition\":\"ok\",\"basis\":\"");
    }

    [Fact]
    public async Task Bytes_may_stand_as_words_of_their_own()
    {
        var (code, lines, _) = await RunAsync(["decode", "--json", "--protocol", "mt-sics", "--hex", .. Sics.Split(' ')]);
        (code, lines.Length).ShouldBe((0, 1));
    }

    [Fact]
    public async Task What_is_left_over_at_the_end_is_a_rejected_line_with_its_reason()
    {
        var (code, lines, _) = await DecodeAsync("toledo-continuous", "02 34 30 20 20 20");
        code.ShouldBe(1);
        using var json = JsonDocument.Parse(lines.ShouldHaveSingleItem());
        json.RootElement.EnumerateObject().Select(member => member.Name).Take(3).ShouldBe(["rejected", "reason", "raw_hex"]);
        json.RootElement.GetProperty("raw_hex").GetString().ShouldBe("02 34 30 20 20 20");
    }

    [Fact]
    public async Task A_folder_or_a_missing_file_is_said_as_what_it_is()
    {
        var folder = Path.GetTempPath();
        foreach (var verb in new string[][] { ["decode", "--protocol", "mt-sics", "--file"], ["import", "shipments"] })
        {
            var (code, _, error) = await RunAsync([.. verb, folder]);
            (code, error.Trim()).ShouldBe((ExitCode.Failed, $"kal: {folder} is a folder: name a file."));
            var missing = Path.Combine(folder, "kal-absent.csv");
            (await RunAsync([.. verb, missing])).Error.Trim().ShouldBe($"kal: {missing} does not exist.");
        }
        var (bad, lines, _) = await RunAsync("read-image", folder);
        (bad, lines.ShouldHaveSingleItem()).ShouldBe((ExitCode.Bad, $"{folder}: {folder} is a folder: name a file."));
    }

    public static TheoryData<string> Ids => [.. ProtocolList.All.Select(protocol => protocol.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Every_protocol_answers_every_input_with_at_least_one_line(string protocol)
    {
        foreach (var hex in new[] { "", "00", "0D 0A", "FF FF FF", "0D", "5D", "16 4D 0D" })
        {
            var (code, lines, error) = await DecodeAsync(protocol, hex);
            (code, error).ShouldBe((lines.Any(line => !line.StartsWith("{\"rejected\":true", StringComparison.Ordinal)) ? 0 : 1, ""), $"{protocol} {hex}");
            lines.ShouldNotBeEmpty($"{protocol} {hex}");
        }
    }

    [Theory]
    [InlineData("mt-sisc", "mt-sics")]
    [InlineData("toledo", "toledo-continuous")]
    [InlineData("scanner-zebra", "scanner-")]
    public async Task An_unknown_protocol_names_the_nearest(string written, string meant)
    {
        var (code, lines, error) = await DecodeAsync(written, "00");
        (code, lines.Length).ShouldBe((2, 0));
        error.ShouldContain(written);
        error.ShouldContain(meant);
        error.ShouldContain("kal decode --list");
    }

    [Theory]
    [InlineData("--option", "framing=morse", "framing")]
    [InlineData("--option", "nonsense=1", "nonsense")]
    [InlineData("--option", "framing", "key=value")]
    public async Task A_setting_that_cannot_be_used_is_named(string option, string value, string named)
    {
        var (code, _, error) = await DecodeAsync("scanner-aim", "00", option, value);
        code.ShouldBe(2);
        error.ShouldContain(named);
    }

    [Theory]
    [InlineData("yaohua-=1", "stone", "stone")]
    public async Task A_unit_that_is_none_is_named(string protocol, string unit, string named)
    {
        var (code, _, error) = await DecodeAsync(protocol, "3D 30 30 30 30 30 31 2E 30", "--unit", unit);
        code.ShouldBe(2);
        error.ShouldContain(named);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("5G")]
    public async Task What_is_no_bytes_is_said(string hex)
    {
        var (code, _, error) = await DecodeAsync("mt-sics", hex);
        code.ShouldBe(2);
        error.ShouldContain("hexadecimal");
    }

    [Fact]
    public async Task Bytes_are_given_once()
    {
        (await RunAsync("decode", "--protocol", "mt-sics")).Error.ShouldContain("--hex");
        (await RunAsync("decode", "--protocol", "mt-sics", "--hex", "00", "--file", "x")).Code.ShouldBe(2);
        (await RunAsync("decode", "--hex", "00")).Error.ShouldContain("--protocol");
        (await RunAsync("decode", "--protocol", "mt-sics", "--file", "/no/such/file")).Code.ShouldBe(2);
    }

    [Fact]
    public async Task A_file_is_read_as_a_stream()
    {
        var path = Path.Combine(Path.GetTempPath(), "kal-decode-" + Path.GetRandomFileName());
        try
        {
            const int frames = 20_000;   // beyond several chunks and pages
            var frame = HexBytes.Read(Sics);
            await using (var file = File.Create(path))
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(".07 g\r\n"));
                for (var i = 0; i < frames; i++) await file.WriteAsync(frame);
                await file.WriteAsync(frame.AsMemory(0, 7));
            }
            var (code, lines, _) = await RunAsync("decode", "--protocol", "mt-sics", "--file", path, "--json");
            code.ShouldBe(0);
            lines.Count(line => line.StartsWith("{\"mass_mg\":129070", StringComparison.Ordinal)).ShouldBe(frames);
            lines[0].ShouldStartWith("{\"rejected\":true");
            lines[^1].ShouldStartWith("{\"rejected\":true");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Without_json_it_is_written_for_people()
    {
        var scale = await RunAsync("decode", "--protocol", "mt-sics", "--hex", Sics);
        scale.Lines.ShouldHaveSingleItem().ShouldContain("129.07 g");
        var scan = await RunAsync("decode", "--protocol", "scanner-aim", "--hex", Convert.ToHexString(Encoding.ASCII.GetBytes("]C100106141411234567897420310000\r\n")));
        scan.Lines.ShouldHaveSingleItem().ShouldContain("(00)106141411234567897(420)310000");
        var packet = await RunAsync("decode", "--protocol", "scanner-ssi", "--hex", "05 F3 00 00 03 FF 05");
        packet.Lines[^1].ShouldContain("host answers");
        var refused = await RunAsync("decode", "--protocol", "scanner-aim", "--hex", "5D 43 31");
        refused.Lines.ShouldHaveSingleItem().ShouldContain("empty GS1 data");
    }

    [Fact]
    public async Task The_list_names_every_protocol_and_its_settings()
    {
        var text = await RunAsync("decode", "--list");
        foreach (var protocol in ProtocolList.All) text.Lines.ShouldContain(line => line.StartsWith(protocol.Id + " ", StringComparison.Ordinal));
        var json = await RunAsync("decode", "--list", "--json");
        json.Lines.Length.ShouldBe(ProtocolList.All.Count);
        JsonDocument.Parse(json.Lines[0]).RootElement.GetProperty("id").GetString().ShouldBe(ProtocolList.All[0].Id);
    }

    [Fact]
    public async Task Identify_answers_with_candidates_best_first()
    {
        var own = await RunAsync("identify", "KAL2610120000017", "--json");
        own.Lines.ShouldHaveSingleItem().ShouldBe(
            "{\"candidates\":[{\"carrier\":\"own\",\"format\":\"waybill\",\"valid\":true,\"parts\":{\"Prefix\":\"KAL\",\"IssuedOn\":\"2026-10-12\",\"SerialNumber\":\"000001\",\"CheckDigit\":\"7\"},\"check_digit\":true}]}");
        var other = await RunAsync("identify", "KAL2610120000017", "--json", "--prefix", "ABC");
        other.Lines.ShouldHaveSingleItem().ShouldNotContain("\"own\"");
        var blanks = await RunAsync("identify", "1Z", "5R8939", "03", "5756712", "7", "--json");
        blanks.Lines.ShouldHaveSingleItem().ShouldStartWith("{\"candidates\":[{\"carrier\":\"ups\",\"format\":\"UPS\",\"valid\":true,");
        var nothing = await RunAsync("identify", "hello", "--json");
        (nothing.Code, nothing.Lines.ShouldHaveSingleItem()).ShouldBe((1, "{\"candidates\":[]}"));
        var wrong = await RunAsync("identify", "1Z5R89390357567128");
        (wrong.Code, wrong.Lines[0].Contains("does not hold", StringComparison.Ordinal)).ShouldBe((1, true));
        (await RunAsync("identify", "x", "--prefix", "kal")).Code.ShouldBe(2);
    }

    [Fact]
    public void The_nearest_word_has_the_fewest_letters_to_change()
    {
        NearestWords.Distance("kitten", "sitting").ShouldBe(3);
        NearestWords.Distance("", "abc").ShouldBe(3);
        NearestWords.To("radwak", ["cas-22", "radwag", "rinstrum"]).First().ShouldBe("radwag");
    }
}
