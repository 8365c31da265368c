using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Holds;
using KeyAccountLogistics.Verdicts.Pairing;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>What a person does through the page: by hand, choosing, holding, waybill problems, signing in and out.</summary>
internal sealed partial class Station
{
    private const int ReasonLengthMax = 64;
    private static readonly Mass TypedMax = Mass.FromKilograms(1_000);
    private static readonly StationReply Busy = Refuse("busy", "The station does not keep up with its disk. Try again.");

    public Task<StationReply> EnterByHandAsync(EnterByHandRequest request) => RunAsync(() => OnceAsync(request.CommandId, () => EnteredAsync(request)), Busy);

    public Task<StationReply> ResolvePairingAsync(ResolvePairingRequest request) => RunAsync(() => OnceAsync(request.CommandId, () => ResolvedAsync(request)), Busy);

    public Task<StationReply> HoldParcelAsync(HoldParcelRequest request) => RunAsync(() => OnceAsync(request.CommandId, () => HeldAsync(request)), Busy);

    public Task<StationReply> ReportWaybillProblemAsync(ReportWaybillProblemRequest request) => RunAsync(() => OnceAsync(request.CommandId, () => ReportedAsync(request)), Busy);

    /// <summary>Begins a session for a person proved already; that of anybody else at this station ends. Null with the refusal when it cannot be journalled.</summary>
    public Task<(StationSession? Session, Refusal? Refused)> SignInAsync(StationPerson person, long validUntilMicros) => RunAsync<(StationSession?, Refusal?)>(async () =>
    {
        var facts = new List<ParcelEvent>();
        if (Person is { } before && !string.Equals(before.Person.Id, person.Id, StringComparison.Ordinal)) facts.Add(_facts.New(EventKind.SignedOut, before.Person.Id));
        facts.Add(_facts.New(EventKind.SignedIn, person.Id));
        var answer = await RecordAsync(facts);
        if (answer.Refused is { } refused) return (null, Refuse(refused).Refused);
        var (token, _, _) = _services.Sessions.Begin(person, Id);
        var session = new StationSession { Token = token, Person = person.Id, DisplayName = person.DisplayName, ValidUntilUs = validUntilMicros, Language = person.Language };
        session.Roles.AddRange(person.Roles);
        return (session, null);
    }, (null, Busy.Refused));

    public Task<bool> SignOutAsync(string person) => RunAsync(async () =>
    {
        if (Person is { } present && string.Equals(present.Person.Id, person, StringComparison.Ordinal)) await SignOutAsync();
        return true;
    }, false);

    /// <summary>A session ended by idleness or revocation: a fact like any sign-out.</summary>
    public void SessionEnded(string person) => Queue.TryPost(new StationInput.Act(async () => await RecordAsync(_facts.New(EventKind.SignedOut, person))));

    private async ValueTask<StationReply> EnteredAsync(EnterByHandRequest request)
    {
        if (FlawOfReason(request.Reason) is { } flaw) return flaw;
        if (request.MassMg < 0 || request.MassMg > TypedMax.Milligrams) return Refuse("mass_out_of_range", $"A typed weight is above zero and at most {TypedMax}.");
        var text = request.ParcelText.Length > 0 ? request.ParcelText : Present ?? "";
        if (MeaningOf(ScannedCode.From(text)).Parcel is not { } code) return Refuse("not_a_parcel", "This is no parcel's code; type the whole waybill number.", ("text", Short(text)));
        if (request.MassMg == 0)
        {
            var scan = new Scan { Text = Short(text), Typed = true, TypedReason = request.Reason };
            var scanned = await ParcelScannedAsync(code.Text, scan, "", _services.Clock.Elapsed, request.CommandId);
            return scanned is null ? Refuse(_refused!) : Done(scanned);
        }
        var weight = new Weight { MassMg = request.MassMg, Typed = true, TypedReason = request.Reason };
        var fact = await JudgeAsync(code.Text, weight, WeighReading.ByHand(Mass.FromMilligrams(request.MassMg)), "", request.CommandId, []);
        if (fact is null) return Refuse(_refused!);
        // A code that waited for a weight has got one: what lies on the scale is not this weighing's.
        if (_pairingOptions is not null && string.Equals(_pairing.Parcel, code.Text, StringComparison.Ordinal) && _pairing.Phase == PairingPhase.WaitingForWeight)
            await PairAsync(new PairingInput.Discard(_services.Clock.Elapsed));
        return Done(fact);
    }

    private async ValueTask<StationReply> ResolvedAsync(ResolvePairingRequest request)
    {
        if (_pairing.Phase != PairingPhase.Ambiguous) return Refuse("nothing_to_choose", "There is nothing to choose from at this station.");
        if (request.Parcel.Length == 0)
        {
            await PairAsync(new PairingInput.Discard(_services.Clock.Elapsed));
            return new StationReply { Done = new Done() };
        }
        if (!_pairing.Candidates.Contains(request.Parcel, StringComparer.Ordinal)) return Refuse("not_a_candidate", "This parcel is none of those scanned.", ("parcel", request.Parcel));
        await PairAsync(new PairingInput.Choose(_services.Clock.Elapsed, request.Parcel));
        if (_refused is { } refused) return Refuse(refused);
        return _weighings.Values.LastOrDefault(w => string.Equals(w.Parcel, request.Parcel, StringComparison.Ordinal)) is { } weighed ? Done(weighed) : new StationReply { Done = new Done() };
    }

    private async ValueTask<StationReply> HeldAsync(HoldParcelRequest request)
    {
        if (FlawOfReason(request.Reason) is { } flaw) return flaw;
        if (MeaningOf(ScannedCode.From(request.Parcel)).Parcel is not { } code) return Refuse("not_a_parcel", "This is no parcel's code.", ("text", Short(request.Parcel)));
        var fact = _facts.Held(code.Text, Actor, request.Reason, request.Place.Length > 0 ? Short(request.Place) : Configuration.HoldPlace, request.CommandId);
        return (await RecordAsync(fact)).Refused is { } refused ? Refuse(refused) : Done(fact);
    }

    private async ValueTask<StationReply> ReportedAsync(ReportWaybillProblemRequest request)
    {
        if (!TryReadProblem(request.Problem, out var problem)) return Refuse("problem_unknown", "A waybill is missing, damaged_slight, damaged_severe or illegible.", ("problem", Short(request.Problem)));
        string parcel;
        if (request.Parcel.Length > 0)
        {
            if (MeaningOf(ScannedCode.From(request.Parcel)).Parcel is not { } code) return Refuse("not_a_parcel", "This is no parcel's code.", ("text", Short(request.Parcel)));
            parcel = code.Text;
        }
        else if (problem == WaybillProblem.Missing)
        {
            parcel = TemporaryCode(request.CommandId);
        }
        else
        {
            return Refuse("parcel_missing", "Scan or type the parcel; only a waybill that has fallen off gets a temporary code.");
        }
        var fact = _facts.New(EventKind.WaybillProblem, Actor, parcel, request.CommandId);
        fact.Reason = request.Problem;
        fact.Place = request.Place;
        var facts = new List<ParcelEvent> { fact };
        if (Verdicts.Holds.WaybillProblems.HoldReason(problem) is { } hold)
            facts.Add(_facts.Held(parcel, Actor, hold, request.Place.Length > 0 ? Short(request.Place) : Configuration.HoldPlace));
        if ((await RecordAsync(facts)).Refused is { } refused) return Refuse(refused);
        Warn("put_apart", ("parcel", parcel), ("place", Configuration.HoldPlace));
        return Done(fact);
    }

    /// <summary>A code for a parcel without one, from the command's own id: the same report again names the same parcel.</summary>
    private static string TemporaryCode(ByteString command) => "TMP-" + Convert.ToHexString(command.Span[10..]);

    private static bool TryReadProblem(string text, out WaybillProblem problem)
    {
        foreach (var known in Enum.GetValues<WaybillProblem>())
        {
            problem = known;
            if (string.Equals(ReasonCode.Of(known), text, StringComparison.Ordinal)) return true;
        }
        problem = default;
        return false;
    }

    private static StationReply? FlawOfReason(string reason) =>
        reason.Length is 0 or > ReasonLengthMax || !reason.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? Refuse("reason_missing", "A reason is needed: a code of up to 64 letters, digits, '_' and '-'.") : null;

    private static string Short(string text) => text.Length <= 64 ? text : text[..64];
}
