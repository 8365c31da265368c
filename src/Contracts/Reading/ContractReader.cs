using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>
/// Understands a contract document: one version of one contract. Strict: an unknown word, a missing field, a row that contradicts another or is never
/// reached is a mistake, and all mistakes are told at once, each with its line. What the document leaves out and the trade knows is filled in:
/// version 1, CNY, an open beginning (a draft), Asia/Shanghai, rounding by the step of the price.
/// </summary>
internal static class ContractReader
{
    internal const string ZoneDefault = "Asia/Shanghai";

    /// <summary>Reads a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="table">Gives the text of a table beside the document by its name; null when there is none.</param>
    internal static ContractReading Read(TermsNode document, Func<string, string?> table) => Read(document, table, known: null);

    /// <summary>The same, noting every field that is known (the published schema is held to it).</summary>
    internal static ContractReading Read(TermsNode document, Func<string, string?> table, ISet<string>? known)
    {
        if (document is not TermsNode.Map) return ContractReading.Of([new TermsMistake("", document.Mark, "must be a map that begins with contract and account.")]);
        var mistakes = new List<TermsMistake>();
        var tables = new TableNodes(table, mistakes);
        var map = (TermsNode.Map)tables.PutIn(document);
        var ofTables = mistakes.Count;
        var version = Read(new Section(map, "", mistakes, known));
        var told = mistakes.Where((m, i) => i < ofTables || !tables.FollowsFromTable(m)).Distinct().ToList();
        return told.Count == 0 ? ContractReading.Of(version!) : ContractReading.Of(told);
    }

    private static ContractVersion? Read(Section root)
    {
        var contract = root.Required<string>("contract", TermsText.Code, "the contract's number like KA-2026-0001");
        var version = root.Optional("version", TermsText.Whole(1, 1_000_000), "the contract's version, from 1", 1);
        var account = root.Required<string>("account", TermsText.Code, "the account's code, without blanks");
        var names = root.Child("name", required: false, "zh and en");
        var nameZh = names?.Optional<string>("zh", TermsText.Name, "the account's name in Chinese");
        var nameEn = names?.Optional<string>("en", TermsText.Name, "the account's name in English");
        names?.Close();
        var effective = root.Child("effective", required: false, "from and, once it is known, until");
        var from = effective?.Optional<Instant?>("from", TermsText.At, TermsText.InstantShape);
        var until = effective?.Optional<Instant?>("until", TermsText.At, TermsText.InstantShape);
        if (until <= from) effective!.Mistake("until", "must lie after from.");
        effective?.Close();
        var currency = root.Optional<string>("currency", TermsText.Currency, "an ISO 4217 code like CNY", "CNY");
        var shared = new Clauses(currency ?? "CNY");

        var tariffs = TariffsReader.Read(root, shared);
        var returns = TariffsReader.Returns(root, shared, tariffs);
        var surcharges = ExtrasReader.Surcharges(root, shared);
        var discounts = ExtrasReader.Discounts(root, shared);
        var insurance = ExtrasReader.Insurance(root, shared);
        var cod = ExtrasReader.Cod(root, shared);
        var freightCollect = ExtrasReader.FreightCollect(root, shared);
        var rebates = PeriodsReader.Rebates(root, shared);
        var commitments = PeriodsReader.Commitments(root, shared);
        var priceLock = PeriodsReader.PriceLock(root, shared);
        var guard = PeriodsReader.Guard(root, shared);
        var credit = PeriodsReader.Credit(root, shared);
        var renewal = PeriodsReader.Renewal(root, shared);
        var weight = AccountTermsReader.Weight(root, shared.Ids);
        var handover = AccountTermsReader.Handover(root, shared.Ids, shared.Currency);
        var promise = AccountTermsReader.Promise(root, shared.Ids, ZoneDefault);
        var dispatch = AccountTermsReader.Dispatch(root, shared.Ids);
        var service = PeriodsReader.Service(root, shared);
        var obligations = PeriodsReader.Obligations(root, shared);
        root.Close();
        if (promise is not null) PromiseCovers.EveryLane(tariffs, promise);
        if (contract is null || version is null || account is null || weight is null || handover is null || tariffs.IsEmpty) return null;
        return new ContractVersion
        {
            Contract = contract,
            Version = (uint)version.Value,
            Account = account,
            NameZh = nameZh ?? account,
            NameEn = nameEn ?? account,
            Currency = shared.Currency,
            EffectiveFrom = from,
            EffectiveUntil = until,
            Renewal = renewal,
            Tariffs = [.. tariffs.Select(t => t.Clause)],
            Returns = returns,
            Surcharges = surcharges,
            Discounts = discounts,
            Insurance = insurance,
            Cod = cod,
            FreightCollect = freightCollect,
            Rebates = rebates,
            Commitments = commitments,
            PriceLock = priceLock,
            Guard = guard,
            Credit = credit,
            Weight = weight,
            Handover = handover,
            Promise = promise,
            Dispatch = dispatch,
            Service = service,
            Obligations = obligations,
        };
    }
}
