using System.CommandLine;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cli.Connection;

namespace KeyAccountLogistics.Cli.Parcel;

/// <summary><c>kal label WAYBILL</c>: a parcel's waybill label as picture, PDF or printer commands.</summary>
internal static class LabelVerb
{
    public static Command Build()
    {
        var verb = new Command("label", "Prints a parcel's waybill label (PNG, PDF or ZPL); personal details are masked.");
        var connection = ConnectionOptions.AddTo(verb);
        var waybill = new Argument<string>("WAYBILL") { Description = "Waybill or parcel code, as scanned or typed." };
        var format = new Option<string>("--format") { Description = "png, pdf or zpl (a 203 dpi printer).", Required = true };
        var paper = new Option<string>("--paper") { Description = "100x150 or 76x130, millimetres.", DefaultValueFactory = _ => "100x150" };
        var language = new Option<string>("--language") { Description = "zh or en: the printed words.", DefaultValueFactory = _ => "zh" };
        var target = new Option<FileInfo?>("--out") { Description = "The file; standard output when not given.", HelpName = "FILE" };
        format.AcceptOnlyFromAmong("png", "pdf", "zpl");
        paper.AcceptOnlyFromAmong("100x150", "76x130");
        language.AcceptOnlyFromAmong("zh", "en");
        verb.Arguments.Add(waybill);
        foreach (var option in new Option[] { format, paper, language, target }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var request = new PrintLabelRequest
            {
                Code = parsed.GetRequiredValue(waybill), Format = parsed.GetRequiredValue(format), Paper = parsed.GetRequiredValue(paper), Language = parsed.GetRequiredValue(language),
            };
            await using var backend = await connection.OpenAsync(parsed, ct);
            var label = await new Labels.LabelsClient(backend.Calls).PrintAsync(request, cancellationToken: ct);
            if (parsed.GetValue(target) is { } file)
            {
                await File.WriteAllBytesAsync(file.FullName, label.Content.ToByteArray(), ct);
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{file.FullName}: label of {request.Code}, {label.Content.Length} bytes.");
                return ExitCode.Ok;
            }
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(label.Content.Memory, ct);
            return ExitCode.Ok;
        });
        return verb;
    }
}
