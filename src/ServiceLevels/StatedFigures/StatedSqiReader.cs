using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Sqi;

namespace KeyAccountLogistics.ServiceLevels.StatedFigures;

/// <summary>Reads <c>{"profile": "B", "shipments": 425000, "failures": {"lost": 2, …}}</c>; without a profile it is A, <c>weights</c> in its place state one of the file's own.</summary>
internal static class StatedSqiReader
{
    // Points per thousand with their decimals stay within what a decimal holds, whatever is counted.
    private const decimal WeightMax = 10_000m;

    internal static SqiFigures Read(StatedObject file)
    {
        file.Labels("account", "contract", "day", "period", "note");
        var profile = Profile(file);
        var shipments = file.Whole("shipments") ?? throw file.Mistake("shipments", "it is missing.");
        var given = file.Required("failures");
        var failures = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var component in given.Names)
        {
            if (!SqiComponents.Known.Contains(component) && !profile.Weights.ContainsKey(component)) throw given.Mistake(component, $"it is no component of the index; known are {string.Join(", ", SqiComponents.Known)}.");
            failures[component] = given.Whole(component)!.Value;
        }
        file.Close("profile, weights, shipments, failures, account, contract, day, period and note");
        return WeighFailures.Of(profile, new(shipments, failures.ToImmutable()));
    }

    private static SqiProfile Profile(StatedObject file)
    {
        var code = file.Text("profile");
        if (file.Object("weights") is not { } own)
            return code is null ? SqiProfile.A : SqiProfile.Known.FirstOrDefault(p => string.Equals(p.Code, code, StringComparison.Ordinal))
                ?? throw file.Mistake("profile", $"it is not known; known are {string.Join(", ", SqiProfile.Known.Select(p => p.Code))}, or say weights in its place.");
        if (code is not null) throw file.Mistake("weights", "they stand beside a profile; say one or the other.");
        var weights = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        foreach (var component in own.Names)
        {
            if (component.Length is 0 or > 40 || component.AsSpan().IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789_") >= 0) throw own.Mistake(component, "it is no name of a component: small letters, digits and _, at most 40.");
            if (own.Count(component)!.Value is not (> 0 and <= WeightMax) and var weight) throw own.Mistake(component, FormattableString.Invariant($"{weight} is out of range: above 0, at most {WeightMax}."));
            weights[component] = own.Count(component)!.Value;
        }
        return new("own", 1, "stated in the file", "由文件给出", false, weights.ToImmutable());
    }
}
