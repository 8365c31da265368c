using System.CommandLine;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cli.Connection;
using CasesClient = KeyAccountLogistics.Api.Cases.V1.Cases.CasesClient;

namespace KeyAccountLogistics.Cli.Cases;

/// <summary><c>kal case open</c>: a complaint, a claim, a weight in dispute, or a key account that is slipping, opened by hand.</summary>
internal static class CaseOpenVerb
{
    public static Command Build()
    {
        var verb = new Command("open", "Opens a complaint, a claim, a weight case or a regress; whoever opens it does not decide what it costs.");
        var connection = ConnectionOptions.AddTo(verb);
        var kind = new Argument<string>("KIND") { Description = "complaint, claim, weight, or regress: a key account that is slipping." };
        kind.AcceptOnlyFromAmong("complaint", "claim", "weight", "regress");
        verb.Arguments.Add(kind);
        var subject = Text("--subject", "Parcel or waybill.");
        var account = Text("--account", "Regress: the key account. Complaint without a parcel: likewise; your own needs no name.");
        var reference = Text("--reference", "Complaint without a parcel: what it is about, such as \"T2 2026-10\". Regress: what shows it.");
        var channel = Text("--channel", "Complaint taken for a client: phone, mail or meeting.");
        var region = Text("--region", "Complaint: home (first answer within 12 hours) or elsewhere (24); not known counts as home.");
        var proof = Text("--proof", "Claim: the document that shows the value.");
        var serious = new Option<bool>("--serious") { Description = "Complaint: marked as serious." };
        var worth = new Option<decimal>("--worth") { Description = "Claim: the actual value of everything that the declared value covers." };
        var loss = new Option<decimal>("--loss") { Description = "Claim: the actual loss; of a total one leave it out." };
        var currency = new Option<string>("--currency") { Description = "Of worth and loss.", DefaultValueFactory = _ => "CNY" };
        foreach (var option in new Option[] { subject, account, reference, channel, region, serious, worth, loss, currency, proof }) verb.Options.Add(option);
        var (reason, note, command) = CaseVerbs.Said(verb, reasonRequired: true);
        verb.Runs(async (parsed, ct) =>
        {
            var request = new OpenCaseCommand
            {
                CommandId = CaseVerbs.IdOf(parsed.GetValue(command)), Kind = parsed.GetRequiredValue(kind), Subject = parsed.GetValue(subject), Reason = parsed.GetValue(reason), Note = parsed.GetValue(note),
                Account = parsed.GetValue(account), Reference = parsed.GetValue(reference), Channel = parsed.GetValue(channel), Region = parsed.GetValue(region), Serious = parsed.GetValue(serious),
            };
            if (request.Kind is "claim") request.Claim = Claimed(parsed.GetValue(worth), parsed.GetValue(loss), parsed.GetValue(currency)!, parsed.GetValue(proof)!);
            await using var backend = await connection.OpenAsync(parsed, ct);
            return await CaseVerbs.SayAsync(await new CasesClient(backend.Calls).OpenAsync(request, cancellationToken: ct), parsed.InvocationConfiguration);
        });
        return verb;
    }

    private static Option<string> Text(string name, string description) => new(name) { Description = description, DefaultValueFactory = _ => "" };

    private static ClaimFigures Claimed(decimal worth, decimal loss, string currency, string proof) =>
        new() { WorthMinor = CaseVerbs.MinorOf(worth, currency).Minor, LossMinor = CaseVerbs.MinorOf(loss, currency).Minor, Currency = currency, Proof = proof };
}
