using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Published;
using KeyAccountLogistics.ServiceLevels.Reading;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;

namespace KeyAccountLogistics.ServiceLevels.Proving;

/// <summary>Computes an extract's score from its events and holds everything in it against everything else. Reads the file only; says each thing that does not fit.</summary>
internal sealed class CheckProof
{
    private const int FindingsMax = 100;
    private readonly List<string> _findings = [];
    private readonly ChainParts _chains = new();
    private readonly HashSet<(string Kind, string Code)> _seen = [];
    private long _events, _subjects, _more;

    private CheckProof()
    {
    }

    internal static async Task<Outcome<ProofAnswer>> RunAsync(Stream file, CancellationToken ct)
    {
        try
        {
            await using var zip = await ProofFile.OpenAsync(file, ct);
            return await new CheckProof().RunAsync(zip, ct);
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidProtocolBufferException or InvalidJsonException or JsonException or OverflowException or ArgumentException or InvariantBrokenException)
        {
            return new Fault.Invalid("file", "proof.unreadable", $"It is no extract that this program can read: {failure.Message}");
        }
    }

    private async Task<ProofAnswer> RunAsync(ZipArchive zip, CancellationToken ct)
    {
        var manifest = await ProofFile.ManifestAsync(zip, ct);
        if (manifest.Layout != MakeProof.Layout) throw new InvalidDataException($"its layout is {N(manifest.Layout)}, and this program reads {N(MakeProof.Layout)}.");
        await FilesAsync(zip, manifest, ct);
        var head = await ProofFile.MessageAsync<ProofHead>(zip, ProofFile.Head, ct);
        var terms = await ProofFile.MessageAsync<ProofTerms>(zip, ProofFile.Terms, ct);
        var asked = AskedPeriod.Read(head.Account, head.From, head.To);
        if (!asked.IsOk) throw new InvalidDataException(asked.Fault.Message);
        if (!Same(head.Account, terms.Account)) Find($"The terms are those of {terms.Account}, not of {head.Account}.");
        var documents = await DocumentsAsync(zip, terms, ct);
        var sums = await SubjectsAsync(zip, asked.Value, terms, ct);
        if (manifest.Subjects != _subjects) Find($"{N(_subjects)} parcels, orders and facts of service are there, and the manifest says {N(manifest.Subjects)}.");
        if (manifest.Events != _events) Find($"{N(_events)} events are there, and the manifest says {N(manifest.Events)}.");
        foreach (var broken in _chains.Broken()) Find(broken);
        var offline = new ProofTermsInForce(terms);
        var counted = ScoreViews.Of(asked.Value, new FindPlan(offline, offline).For(asked.Value.Account, asked.Value.To), sums);
        Compare(await ProofFile.MessageAsync<Card>(zip, ProofFile.Result, ct), counted);
        if (_more > 0) _findings.Add($"And {N(_more)} more.");
        return new ProofAnswer(
            head.Account, head.From, head.To, _findings.Count == 0, _findings, counted.Score, counted.Grade, counted.Reason, _subjects, _events, _chains.Sources, _chains.Links, _chains.Gaps, documents);
    }

    private async Task FilesAsync(ZipArchive zip, ProofManifest manifest, CancellationToken ct)
    {
        foreach (var (name, said) in manifest.Files)
        {
            var hash = await ProofFile.HashAsync(zip, name, ct);
            if (hash is null) Find($"{name} is missing.");
            else if (!Same(hash, said)) Find($"{name} was changed after the extract was made: its SHA-256 is not the manifest's.");
        }
        foreach (var entry in zip.Entries.Where(e => e.FullName is not ProofFile.Manifest && !manifest.Files.ContainsKey(e.FullName))) Find($"{entry.FullName} is not in the manifest.");
    }

    // The terms of a version with a document are what the document says; the dates may be shorter, since a later version or an ended agreement shortens them.
    private async Task<int> DocumentsAsync(ZipArchive zip, ProofTerms terms, CancellationToken ct)
    {
        var documents = 0;
        foreach (var entry in zip.Entries.Where(static e => e.FullName.StartsWith(ProofFile.Documents, StringComparison.Ordinal)))
        {
            var filed = await ProofFile.MessageAsync<ProofDocument>(zip, entry.FullName, ct);
            var name = $"{filed.Contract} v{N(filed.Version)}";
            if (ContractDocument.Read(filed.Yaml, static _ => null).Versions is not [var document])
            {
                Find($"The document of {name} cannot be read by this program.");
                continue;
            }
            documents++;
            if (!Same(document.Hash, filed.Sha256) || !Same(document.Contract, filed.Contract) || document.Version != filed.Version || !Same(document.Account, terms.Account)) Find($"The document of {name} is not the one whose hash was signed.");
            if (terms.Versions.FirstOrDefault(v => Same(v.Contract, filed.Contract) && v.Version == filed.Version) is { } used && document.Terms is { } said && !Fits(used, ProofTermsInForce.Version(said)))
                Find($"The promise that the figures read is not the one in the document of {name}.");
            if (terms.Plan is { } plan && Same(plan.Contract, filed.Contract) && plan.Version == filed.Version && !plan.Equals(ProofTermsInForce.Plan(document.Service)))
                Find($"The plan that scores is not the service clause in the document of {name}.");
        }
        return documents;
    }

    private static bool Fits(ProofVersion used, ProofVersion said) =>
        used.Promise == said.Promise && Same(used.Zone, said.Zone) && Same(used.DecidedBy, said.DecidedBy) && used.EndOfDay == said.EndOfDay && used.FromUs == said.FromUs && Same(used.Currency, said.Currency);

    private async Task<Dictionary<string, CounterSums>> SubjectsAsync(ZipArchive zip, AskedPeriod asked, ProofTerms terms, CancellationToken ct)
    {
        var (snapshot, counters) = (new ProofTermsInForce(terms).Now, new Counters());
        await foreach (var subject in ProofFile.SubjectsAsync(zip, ct))
        {
            _subjects++;
            if (!_seen.Add((subject.Kind, subject.Code))) Find($"{subject.Kind} {subject.Code} stands in the extract twice.");
            foreach (var e in subject.Events) Event(subject, e);
            counters.Add(ProofSubjects.Ask(subject, asked.Account, snapshot));
        }
        var sums = new Dictionary<string, CounterSums>(StringComparer.Ordinal);
        foreach (var (key, value) in counters.InOrder.Where(c => c.Key.Kind is CounterKind.All && c.Key.Day >= asked.FirstDay && c.Key.Day <= asked.LastDay && Same(c.Key.Account, asked.Account)))
            sums[key.Figure] = sums.GetValueOrDefault(key.Figure) + value;
        return sums;
    }

    private void Event(ProofSubject subject, ProofEvent filed)
    {
        _events++;
        var e = ProofSubjects.Read(filed);
        var name = $"Event {e.Id} of {subject.Kind} {subject.Code}";
        if (!e.IsWhole()) Find($"{name} is not what was journalled: its hash does not fit its content, times or predecessor.");
        var fact = ParcelEvent.Parser.ParseFrom(e.Body.Span);
        if (!fact.Id.Equals(filed.Id) || fact.Kind != e.Kind) Find($"{name} holds another event's fact.");
        if (subject.Kind is ProofSubjects.Order && !Same(fact.Reference, subject.Code)) Find($"{name} is another order's.");
        if (subject.Kind is ProofSubjects.Fact && !IsOf(subject, fact, e.Source)) Find($"{name} tells of another fact.");
        if (!_chains.Add(e)) Find($"{name} stands at a place of the chain {e.Source} where another event of the extract stands.");
    }

    // Told of under the same kind, account and name, or taking out what was; by this server or a file.
    private static bool IsOf(ProofSubject subject, ParcelEvent fact, string source) => ProofSubjects.SourceOf(source) is SourceKind.Server or SourceKind.Import
        && (FactKey.Of(fact) is { } key ? Same(key.Subject, FactKey.Prefix + subject.Code) : FactHistory.IsCorrection(fact) && subject.Events.Any(other => other.Id.Equals(fact.Corrects)));

    private void Compare(Card said, Card counted)
    {
        var (before, now) = (Flat(said), Flat(counted));
        foreach (var key in before.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            var (was, gives) = (before.GetValueOrDefault(key, ""), now.GetValueOrDefault(key, ""));
            if (!Same(was, gives)) Find($"{key}: the result says {Shown(was)}, the events give {Shown(gives)}.");
        }
    }

    // What was first published and when the figures were asked for does not follow from events.
    private static Dictionary<string, string> Flat(Card card)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["account"] = card.Account, ["period"] = $"{card.From} to {card.To}", ["contract"] = $"{card.Contract} v{N(card.ContractVersion)}", ["score"] = card.Score, ["grade"] = card.Grade, ["reason"] = card.Reason,
            ["knock-outs"] = string.Join(", ", card.KnockOuts), ["parcels"] = N(card.Parcels), ["excluded"] = N(card.Excluded), ["in doubt"] = N(card.InDoubt), ["hash of the plan"] = card.PlanHash,
        };
        foreach (var dimension in card.Dimensions)
        {
            (flat[$"{dimension.Dimension} score"], flat[$"{dimension.Dimension} weight"]) = (dimension.Score, dimension.Weight);
            foreach (var i in dimension.Indicators)
            {
                foreach (var field in IndicatorScore.Descriptor.Fields.InFieldNumberOrder().Where(static f => f.Name is not ("indicator" or "first_value")))
                    flat[$"{i.Indicator} {field.Name.Replace('_', ' ')}"] = Convert.ToString(field.Accessor.GetValue(i), CultureInfo.InvariantCulture) ?? "";
            }
        }
        return flat;
    }

    private void Find(string finding)
    {
        if (_findings.Count < FindingsMax) _findings.Add(finding);
        else _more++;
    }

    private static string Shown(string text) => text.Length > 0 ? text : "nothing";

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
