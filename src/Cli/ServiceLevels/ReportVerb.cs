using System.CommandLine;
using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Published;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary><c>kal score report</c>: an account's month as a file to send. PDF is printed here when this machine can, else by the backend.</summary>
internal static class ReportVerb
{
    internal static Command Build()
    {
        var verb = new Command("report", "Writes an account's month as a report to send: HTML, PDF or CSV.");
        var connection = ConnectionOptions.AddTo(verb);
        var account = new Option<string>("--account") { Description = "Key account.", Required = true };
        var month = Month();
        var language = new Option<string>("--language") { Description = "zh or en.", DefaultValueFactory = _ => "zh" };
        var format = new Option<string>("--format") { Description = "html, pdf or csv.", DefaultValueFactory = _ => "html" };
        var target = new Option<FileInfo>("--out") { Description = "The file; one that exists is replaced.", HelpName = "FILE", Required = true };
        language.AcceptOnlyFromAmong("zh", "en");
        format.AcceptOnlyFromAmong("html", "pdf", "csv");
        foreach (var option in new Option[] { account, month, language, format, target }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var (from, to) = DaysOf(parsed.GetRequiredValue(month));
            var pdf = parsed.GetRequiredValue(format) is "pdf";
            var here = pdf && PdfPrinter.Program is not null;
            var request = new ReportRequest { Account = parsed.GetRequiredValue(account), From = from, To = to, Language = parsed.GetRequiredValue(language), Format = here ? "html" : parsed.GetRequiredValue(format) };
            await using var backend = await connection.OpenAsync(parsed, ct);
            var report = await new Scorecards.ScorecardsClient(backend.Calls).ReportAsync(request, cancellationToken: ct);
            var content = here ? Printed(await PdfPrinter.PrintAsync(report.Content.ToStringUtf8(), ct)) : report.Content.ToByteArray();
            var file = parsed.GetRequiredValue(target);
            await File.WriteAllBytesAsync(file.FullName, content, ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}: {request.Account}, {from} to {to}, {content.Length} bytes."));
            return ExitCode.Ok;
        });
        return verb;
    }

    internal static Option<string> Month() => new("--month") { Description = "Such as 2026-10.", Required = true };

    /// <summary>First and last day of a month.</summary>
    internal static (string From, string To) DaysOf(string month)
    {
        if (!DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)) throw new UsageException($"--month {month} is no month such as 2026-10.");
        return (first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), first.AddMonths(1).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static byte[] Printed(Outcome<byte[]> pdf) => pdf.IsOk ? pdf.Value : throw new UsageException(pdf.Fault.Message);
}
