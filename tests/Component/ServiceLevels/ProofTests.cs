using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Published;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>An extract is checked by its file alone; whatever is done to it is found.</summary>
public sealed class ProofTests
{
    private static async Task<(LevelsBed Bed, byte[] Zip)> ProvedAsync(Engine engine)
    {
        var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "PROVEONTIME", "PROVELATE", "PROVECORRECTED", "PROVEOPEN");
        await bed.RegisterAsync(BackendFixture.OtherAccount, "PROVEOTHER");
        // Another account's event lies between two of ours.
        await bed.AppendAsync(Fact(10, EventKind.OutForDelivery, "PROVEONTIME", At(10, 8)), Delivered(1, "PROVEONTIME", At(10, 12)), Delivered(5, "PROVEOTHER", At(10, 12)), Delivered(2, "PROVELATE", At(11, 9)), Delivered(4, "PROVECORRECTED", At(11, 9)));
        await bed.AppendAsync(new ParcelEvent { Id = IdOf(50), Kind = EventKind.Corrected, Parcel = "PROVECORRECTED", Corrects = IdOf(4), CapturedAtUs = At(12, 9).ToUnixTimeTicks() / 10 }, Delivered(51, "PROVECORRECTED", At(10, 9)));
        await bed.FollowedAsync();
        return (bed, await ProveAsync(await bed.AsAsync(Roles.ClientUser), BackendFixture.Account));
    }

    internal static async Task<byte[]> ProveAsync(Scorecards.ScorecardsClient client, string account)
    {
        using var call = client.Prove(new ProveRequest { Account = account, From = October.From, To = October.To });
        using var zip = new MemoryStream();
        await ScoreProof.WriteAsync(call.ResponseStream.ReadAllAsync(), zip, CancellationToken.None);
        return zip.ToArray();
    }

    internal static async Task<ProofAnswer> CheckAsync(byte[] zip)
    {
        using var stream = new MemoryStream(zip);
        return (await ScoreProof.CheckAsync(stream, CancellationToken.None)).Value;
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_was_proved_agrees_and_holds_no_other_accounts_event(Engine engine)
    {
        var (bed, zip) = await ProvedAsync(engine);
        await using var _ = bed;
        var answer = await CheckAsync(zip);
        answer.Findings.ShouldBeEmpty();
        (answer.Agrees, answer.Account, answer.Subjects, answer.Events, answer.Gaps).ShouldBe((true, BackendFixture.Account, 4L, 6L, 1L));
        answer.Links.ShouldBe(4);
        answer.Score.ShouldBe((await (await bed.AsAsync(Roles.ClientUser)).GetAsync(October)).Score);
        Text(zip, "subjects.jsonl").ShouldNotContain("PROVEOTHER");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Whatever_is_changed_is_found_with_the_manifest_made_anew_too(Engine engine)
    {
        var (bed, zip) = await ProvedAsync(engine);
        await using var _ = bed;

        // A byte of an event.
        var bodyOf = JsonNode.Parse(Line(zip, "PROVELATE"))!["events"]![0]!["body"]!.GetValue<string>();
        var bytes = Convert.FromBase64String(bodyOf);
        bytes[^1] ^= 1;
        Func<string, string> byteChanged = text => text.Replace(bodyOf, Convert.ToBase64String(bytes), StringComparison.Ordinal);
        (await CheckAsync(Changed(zip, "subjects.jsonl", byteChanged, anew: false))).Findings.ShouldContain(f => f == "subjects.jsonl was changed after the extract was made: its SHA-256 is not the manifest's.");
        (await CheckAsync(Changed(zip, "subjects.jsonl", byteChanged, anew: true))).Findings.ShouldContain(f => f.Contains("of parcel PROVELATE is not what was journalled", StringComparison.Ordinal));

        // A time of an event, which would make it punctual.
        Func<string, string> timeChanged = text => text.Replace($"\"latestUs\":\"{Us(11, 9)}\"", $"\"latestUs\":\"{Us(10, 9)}\"", StringComparison.Ordinal).Replace($"\"latestUs\": \"{Us(11, 9)}\"", $"\"latestUs\": \"{Us(10, 9)}\"", StringComparison.Ordinal);
        var timed = await CheckAsync(Changed(zip, "subjects.jsonl", timeChanged, anew: true));
        timed.Agrees.ShouldBeFalse();
        timed.Findings.ShouldContain(f => f.Contains("PROVELATE is not what was journalled", StringComparison.Ordinal));

        // An event left out: the figures miss it.
        Func<string, string> leftOut = text =>
        {
            var line = text.Split('\n').Single(l => l.Contains("PROVELATE", StringComparison.Ordinal));
            var subject = JsonNode.Parse(line)!;
            subject["events"]!.AsArray().RemoveAt(0);
            return text.Replace(line, subject.ToJsonString(), StringComparison.Ordinal);
        };
        (await CheckAsync(Changed(zip, "subjects.jsonl", leftOut, anew: false))).Findings.ShouldContain(f => f == "5 events are there, and the manifest says 6.");
        (await CheckAsync(Changed(zip, "subjects.jsonl", leftOut, anew: true))).Findings.ShouldContain(f => f == "T2 denominator: the result says 3, the events give 2.");

        // A parcel left out.
        Func<string, string> parcelOut = text => string.Join('\n', text.Split('\n').Where(l => !l.Contains("PROVELATE", StringComparison.Ordinal)));
        (await CheckAsync(Changed(zip, "subjects.jsonl", parcelOut, anew: true))).Findings.ShouldContain(f => f == "parcels: the result says 4, the events give 3.");

        // A result made better.
        Func<string, string> better = text =>
        {
            var card = JsonNode.Parse(text)!;
            var t2 = card["dimensions"]!.AsArray().SelectMany(d => d!["indicators"]!.AsArray()).Single(i => i!["indicator"]!.GetValue<string>() is "T2")!;
            t2["numerator"] = "3";
            return card.ToJsonString();
        };
        (await CheckAsync(Changed(zip, "result.json", better, anew: true))).Findings.ShouldHaveSingleItem().ShouldBe("T2 numerator: the result says 3, the events give 2.");

        // Terms that never were: the plan's hash is another one.
        (await CheckAsync(Changed(zip, "terms.json", static text => text.Replace("\"timestamp\"", "\"date\"", StringComparison.Ordinal), anew: false))).Agrees.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_extract_is_told_and_no_crash()
    {
        foreach (var bytes in new[] { Array.Empty<byte>(), Encoding.UTF8.GetBytes("no zip at all"), Zip(("manifest.json", "{}")), Zip(("manifest.json", "{\"Layout\":1,\"Files\":{}}"), ("head.json", "[]")), Zip(("other.txt", "x")) })
        {
            using var stream = new MemoryStream(bytes);
            (await ScoreProof.CheckAsync(stream, CancellationToken.None)).Fault.Code.ShouldBe("proof.unreadable");
        }
    }

    private static long Us(int day, int hour) => At(day, hour).ToUnixTimeTicks() / 10;

    private static string Line(byte[] zip, string parcel) => Text(zip, "subjects.jsonl").Split('\n').Single(l => l.Contains(parcel, StringComparison.Ordinal));

    private static string Text(byte[] zip, string name) => Read(zip).Single(e => e.Name == name).Text;

    private static List<(string Name, string Text)> Read(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        return [.. zip.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open());
            return (e.FullName, reader.ReadToEnd());
        })];
    }

    /// <summary>Another document under the same name, the manifest made anew: a carrier that shows a milder contract than it signed.</summary>
    internal static byte[] WithOtherDocument(byte[] zip, Func<string, string> change) => Changed(zip, Read(zip).First(e => e.Name.StartsWith("contracts/", StringComparison.Ordinal)).Name, change, anew: true);

    /// <summary>A subject taken out by somebody who makes the manifest fit.</summary>
    internal static byte[] WithoutSubject(byte[] zip, string code) => Changed(zip, "subjects.jsonl", text => string.Join('\n', text.Split('\n').Where(l => !IsOf(l, code))), anew: true);

    /// <summary>A subject under another name.</summary>
    internal static byte[] WithOtherSubject(byte[] zip, string code, string other) => Changed(
        zip, "subjects.jsonl", text => string.Join('\n', text.Split('\n').Select(l => IsOf(l, code) ? l.Replace(code, other, StringComparison.Ordinal) : l)), anew: true);

    private static bool IsOf(string line, string code) => line.Length > 0 && JsonNode.Parse(line)!["code"]!.GetValue<string>() == code;

    /// <summary>The extract with one file changed; anew: by somebody who makes the manifest fit.</summary>
    private static byte[] Changed(byte[] zip, string name, Func<string, string> change, bool anew)
    {
        var entries = Read(zip).Select(e => e.Name == name ? (e.Name, Text: change(e.Text)) : e).ToList();
        (entries.Single(e => e.Name == name).Text == Text(zip, name)).ShouldBeFalse("the test changes something");
        if (anew)
        {
            var manifest = JsonNode.Parse(entries.Single(e => e.Name == "manifest.json").Text)!;
            var lines = entries.Single(e => e.Name == "subjects.jsonl").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            manifest["Files"]![name] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entries.Single(e => e.Name == name).Text)));
            (manifest["Subjects"], manifest["Events"]) = (lines.Length, lines.Sum(l => JsonNode.Parse(l)!["events"]?.AsArray().Count ?? 0));
            entries = [.. entries.Select(e => e.Name == "manifest.json" ? (e.Name, manifest.ToJsonString()) : e)];
        }
        return Zip([.. entries]);
    }

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }
        return bytes.ToArray();
    }
}
