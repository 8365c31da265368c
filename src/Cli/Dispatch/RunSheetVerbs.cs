using System.CommandLine;
using System.Globalization;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Cli.Connection;

namespace KeyAccountLogistics.Cli.Dispatch;

/// <summary><c>kal runsheet draw|show|list|print|release|close</c>: what a courier is given for one run.</summary>
internal static class RunSheetVerbs
{
    public static Command Build() => new("runsheet", "Run sheets: drawn up, handed over and released, closed when every parcel and every note is accounted for.")
    {
        Subcommands = { Draw(), Show(), List(), Print(), Release(), Close() },
    };

    private static Command Draw()
    {
        var verb = new Command("draw", "Draws a sheet up from a courier's run, or from the parcels named.");
        var connection = ConnectionOptions.AddTo(verb);
        var (depot, courier, parcels) = (new Argument<string>("DEPOT"), new Argument<string>("COURIER"), new Argument<string[]>("PARCEL") { Arity = ArgumentArity.ZeroOrMore });
        var (day, json) = (DispatchVerbs.DayOption(), DispatchVerbs.JsonOption());
        foreach (var argument in new Argument[] { depot, courier, parcels }) verb.Arguments.Add(argument);
        foreach (var option in new Option[] { day, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var command = new DrawUpSheetCommand
            {
                CommandId = DispatchVerbs.NewCommand(), Depot = parsed.GetRequiredValue(depot), Courier = parsed.GetRequiredValue(courier), Day = parsed.GetValue(day) ?? "", Parcels = { parsed.GetValue(parcels) ?? [] },
            };
            return await TellAsync(parsed, await Client(backend).DrawUpAsync(command, cancellationToken: ct), parsed.GetValue(json));
        });
        return verb;
    }

    private static Command Show()
    {
        var verb = new Command("show", "A sheet with what has become of each parcel and of the money.");
        var connection = ConnectionOptions.AddTo(verb);
        var (number, json) = (Number(), DispatchVerbs.JsonOption());
        verb.Arguments.Add(number);
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            await ShowAsync(parsed.InvocationConfiguration.Output, await Client(backend).GetAsync(new GetSheetRequest { Number = parsed.GetRequiredValue(number) }, cancellationToken: ct), parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command List()
    {
        var verb = new Command("list", "The sheets of a depot's day.");
        var connection = ConnectionOptions.AddTo(verb);
        var (depot, day) = (new Argument<string>("DEPOT"), DispatchVerbs.DayOption());
        verb.Arguments.Add(depot);
        verb.Options.Add(day);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var reply = await Client(backend).ListAsync(new ListSheetsRequest { Depot = parsed.GetRequiredValue(depot), Day = parsed.GetValue(day) ?? "" }, cancellationToken: ct);
            foreach (var sheet in reply.Sheets) await parsed.InvocationConfiguration.Output.WriteLineAsync(Head(sheet));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Print()
    {
        var verb = new Command("print", "Writes a sheet as a page to print (HTML, A4), with room for both signatures.");
        var connection = ConnectionOptions.AddTo(verb);
        var number = Number();
        var file = new Option<string>("--out") { Description = "The file to write.", Required = true };
        var language = new Option<string>("--language") { Description = "zh or en.", DefaultValueFactory = _ => "zh" };
        language.AcceptOnlyFromAmong("zh", "en");
        verb.Arguments.Add(number);
        foreach (var option in new Option[] { file, language }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var page = await Client(backend).PrintAsync(new PrintSheetRequest { Number = parsed.GetRequiredValue(number), Language = parsed.GetValue(language) ?? "" }, cancellationToken: ct);
            await File.WriteAllBytesAsync(parsed.GetRequiredValue(file), page.Content.ToByteArray(), ct);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Release()
    {
        var verb = new Command("release", "Lets a sheet go out by the handover that both have signed.");
        var connection = ConnectionOptions.AddTo(verb);
        var (number, handover, json) = (Number(), new Argument<string>("HANDOVER"), DispatchVerbs.JsonOption());
        foreach (var argument in new[] { number, handover }) verb.Arguments.Add(argument);
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var command = new ReleaseSheetCommand { CommandId = DispatchVerbs.NewCommand(), Number = parsed.GetRequiredValue(number), Handover = parsed.GetRequiredValue(handover) };
            return await TellAsync(parsed, await Client(backend).ReleaseAsync(command, cancellationToken: ct), parsed.GetValue(json));
        });
        return verb;
    }

    private static Command Close()
    {
        var verb = new Command("close", "Closes a sheet in the evening.");
        var connection = ConnectionOptions.AddTo(verb);
        var (number, json) = (Number(), DispatchVerbs.JsonOption());
        verb.Arguments.Add(number);
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            return await TellAsync(parsed, await Client(backend).CloseAsync(new CloseSheetCommand { CommandId = DispatchVerbs.NewCommand(), Number = parsed.GetRequiredValue(number) }, cancellationToken: ct), parsed.GetValue(json));
        });
        return verb;
    }

    private static Argument<string> Number() => new("NUMBER") { Description = "The sheet's number: RS-SHA01-20261012-1." };

    private static RunSheets.RunSheetsClient Client(BackendConnection backend) => new(backend.Calls);

    private static async Task<int> TellAsync(ParseResult parsed, SheetReply reply, bool json)
    {
        var said = parsed.InvocationConfiguration;
        if (reply.Refused is { } refused) return await DispatchVerbs.RefusedAsync(said.Error, refused.Code, refused.Message, refused.Parcels);
        await ShowAsync(said.Output, reply.Sheet, json);
        return ExitCode.Ok;
    }

    private static async Task ShowAsync(TextWriter output, SheetView sheet, bool json)
    {
        if (json)
        {
            await DispatchVerbs.SayAsync(output, sheet);
            return;
        }
        await output.WriteLineAsync(Head(sheet));
        await output.WriteLineAsync($"  vehicle {sheet.VehicleStanding}{string.Concat(sheet.VehicleFailed.Select(g => " " + g))}; cash brought {Amount(sheet.CashExpectedMinor, sheet.Currency)}, with the courier {Amount(sheet.CashOpenMinor, sheet.Currency)}");
        foreach (var (title, lines) in new[] { ("insured, one by one", sheet.Insured), ("ordinary", sheet.Ordinary) })
        {
            if (lines.Count > 0) await output.WriteLineAsync($"  {title}");
            foreach (var l in lines)
            {
                var money = l.CodMinor + l.FreightCollectMinor == 0 ? "" : $"  COD {Amount(l.CodMinor, l.Currency)}, freight {Amount(l.FreightCollectMinor, l.Currency)}";
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"    {l.Position,3}  {l.Parcel}  {l.Account}{money}{(l.Seal.Length > 0 ? "  seal " + l.Seal : "")}  {l.End} {l.Reason} {l.Action}").TrimEnd());
            }
        }
    }

    private static string Head(SheetView s) =>
        string.Create(CultureInfo.InvariantCulture, $"{s.Number}  {s.Courier}  {s.Vehicle}  {s.State}  {s.Parcels} parcels  COD {Amount(s.CodMinor, s.Currency)}  freight {Amount(s.FreightCollectMinor, s.Currency)}");

    private static string Amount(long minor, string currency) => currency.Length == 0 ? "0" : new Kernel.Money(minor, currency).ToString();
}
