using System.CommandLine;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cli.Contracts;

/// <summary><c>kal rate</c>, <c>kal audit</c> and <c>kal what-if</c>: a contract document at work on files. No backend is asked.</summary>
internal static class RatingVerbs
{
    public static Command Rate()
    {
        var verb = new Command("rate", $"Rates a CSV file of shipments by a contract document, one line for each. Columns: {RateFile.Columns}. Lines that cannot be read are refused with reason BAD_LINE. Exit code 1: some were refused.");
        var contract = Document("--contract", "The contract document (YAML; its tables beside it).");
        var shipments = Required("--shipments", "The shipments (CSV).");
        var json = Json("One JSON object a line.");
        var language = new Option<string>("--language") { Description = "Language of the sentences.", DefaultValueFactory = _ => "en" };
        language.AcceptOnlyFromAmong("en", "zh");
        var trace = new Option<bool>("--trace") { Description = "With --json: the trace of each price, from which it replays." };
        foreach (var option in new Option[] { contract, shipments, json, language, trace }) verb.Options.Add(option);
        verb.Runs((parsed, ct) =>
        {
            var said = parsed.InvocationConfiguration;
            var options = new RateFileOptions(parsed.GetValue(json), parsed.GetValue(language) is "zh", parsed.GetValue(trace));
            using var file = Opened(parsed.GetRequiredValue(shipments));
            var summary = Of(RateFile.Run(Read(parsed.GetRequiredValue(contract)), file, options, said.Output, Progress(said.Error), ct));
            said.Error.WriteLine($"\r{summary.Lines:N0} lines: {summary.Charged:N0} rated, {summary.Refused:N0} refused, {summary.Total} in all.");
            return Task.FromResult(summary.Refused > 0 ? ExitCode.Bad : ExitCode.Ok);
        });
        return verb;
    }

    public static Command Audit()
    {
        var verb = new Command("audit", "Holds an invoice (CSV) against a contract document, line by line: right, over, under, and why. Exit code 1: not every line is right.");
        var contract = Document("--contract", "The contract document (YAML; its tables beside it).");
        var invoice = Required("--invoice", "The invoice. Usual column names are recognised: AWB_Code, Charged_Weight (kg), Warehouse_Pincode, Customer_Pincode, Zone, Type_of_Shipment, Billing_Amount, and their like.");
        var weights = Optional("--weights", "Columns waybill,grams: what each really weighed. Without it the invoice's own weights.");
        var zones = Optional("--zones", "Columns origin,destination,zone. Without it the invoice's own zones, where the contract takes them as given.");
        var map = Optional("--map", "YAML or JSON for other invoices: {columns: {waybill: …, weight: …, billed: …}, weight_unit: g, words: {returned: [RTO]}, constants: {service: …}}.");
        var json = Json("One JSON object a line, the sums last.");
        foreach (var option in new Option[] { contract, invoice, weights, zones, map, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var said = parsed.InvocationConfiguration;
            using var invoiceFile = Opened(parsed.GetRequiredValue(invoice));
            using var weightFile = parsed.GetValue(weights) is { } w ? Opened(w) : null;
            using var zoneFile = parsed.GetValue(zones) is { } z ? Opened(z) : null;
            var files = new AuditFiles(invoiceFile, weightFile, zoneFile, parsed.GetValue(map) is { } m ? await GivenFile.TextAsync(m.FullName, mebiBytesMax: 1, ct) : null);
            var summary = Of(AuditFile.Run(Read(parsed.GetRequiredValue(contract)), files, parsed.GetValue(json), said.Output, ct));
            foreach (var note in summary.Notes) await said.Error.WriteLineAsync("kal: " + note);
            return summary.Over + summary.Under + summary.Refused > 0 ? ExitCode.Bad : ExitCode.Ok;
        });
        return verb;
    }

    public static Command WhatIf()
    {
        var verb = new Command("what-if", $"A past period's shipments under a draft, beside the contract that rated them: revenue, margin, change by account and lane. Columns: {RateFile.Columns}.");
        var contract = Document("--contract", "The draft.");
        var against = Document("--against", "The contract that rated the shipments.");
        var shipments = Required("--shipments", "The shipments (CSV).");
        var costs = Optional("--costs", "A contract document of what the carrier pays: gives the margin.");
        var json = Json("One JSON object.");
        foreach (var option in new Option[] { contract, against, shipments, costs, json }) verb.Options.Add(option);
        verb.Runs((parsed, ct) =>
        {
            var said = parsed.InvocationConfiguration;
            using var file = Opened(parsed.GetRequiredValue(shipments));
            var cost = parsed.GetValue(costs) is { } c ? Read(c) : null;
            var summary = Of(WhatIfFile.Run(Read(parsed.GetRequiredValue(contract)), Read(parsed.GetRequiredValue(against)), cost, file, Progress(said.Error), ct));
            said.Error.WriteLine();
            said.Output.WriteLine(parsed.GetValue(json) ? summary.ToJson() : summary.ToText());
            return Task.FromResult(summary.BadLines > 0 ? ExitCode.Bad : ExitCode.Ok);
        });
        return verb;
    }

    private static Option<FileInfo> Document(string name, string description) => Required(name, description);

    private static Option<FileInfo> Required(string name, string description) => new(name) { Description = description, Required = true, HelpName = "FILE" };

    private static Option<FileInfo?> Optional(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    private static Option<bool> Json(string description) => new("--json") { Description = description };

    private static Action<long> Progress(TextWriter error) => lines => error.Write($"\r{lines:N0} lines ");

    private static FileStream Opened(FileInfo file)
    {
        GivenFile.RequireFile(file.FullName);
        return file.OpenRead();
    }

    private static ContractOnFile Read(FileInfo file) => Of(ContractOnFile.Open(file.FullName));

    private static T Of<T>(Outcome<T> outcome) => outcome.IsOk ? outcome.Value : throw new UsageException(outcome.Fault.Message);
}
