using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.Contracts;

/// <summary><c>kal contract import|versions|propose|approve|announce|sign|end</c>: the versions of an installation.</summary>
internal static class VersionVerbs
{
    private const int PageSize = 100;

    public static IEnumerable<Command> All() => [Import(), Versions(), Propose(), Approve(), Announce(), Sign(), End()];

    /// <summary>A version's document as the installation holds it; 0 = the newest.</summary>
    internal static async Task<ContractDocument> FetchAsync(BackendConnection backend, string contract, uint version, CancellationToken ct)
    {
        var view = await Client(backend).ReadAsync(new ReadVersionRequest { Contract = contract, Version = version }, cancellationToken: ct);
        var read = ContractDocument.Read(view.Document, static _ => null);
        return read.Versions is [var document] ? document : throw new UsageException($"This program cannot read {contract} as the backend writes it; use the one of the same version.");
    }

    private static Command Import()
    {
        var verb = new Command("import", "Makes drafts of contract documents, or replaces the text of drafts not proposed yet. A file with a mistake changes nothing.");
        var connection = ConnectionOptions.AddTo(verb);
        var files = new Argument<string[]>("FILE") { Description = "Contract documents (YAML); tables they name stand beside them.", Arity = ArgumentArity.OneOrMore };
        verb.Arguments.Add(files);
        verb.Runs(async (parsed, ct) =>
        {
            var said = parsed.InvocationConfiguration;
            var whole = parsed.GetRequiredValue(files).Select(file => (File: file, Whole: ContractFile.ReadWhole(file))).ToList();
            foreach (var (file, one) in whole.Where(w => !w.Whole.Read.Mistakes.IsEmpty)) ContractVerbs.Tell(file, one.Read, said.Error);
            if (whole.Exists(w => !w.Whole.Read.Mistakes.IsEmpty)) return ExitCode.Bad;
            await using var backend = await connection.OpenAsync(parsed, ct);
            foreach (var (file, one) in whole)
            {
                var document = new Document { Name = Path.GetFileName(file), Text = one.Text };
                document.Tables.AddRange(one.Tables.Select(t => new DocumentTable { Name = t.Key, Text = t.Value }));
                var reply = await Client(backend).ImportAsync(new ImportDocumentCommand { CommandId = NewCommand(), Document = document }, cancellationToken: ct);
                if (reply.Refused is { } refused) return await SayAsync(said.Error, refused);
                foreach (var mistake in reply.Wrong?.Mistakes_ ?? []) await said.Error.WriteLineAsync($"{mistake.File}: {mistake.Text}");
                if (reply.Wrong is not null) return ExitCode.Bad;
                foreach (var version in reply.Imported.Versions) await said.Output.WriteLineAsync(Line(version));
            }
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Versions()
    {
        var verb = new Command("versions", "Lists contract versions with their state, dates and hash.");
        var connection = ConnectionOptions.AddTo(verb);
        var account = new Option<string?>("--account") { Description = "Only this account's." };
        var contract = new Option<string?>("--contract") { Description = "Only this contract's." };
        var state = new Option<string?>("--state") { Description = "draft, proposed, approved, signed, in_force, superseded, ended, rejected, withdrawn or suspended." };
        foreach (var option in new Option[] { account, contract, state }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var ask = new ListVersionsRequest { Account = parsed.GetValue(account) ?? "", Contract = parsed.GetValue(contract) ?? "", State = parsed.GetValue(state) ?? "", PageSize = PageSize };
            while (true)
            {
                var page = await Client(backend).ListAsync(ask, cancellationToken: ct);
                foreach (var version in page.Versions) await parsed.InvocationConfiguration.Output.WriteLineAsync(Line(version));
                if ((ask.PageToken = page.NextPageToken).Length == 0) return ExitCode.Ok;
            }
        });
        return verb;
    }

    private static Command Propose()
    {
        var parcels = new Option<long>("--parcels") { Description = "Parcels expected a month.", Required = true };
        var revenue = new Option<decimal>("--revenue") { Description = "Revenue expected a month, major units.", Required = true };
        var margin = new Option<decimal?>("--margin") { Description = "Margin over cost, percent." };
        var compensation = new Option<decimal>("--compensation") { Description = "Compensation promised with it, major units." };
        var waiver = new Option<int>("--waiver-days") { Description = "Days by which a promise may be missed without consequence." };
        var note = new Option<string?>("--note") { Description = "For whoever decides." };
        return Step("propose", "Puts a draft, priced, before whoever has the authority.", [parcels, revenue, margin, compensation, waiver, note], (client, parsed, contract, version, ct) => client.ProposeAsync(
            new ProposeCommand
            {
                CommandId = NewCommand(), Contract = contract, Version = version, CompensationMinor = Minor(parsed.GetValue(compensation)), WaiverDays = parsed.GetValue(waiver), Note = parsed.GetValue(note) ?? "",
                Pricing = new Pricing
                {
                    ParcelsAMonth = parsed.GetValue(parcels), RevenueAMonthMinor = Minor(parsed.GetValue(revenue)), MarginPercent = parsed.GetValue(margin)?.ToString(CultureInfo.InvariantCulture) ?? "",
                },
            },
            cancellationToken: ct).ResponseAsync);
    }

    private static Command Approve() => Step("approve", "Approves a proposal within your authority, or passes it up.", [], static (client, _, contract, version, ct) =>
        client.ApproveAsync(new VersionCommand { CommandId = NewCommand(), Contract = contract, Version = version }, cancellationToken: ct).ResponseAsync);

    private static Command Announce()
    {
        var reference = new Option<string>("--reference") { Description = "Where the announcement can be read.", Required = true };
        var at = new Option<string?>("--at") { Description = "When it was made, RFC 3339; now when absent." };
        return Step("announce", "Records that a change was announced: ten days before a price rises (Market Measures 22).", [reference, at], (client, parsed, contract, version, ct) => client.AnnounceAsync(
            new AnnounceCommand { CommandId = NewCommand(), Contract = contract, Version = version, Reference = parsed.GetRequiredValue(reference), AnnouncedAtUs = At("--at", parsed.GetValue(at)) },
            cancellationToken: ct).ResponseAsync);
    }

    private static Command Sign()
    {
        var contact = new Option<string>("--for-client") { Description = "The contact of the account who signed for it (kal account show).", Required = true };
        var hash = new Option<string?>("--hash") { Description = "The hash of what was read; asked of the backend when absent, which signs what stands there." };
        var at = new Option<string?>("--at") { Description = "When it was signed on paper, RFC 3339; only the local administrator may date back." };
        return Step("sign", "Signs an approved version: it never changes from then on.", [contact, hash, at], async (client, parsed, contract, version, ct) =>
        {
            var read = parsed.GetValue(hash) is { } text ? ByteString.CopyFrom(Hash(text)) : (await client.ReadAsync(new ReadVersionRequest { Contract = contract, Version = version }, cancellationToken: ct)).Summary.Hash;
            var command = new SignCommand { CommandId = NewCommand(), Contract = contract, Version = version, Hash = read, ClientContact = parsed.GetRequiredValue(contact), SignedAtUs = At("--at", parsed.GetValue(at)) };
            return await client.SignAsync(command, cancellationToken: ct);
        });
    }

    private static Command End()
    {
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var at = new Option<string?>("--at") { Description = "When it ends, RFC 3339; now when absent." };
        return Step("end", "Ends a signed version: parcels accepted from then on fall under it no more.", [reason, at], (client, parsed, contract, version, ct) => client.EndAsync(
            new EndCommand { CommandId = NewCommand(), Contract = contract, Version = version, Reason = parsed.GetRequiredValue(reason), EndsAtUs = At("--at", parsed.GetValue(at)) }, cancellationToken: ct).ResponseAsync);
    }

    private static Command Step(
        string name, string description, Option[] options, Func<Api.Contracts.V1.Contracts.ContractsClient, ParseResult, string, uint, CancellationToken, Task<VersionReply>> act)
    {
        var verb = new Command(name, description);
        var connection = ConnectionOptions.AddTo(verb);
        var contract = new Argument<string>("CONTRACT") { Description = "The contract's number." };
        var version = new Argument<uint>("VERSION") { Description = "The version." };
        verb.Arguments.Add(contract);
        verb.Arguments.Add(version);
        foreach (var option in options) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var reply = await act(Client(backend), parsed, parsed.GetRequiredValue(contract), parsed.GetRequiredValue(version), ct);
            if (reply.Refused is { } refused) return await SayAsync(parsed.InvocationConfiguration.Error, refused);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Line(reply.Version.Summary));
            return ExitCode.Ok;
        });
        return verb;
    }

    internal static async Task<int> SayAsync(TextWriter error, Refusal refused)
    {
        await error.WriteLineAsync($"kal: Refused ({refused.Code}{(refused.Field.Length > 0 ? ", " + refused.Field : "")}): {refused.Message}");
        return ExitCode.Failed;
    }

    internal static ByteString NewCommand() => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));

    private static Api.Contracts.V1.Contracts.ContractsClient Client(BackendConnection backend) => new(backend.Calls);

    private static string Line(VersionSummary v) =>
        $"{v.Contract} v{v.Version}  {v.State,-10}  {v.Account,-12}  {Day(v.EffectiveFromUs),-20} {Day(v.EffectiveUntilUs),-20}  {Convert.ToHexStringLower(v.Hash.Span)}{(v.Awaiting.Length > 0 ? "  waits for " + v.Awaiting : "")}";

    private static string Day(long us) => us == 0 ? "open" : InstantPattern.General.Format(Clock.FromUnixMicros(us));

    private static long At(string option, string? text)
    {
        if (text is null) return 0;
        return OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } read ? read.Value.ToInstant().ToUnixMicros() : throw new UsageException($"{option} {text} is no moment; write it like 2026-07-01T00:00:00+08:00.");
    }

    private static byte[] Hash(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            throw new UsageException($"--hash {text} is not hexadecimal.");
        }
    }

    private static long Minor(decimal amount) => Money.TryFromAmount(amount, "CNY")?.Minor ?? throw new UsageException($"{amount.ToString(CultureInfo.InvariantCulture)} is no amount: at most two decimals.");
}
