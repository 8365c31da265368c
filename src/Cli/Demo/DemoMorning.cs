using System.Globalization;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>Makes a morning's parcels of the three demonstration accounts from a seed: mostly fine ones, and at least one of each story.</summary>
internal sealed class DemoMorning(LocalDate day, int seed)
{
    private static readonly WaybillScheme Waybills = WaybillScheme.Of("KAL");
    private static readonly string[] Destinations = ["310115", "330106", "330212", "320505", "440305", "110105", "510107", "420106"];
    private readonly Random _chance = new(seed);
    private int _serial = seed % 1000 * 1000;

    /// <summary>The next <paramref name="count"/> parcels, in the order in which they reach the scale.</summary>
    public IReadOnlyList<DemoParcel> Next(int count)
    {
        var parcels = new List<DemoParcel>(count);
        for (var i = 0; i < count; i++)
        {
            var story = StoryOf(i);
            parcels.Add(story == ParcelStory.Duplicate && parcels.LastOrDefault(one => one.Story == ParcelStory.Fine) is { } again
                ? again with { Story = ParcelStory.Duplicate }
                : Make(story == ParcelStory.Duplicate ? ParcelStory.Fine : story));
        }
        return parcels;
    }

    // Each story has its place in every sixteen parcels, so that a short demonstration shows all of them.
    private static ParcelStory StoryOf(int index) => (index % 16) switch
    {
        2 => ParcelStory.Overweight,
        4 => ParcelStory.Insured,
        5 => ParcelStory.Cod,
        7 => ParcelStory.Lightened,
        9 => ParcelStory.Duplicate,
        11 => ParcelStory.Unknown,
        12 => ParcelStory.Light,
        14 => ParcelStory.Unlabelled,
        _ => ParcelStory.Fine,
    };

    private DemoParcel Make(ParcelStory story)
    {
        var actual = Mass.FromGrams(_chance.Next(45, 900) * 10);
        var parcel = new DemoParcel(Waybills.Issue(day, _serial++).Text, AccountOf(story), _chance.Next(5) == 0 ? "express" : "standard", story, actual, actual)
        {
            Destination = Destinations[_chance.Next(Destinations.Length)],
            Fragile = _chance.Next(8) == 0,
        };
        return story switch
        {
            ParcelStory.Overweight => parcel with { Declared = actual, Actual = actual + Mass.FromGrams(620) },
            ParcelStory.Light => parcel with { Declared = actual + Mass.FromGrams(1_100) },
            ParcelStory.Insured => parcel with { DeclaredValueMinor = 320_000, Fragile = true, Seal = _chance.Next(100_000, 999_999).ToString(CultureInfo.InvariantCulture) },
            ParcelStory.Cod => parcel with { CodMinor = _chance.Next(5_000, 60_000) },
            ParcelStory.Lightened => parcel with { PickedUp = actual, Actual = actual - Mass.FromGrams(300) },
            ParcelStory.Unlabelled => parcel with { Code = "" },
            _ => _chance.Next(3) == 0 ? parcel with { Declared = actual - Mass.FromGrams(10) } : parcel,
        };
    }

    private string AccountOf(ParcelStory story) => story switch
    {
        ParcelStory.Insured => "YYSM-B",
        _ => _chance.Next(10) switch { < 6 => "HDDS-A", < 9 => "XYSP-C", _ => "YYSM-B" },
    };
}
