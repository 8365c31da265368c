using System.Text.Json;
using KeyAccountLogistics.Cli;
using KeyAccountLogistics.ServiceLevels.Published;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary><c>kal score evaluate</c> and <c>kal sqi evaluate</c> as scripts and people meet them.</summary>
public sealed class ScoreVerbsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("score-");

    private async Task<(int Code, string Output, string Error, string Path)> RunAsync(string verb, string text)
    {
        var path = Path.Combine(_folder.FullName, "figures.json");
        await File.WriteAllTextAsync(path, text);
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await KalProgram.RunAsync([verb, "evaluate", path], output, error);
        return (code, output.ToString(), error.ToString(), path);
    }

    [Fact]
    public async Task TQCSO_of_the_worked_example_is_printed_as_one_line_of_JSON()
    {
        var (code, output, error, _) = await RunAsync("score", WorkedExample.File("\"account\":\"华东电商甲\",\"weights\":{\"T\":30,\"Q\":30,\"C\":15,\"S\":15,\"O\":10},"));
        (code, error).ShouldBe((0, ""));
        output.ShouldStartWith("{\"score\":82.0863,\"grade\":\"B\",\"dimensions\":{\"T\":{\"score\":86.6058,\"indicators\":{\"T1\":{\"numerator\":245,\"denominator\":248,\"value\":0.987903,\"score\":95.8065},");
        output.ShouldContain("\"T2\":{\"numerator\":11293,\"denominator\":11850,\"excluded\":150,\"value\":0.952996,\"score\":82.9958}");
        output.ShouldContain("\"T4\":{\"value\":47.600000,\"score\":80.2120}");
        output.ShouldContain("\"Q1\":{\"numerator\":1,\"denominator\":12000,\"value\":0.000083,\"score\":68.3333}");
        output.ShouldEndWith("\"not_available\":[]}\n");
        output.Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public void A_value_counts_as_at_least_the_minimum_sample()
    {
        using var json = JsonDocument.Parse(StatedScore.Evaluate("""{"indicators":{"T1":{"value":0.987903},"C2":{"value":0.026829},"Q1":{"value":0.000083},"T4":{"value":47.6}}}""").Value);
        var time = json.RootElement.GetProperty("dimensions").GetProperty("T").GetProperty("indicators");
        time.GetProperty("T1").GetRawText().ShouldBe("""{"value":0.987903,"score":95.8060}""");
        json.RootElement.GetProperty("dimensions").GetProperty("C").GetProperty("score").GetDecimal().ShouldBe(64.228m);
        json.RootElement.GetProperty("dimensions").GetProperty("Q").GetProperty("score").GetDecimal().ShouldBe(68.5m);
    }

    [Fact]
    public void What_is_not_available_is_listed_with_its_reason_and_never_100()
    {
        var line = StatedScore.Evaluate("""{"indicators":{"T1":{"numerator":19,"denominator":19},"T2":{"denominator":0,"excluded":7},"S1":{"numerator":5,"denominator":5}}}""").Value;
        using var json = JsonDocument.Parse(line);
        var reasons = json.RootElement.GetProperty("not_available").EnumerateArray().ToDictionary(e => e.GetProperty("indicator").GetString()!, e => e, StringComparer.Ordinal);
        reasons.Count.ShouldBe(21);
        reasons["T1"].GetRawText().ShouldBe("""{"indicator":"T1","reason":"Too few: 19, and at least 20 are needed."}""");
        reasons["T2"].GetRawText().ShouldBe("""{"indicator":"T2","reason":"Nothing was due: the denominator is 0.","excluded":7}""");
        reasons["O4"].GetRawText().ShouldBe("""{"indicator":"O4","reason":"No figures were given."}""");
        json.RootElement.GetProperty("dimensions").GetProperty("T").GetRawText().ShouldBe("""{"score":null,"reason":"No indicator with a weight is available.","indicators":{}}""");
        json.RootElement.GetProperty("score").GetDecimal().ShouldBe(100);
        StatedScore.Evaluate("""{"indicators":{}}""").Value.ShouldStartWith("""{"score":null,"grade":null,"reason":"No dimension with a weight has a score.",""");
    }

    [Fact]
    public void A_contracts_targets_override_the_catalogue_and_add_indicators()
    {
        var line = StatedScore.Evaluate("""
            {"weights":{"T":50,"S":50},"targets":{"T1":{"target":98,"threshold":95,"floor":90},"S5":{"target":5,"threshold":4,"floor":3,"weight":40,"kind":"hours"}},
             "indicators":{"T1":{"value":0.98},"S5":{"value":4.5}},"knock_outs":["privacy_breach"]}
            """).Value;
        line.ShouldStartWith("""{"score":90.0000,"grade":"C","dimensions":{"T":{"score":100.0000,"indicators":{"T1":{"value":0.980000,"score":100.0000}}}""");
        line.ShouldEndWith(""","knock_outs":["privacy_breach"]}""");
    }

    [Theory]
    [InlineData("", "file: it is not JSON as is expected here: ")]
    [InlineData("[1]", "file: it is a list, and must be an object.")]
    [InlineData("{}", "indicators: it is missing.")]
    [InlineData("""{"indicators":[]}""", "indicators: it is a list, and must be an object.")]
    [InlineData("""{"indicators":{},"weigths":{"T":100}}""", "weigths: it is not known; known are weights, targets, ")]
    [InlineData("""{"weights":{"T":30,"Q":30,"C":15,"S":15,"O":9},"indicators":{}}""", "weights: they add to 99; they must add to 100.")]
    [InlineData("""{"weights":{"T":100,"X":0},"indicators":{}}""", "weights.X: it is not known; known are T, Q, C, S and O.")]
    [InlineData("""{"weights":{"T":130,"Q":-30},"indicators":{}}""", "weights.Q: -30 is negative.")]
    [InlineData("""{"weights":{"T":"30"},"indicators":{}}""", "weights.T: it is a text, and must be a number.")]
    [InlineData("""{"indicators":{"T9":{"value":0.5}}}""", "indicators.T9: it is no indicator of the catalogue")]
    [InlineData("""{"indicators":{"t2":{"value":0.5}}}""", "indicators.t2: it is no indicator of the catalogue")]
    [InlineData("""{"indicators":{"T2":5}}""", "indicators.T2: it is a number, and must be an object.")]
    [InlineData("""{"indicators":{"T2":{}}}""", "indicators.T2.denominator: it is missing, and so is a value.")]
    [InlineData("""{"indicators":{"T2":{"numerator":5}}}""", "indicators.T2.denominator: it is missing.")]
    [InlineData("""{"indicators":{"T2":{"denominator":5}}}""", "indicators.T2.numerator: it is missing.")]
    [InlineData("""{"indicators":{"T2":{"numerator":6,"denominator":5}}}""", "indicators.T2.numerator: 6 is more than the denominator, 5.")]
    [InlineData("""{"indicators":{"T2":{"numerator":1,"denominator":0}}}""", "indicators.T2.numerator: 1 stands over a denominator of 0.")]
    [InlineData("""{"indicators":{"T2":{"numerator":-1,"denominator":5}}}""", "indicators.T2.numerator: -1 is negative.")]
    [InlineData("""{"indicators":{"T2":{"numerator":1,"denominator":-5}}}""", "indicators.T2.denominator: -5 is negative.")]
    [InlineData("""{"indicators":{"T2":{"numerator":1,"denominator":5,"excluded":-1}}}""", "indicators.T2.excluded: -1 is negative.")]
    [InlineData("""{"indicators":{"T2":{"numerator":1,"denominator":5,"excluded":0.5}}}""", "indicators.T2.excluded: 0.5 is not a whole number.")]
    [InlineData("""{"indicators":{"T2":{"value":0.5,"numerator":1,"denominator":5}}}""", "indicators.T2.value: it stands beside a numerator or denominator; say one or the other.")]
    [InlineData("""{"indicators":{"T2":{"value":95.3}}}""", "indicators.T2.value: it is above 1; a part of a whole is a fraction from 0 to 1.")]
    [InlineData("""{"indicators":{"T2":{"value":-0.5}}}""", "indicators.T2.value: -0.5 is negative.")]
    [InlineData("""{"indicators":{"T2":{"value":null}}}""", "indicators.T2.value: it is null, and must be a number.")]
    [InlineData("""{"indicators":{"T2":{"value":NaN}}}""", "file: it is not JSON as is expected here: ")]
    [InlineData("""{"indicators":{"T2":{"value":"NaN"}}}""", "indicators.T2.value: it is a text, and must be a number.")]
    [InlineData("""{"indicators":{"T4":{"value":1e400}}}""", "indicators.T4.value: it is out of range: 0 to 1000000000000000.")]
    [InlineData("""{"indicators":{"T4":{"numerator":1,"denominator":0.00000001}}}""", "indicators.T4.denominator: it has more than 6 decimals.")]
    [InlineData("""{"indicators":{"T2":{"value":0.5},"T2":{"value":0.6}}}""", "indicators.T2: it stands there twice.")]
    [InlineData("""{"indicators":{"T2":{"value":0.5,"excl":3}}}""", "indicators.T2.excl: it is not known; known are value, or numerator and denominator; sample, excluded and note.")]
    [InlineData("""{"indicators":{"\ud800":{}}}""", "indicators: it holds a text that is no Unicode.")]
    [InlineData("""{"indicators":{},"note":"\udc00"}""", "note: it holds a text that is no Unicode.")]
    [InlineData("""{"indicators":{"T1\nT2":{}}}""", "indicators.T1?T2: it is no indicator of the catalogue")]
    [InlineData("""{"indicators":{},"knock_outs":["thunder"]}""", "knock_outs: they hold a word that is not known; known are insured_parcel_lost, ")]
    [InlineData("""{"indicators":{},"targets":{"T1":{"target":95,"threshold":95,"floor":90}}}""", "targets.T1.threshold: is the target itself; between 100 and 60 points there must be a way.")]
    [InlineData("""{"indicators":{},"targets":{"X1":{"target":95,"threshold":94,"floor":90}}}""", "targets.X1: it is no code of an indicator: a letter of TQCSO and a number from 1 to 99.")]
    [InlineData("""{"indicators":{},"targets":{"S5":{"target":95,"threshold":94,"floor":90}}}""", "targets.S5.weight: it is missing, and the catalogue has no such indicator.")]
    public void A_bad_file_is_refused_with_the_field(string text, string begins) => StatedScore.Evaluate(text).Fault.Message.ShouldStartWith(begins);

    [Fact]
    public async Task A_bad_file_ends_with_code_2_and_one_sentence()
    {
        var (code, output, error, path) = await RunAsync("score", """{"indicators":{"T2":{"numerator":6,"denominator":5}}}""");
        (code, output).ShouldBe((2, ""));
        error.ShouldBe($"kal: {path}: indicators.T2.numerator: 6 is more than the denominator, 5.\n");
    }

    [Fact]
    public async Task A_file_without_end_and_a_file_too_large_are_refused()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        (await KalProgram.RunAsync(["score", "evaluate", "/dev/zero"], output, error)).ShouldBe(2);
        error.ToString().ShouldBe("kal: /dev/zero is larger; at most 1 MiB are read: this is another file than is meant here.\n");
        (await RunAsync("score", new string(' ', 2 * 1024 * 1024))).Code.ShouldBe(2);
        StatedScore.Evaluate(new string(' ', 1024 * 1024 + 1)).Fault.Message.ShouldStartWith("file: it has 1048577 characters; ");
        StatedScore.Evaluate(new string('[', 100_000)).Fault.Message.ShouldStartWith("file: ");
    }

    [Fact]
    public void The_largest_figures_allowed_are_scored_without_overflow()
    {
        const string most = "1000000000000000";
        foreach (var figures in new[] { $"\"T4\":{{\"numerator\":{most},\"denominator\":0.000001,\"sample\":50}}", $"\"C2\":{{\"numerator\":{most},\"denominator\":0.000001}}", $"\"T2\":{{\"numerator\":{most},\"denominator\":{most}}}" })
            StatedScore.Evaluate($"{{\"indicators\":{{{figures}}}}}").IsOk.ShouldBeTrue(figures);
    }

    [Fact]
    public async Task SEED_03_SQI12_the_index_of_a_file_is_printed_as_one_line_of_JSON()
    {
        var (code, output, error, _) = await RunAsync("sqi", """{"profile":"B","shipments":300000,"failures":{"lost":2,"damaged":20,"late_pickup":208,"linehaul_delay":4}}""");
        (code, error).ShouldBe((0, ""));
        output.ShouldStartWith("""{"profile":"B","profile_version":1,"weights_verified":true,"shipments":300000,"failures":230,"points":844,"per_thousand":2.813333,"percent":0.281333,"components":{""");
        output.ShouldContain("""
            "linehaul_delay":{"failures":4,"reason":"The profile has no weight for it."}
            """);
        StatedSqi.Evaluate("""{"shipments":0,"failures":{"lost":1}}""").Value.ShouldStartWith(
            """{"profile":"A","profile_version":1,"weights_verified":false,"shipments":0,"failures":1,"points":10,"per_thousand":null,"percent":null,"reason":"Nothing was shipped.",""");
        StatedSqi.Evaluate("""{"weights":{"lost":2.5,"rain":0.5},"shipments":4,"failures":{"lost":1,"rain":3}}""").Value.ShouldContain("\"points\":4.0,\"per_thousand\":1000.000000,");
    }

    [Theory]
    [InlineData("""{"failures":{}}""", "shipments: it is missing.")]
    [InlineData("""{"shipments":5}""", "failures: it is missing.")]
    [InlineData("""{"shipments":5,"failures":{"thunder":1}}""", "failures.thunder: it is no component of the index; known are abandoned_calls, ")]
    [InlineData("""{"shipments":5,"failures":{"lost":-1}}""", "failures.lost: -1 is negative.")]
    [InlineData("""{"shipments":5,"failures":{"lost":1.5}}""", "failures.lost: 1.5 is not a whole number.")]
    [InlineData("""{"shipments":5,"failures":{"lost":1000000000001}}""", "failures.lost: it is out of range: 0 to 1000000000000.")]
    [InlineData("""{"shipments":5,"failures":{},"profile":"Z"}""", "profile: it is not known; known are A, B, C, or say weights in its place.")]
    [InlineData("""{"shipments":5,"failures":{},"profile":"A","weights":{"lost":1}}""", "weights: they stand beside a profile; say one or the other.")]
    [InlineData("""{"shipments":5,"failures":{},"weights":{"lost":0}}""", "weights.lost: 0 is out of range: above 0, at most 10000.")]
    [InlineData("""{"shipments":5,"failures":{},"weights":{"Lost Things":1}}""", "weights.Lost Things: it is no name of a component: ")]
    public void A_bad_file_of_failures_is_refused_with_the_field(string text, string begins) => StatedSqi.Evaluate(text).Fault.Message.ShouldStartWith(begins);

    public void Dispose() => _folder.Delete(recursive: true);
}
