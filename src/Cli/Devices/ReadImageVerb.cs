using System.CommandLine;
using System.Text;
using System.Text.Json;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.FirmwareAdapters.Cameras;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary><c>kal read-image FILE…</c>: the barcodes of pictures, one line a file.</summary>
internal static class ReadImageVerb
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Build()
    {
        var verb = new Command("read-image", "Reads the barcodes in pictures (PNG, JPEG, WebP).");
        var files = new Argument<string[]>("FILE") { Description = "Pictures; one line is printed for each.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        verb.Arguments.Add(files);
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            if (ReadCodes.Unavailable is { } why) throw new UsageException(why + ".");
            var (said, good) = (parsed.InvocationConfiguration.Output, true);
            foreach (var file in parsed.GetRequiredValue(files))
            {
                ct.ThrowIfCancellationRequested();
                var answer = ReadOne(file, TimeProvider.System);
                good &= answer.Error is null;
                await said.WriteLineAsync(parsed.GetValue(json) ? Json(answer) : Sentence(answer));
            }
            return good ? ExitCode.Ok : ExitCode.Bad;
        });
        return verb;
    }

    private static Answer ReadOne(string file, TimeProvider time)
    {
        var began = time.GetTimestamp();
        try
        {
            GivenFile.RequireFile(file);
            var codes = ReadCodes.Run(ImageFile.Read(file), ReadCodes.UsualBudget, time);
            return new Answer(file, codes, time.GetElapsedTime(began), null);
        }
        catch (Exception fault) when (fault is ImageFileException or UsageException or IOException or UnauthorizedAccessException)
        {
            return new Answer(file, [], time.GetElapsedTime(began), fault.Message);
        }
    }

    private static string Json(Answer answer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, OneLine))
        {
            json.WriteStartObject();
            json.WriteString("file", answer.File);
            json.WriteStartArray("codes");
            foreach (var code in answer.Codes)
            {
                json.WriteStartObject();
                json.WriteString("format", code.Format);
                json.WriteString("text", code.Text);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("ms", Math.Round((decimal)answer.Took.TotalMilliseconds, 1));
            if (answer.Error is { } error) json.WriteString("error", error);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static string Sentence(Answer answer) => answer switch
    {
        { Error: { } error } => $"{answer.File}: {error}",
        { Codes.Count: 0 } => $"{answer.File}: no code",
        _ => $"{answer.File}: {string.Join(", ", answer.Codes.Select(static c => $"{c.Format} {c.Text}"))}",
    };

    private sealed record Answer(string File, IReadOnlyList<PictureCode> Codes, TimeSpan Took, string? Error);
}
