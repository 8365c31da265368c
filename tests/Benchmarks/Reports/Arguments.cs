using System.Globalization;

namespace KeyAccountLogistics.Benchmarks.Reports;

/// <summary>Options of a bench's command line, <c>--name value</c>.</summary>
internal sealed class Arguments(string[] args)
{
    internal int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    internal string? Text(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
