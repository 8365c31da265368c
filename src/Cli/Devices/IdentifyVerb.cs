using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Kernel.Carriers;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary><c>kal identify TEXT</c>: whose number a text may be, best first. Nothing is asked of a backend or of a carrier.</summary>
internal static class IdentifyVerb
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Build()
    {
        var verb = new Command("identify", "Says whose number a text may be: own waybills, S10, SSCC, GS1 Digital Link, and the formats of other carriers; best first.");
        var text = new Argument<string[]>("TEXT") { Description = "What a label says, a scanner sent or a person typed; blanks do not count.", Arity = ArgumentArity.OneOrMore };
        var prefix = new Option<string[]>("--prefix") { Description = "The three letters of this installation's own waybills; may be given several times. KAL when absent." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Arguments.Add(text);
        verb.Options.Add(prefix);
        verb.Options.Add(json);
        verb.Runs((parsed, _) =>
        {
            var candidates = TrackingNumbers.Identify(string.Join(' ', parsed.GetRequiredValue(text)), Scheme(parsed.GetValue(prefix)));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(Write(candidates));
            else Tell(candidates, output);
            return Task.FromResult(candidates is [{ Valid: true }, ..] ? ExitCode.Ok : ExitCode.Bad);
        });
        return verb;
    }

    private static WaybillScheme Scheme(string[]? prefixes)
    {
        try
        {
            return prefixes is [var first, .. var others] ? WaybillScheme.Of(first, others) : WaybillScheme.Of("KAL");
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary><c>{"candidates":[{"carrier":"ups","format":"UPS","valid":true,"parts":{…},"check_digit":true}]}</c></summary>
    internal static string Write(IReadOnlyList<NumberCandidate> candidates)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteStartArray("candidates");
            foreach (var candidate in candidates)
            {
                json.WriteStartObject();
                json.WriteString("carrier", candidate.Carrier);
                json.WriteString("format", candidate.Format);
                json.WriteBoolean("valid", candidate.Valid);
                json.WriteStartObject("parts");
                foreach (var part in candidate.Parts.DistinctBy(part => part.Name, StringComparer.Ordinal)) json.WriteString(part.Name, part.Value);
                json.WriteEndObject();
                json.WriteBoolean("check_digit", candidate.HasCheck);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Tell(IReadOnlyList<NumberCandidate> candidates, TextWriter output)
    {
        if (candidates.Count == 0) output.WriteLine("No format known here has this shape: a carrier's own order number, or misread.");
        foreach (var candidate in candidates)
        {
            var standing = candidate switch { { Valid: false } => "does not hold: misread, mistyped, or another format", { HasCheck: false } => "fits; no check digit, so a misread cannot be told", _ => "holds" };
            output.WriteLine($"{candidate.Carrier,-14} {candidate.Format,-26} {standing}");
            foreach (var part in candidate.Parts) output.WriteLine($"{"",-14}   {part.Name}: {part.Value}");
        }
    }
}
