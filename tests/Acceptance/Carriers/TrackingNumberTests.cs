using System.Text.Json;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Kernel.Carriers;
using KeyAccountLogistics.TestKit;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Acceptance.Carriers;

/// <summary>The carriers' formats of tracking_number_data: its 280 test numbers, and the data itself beside the product's table.</summary>
public sealed class TrackingNumberTests(ITestOutputHelper output)
{
    private static readonly WaybillScheme Own = WaybillScheme.Of("KAL");

    private static IReadOnlyList<ReferenceFormat> Formats => ReferenceFormat.ReadAll(AcceptanceFolder.At("tracking_number_data", "couriers"));

    [AcceptanceFact("tracking_number_data")]
    public void All_280_test_numbers_are_right_against_their_own_format()
    {
        var formats = Formats;
        (formats.Count, formats.Sum(f => f.Valid.Count), formats.Sum(f => f.Invalid.Count)).ShouldBe((39, 192, 88));
        var wrong = formats.SelectMany(format =>
            format.Valid.Where(number => Judge(format, number) is not true).Select(number => $"{format.Name}: {number} is valid")
            .Concat(format.Invalid.Where(number => Judge(format, number) is true).Select(number => $"{format.Name}: {number} is invalid"))).ToList();
        wrong.ShouldBeEmpty();
    }

    [AcceptanceFact("tracking_number_data")]
    public void A_valid_number_has_valid_candidates_first_and_its_own_format_among_them()
    {
        var several = 0;
        foreach (var format in Formats)
        {
            foreach (var number in format.Valid)
            {
                var candidates = TrackingNumbers.Identify(number, Own);
                candidates[0].Valid.ShouldBeTrue(number);
                candidates.SkipWhile(candidate => candidate.Valid).ShouldAllBe(candidate => !candidate.Valid);
                if (candidates.Count(candidate => candidate.Valid && candidate.Carrier is not TrackingNumbers.Gs1) > 1) several++;
            }
        }
        output.WriteLine($"{several} of 192 valid numbers have more than one carrier's format.");
        several.ShouldBeGreaterThan(0);
    }

    /// <summary>The 280 again by the program, as a script would ask.</summary>
    [AcceptanceFact("tracking_number_data")]
    public async Task The_program_says_of_all_280_numbers_what_their_format_says()
    {
        foreach (var format in Formats)
        {
            foreach (var (number, expected) in format.Valid.Select(n => (n, true)).Concat(format.Invalid.Select(n => (n, false))))
            {
                var said = await Kal.RunAsync("identify", number, "--json");
                using var json = JsonDocument.Parse(said.Output);
                var own = json.RootElement.GetProperty("candidates").EnumerateArray()
                    .Where(c => c.GetProperty("carrier").GetString() == format.Carrier && c.GetProperty("format").GetString() == format.Name).ToList();
                own.Exists(c => c.GetProperty("valid").GetBoolean()).ShouldBe(expected, $"{format.Name}: {number}: {said.Output}");
                if (expected) own[0].GetProperty("parts").EnumerateObject().ShouldNotBeEmpty();
                said.Code.ShouldBe(json.RootElement.GetProperty("candidates").EnumerateArray().Any(c => c.GetProperty("valid").GetBoolean()) ? 0 : 1);
            }
        }
    }

    [AcceptanceFact("tracking_number_data")]
    public void Every_format_and_every_post_of_the_data_stands_in_the_table()
    {
        var formats = Formats;
        foreach (var format in formats) CarrierFormatTable.All.ShouldContain(row => row.Carrier == format.Carrier && row.Name == format.Name, format.Name);
        var posts = formats.Single(format => format.Carrier is "s10").Couriers;
        posts.Count.ShouldBe(191);
        foreach (var first in Enumerable.Range('A', 26))
        {
            foreach (var second in Enumerable.Range('A', 26))
            {
                var country = $"{(char)first}{(char)second}";
                TrackingNumbers.Identify($"RB123456785{country}", Own).First(c => c.Carrier is "s10").Valid.ShouldBe(posts.Contains(country), country);
            }
        }
    }

    /// <summary>
    /// The rewritten shapes against the data's own expressions, on its numbers with a few characters changed: same answer of all 39 formats. Without blanks, because the data counts
    /// them as characters of a DHL number.
    /// </summary>
    [AcceptanceFact("tracking_number_data")]
    public void Changed_numbers_get_the_answer_of_the_datas_own_expressions()
    {
        var formats = Formats.ToDictionary(format => (format.Carrier, format.Name));
        var seed = RunSettings.SeedOr(20_261_128);
        output.WriteLine($"seed {seed}");
        var chance = new Random((int)(seed % int.MaxValue));
        var numbers = formats.Values.SelectMany(format => format.Valid.Concat(format.Invalid)).Select(number => string.Concat(number.Where(c => !char.IsWhiteSpace(c)))).Distinct(StringComparer.Ordinal).ToList();
        var compared = 0;
        foreach (var number in numbers)
        {
            for (var round = 0; round < 60; round++)
            {
                var changed = Change(number, chance);
                var ours = CarrierFormatTable.All.Select(row => row.Judge(changed)).OfType<NumberCandidate>().ToDictionary(candidate => (candidate.Carrier, candidate.Format), candidate => candidate.Valid);
                foreach (var (key, format) in formats)
                {
                    bool? mine = ours.TryGetValue(key, out var valid) ? valid : null;
                    mine.ShouldBe(format.Judge(changed), $"{key} of {changed}, seed {seed}");
                    compared++;
                }
            }
        }
        output.WriteLine($"{compared} answers compared");
    }

    private static bool? Judge(ReferenceFormat format, string number) =>
        TrackingNumbers.Identify(number, Own).FirstOrDefault(candidate => candidate.Carrier == format.Carrier && candidate.Format == format.Name)?.Valid;

    private static string Change(string number, Random chance)
    {
        const string alphabet = "0123456789ABCDJKLSTXZ19";
        var text = number.ToList();
        for (var changes = chance.Next(4); changes > 0 && text.Count > 1; changes--)
        {
            var at = chance.Next(text.Count);
            switch (chance.Next(6))
            {
                case 0: text.RemoveAt(at); break;
                case 1: text.Insert(at, alphabet[chance.Next(10)]); break;
                case 2: text[at] = alphabet[chance.Next(alphabet.Length)]; break;
                default: text[at] = alphabet[chance.Next(10)]; break;
            }
        }
        return new string([.. text]);
    }
}
